"""cert-manager's chart and its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import Resources, spread

if TYPE_CHECKING:
    from lib.config import Cluster

REPO = "https://charts.jetstack.io"
# renovate: datasource=helm depName=cert-manager registryUrl=https://charts.jetstack.io
CHART_VERSION = "v1.21.1"
# The DNS provider's credential, in the namespace cert-manager.
DNS_SECRET = "dns"  # noqa: S105 - its name


def cert_manager_values(cluster: Cluster) -> dict[str, Any]:
    """Values of the chart cert-manager (deploy/charts/cert-manager/values.yaml).

    The chart's own security contexts satisfy Pod Security "restricted".
    """
    return {
        # Kept even if the release goes: with the definitions every certificate would go.
        "crds": {"enabled": True, "keep": True},
        "global": {
            "priorityClassName": "system-cluster-critical",
            "leaderElection": {"namespace": "cert-manager"},
        },
        # Two resolvers that see the zone as Let's Encrypt does, and not the cluster's own, which
        # would remember that the record was not there yet.
        "dns01RecursiveNameservers": "1.1.1.1:53,8.8.8.8:53",
        "dns01RecursiveNameserversOnly": True,
        **_pods(cluster, "controller", memory="64Mi", memory_limit="512Mi"),
        "webhook": _pods(cluster, "webhook", memory="32Mi", memory_limit="128Mi"),
        "cainjector": _pods(cluster, "cainjector", memory="64Mi", memory_limit="512Mi"),
        # It would fail the release when images come slowly, and nothing waits for it: RKE2 and
        # Argo CD both repeat what the webhook could not take yet.
        "startupapicheck": {"enabled": False},
    }


def _pods(cluster: Cluster, component: str, *, memory: str, memory_limit: str) -> dict[str, Any]:
    """Two of each on different nodes, of which a drain takes one at a time."""
    labels = {
        "app.kubernetes.io/instance": "cert-manager",
        "app.kubernetes.io/component": component,
    }
    return {
        "replicaCount": min(2, len(cluster.workload_nodes)),
        "podDisruptionBudget": {
            "enabled": True,
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
        "topologySpreadConstraints": spread(labels),
        "resources": Resources(cpu="10m", memory=memory, memory_limit=memory_limit).spec(),
    }
