"""The pod network: what Canal or Cilium, as RKE2 ships them, have to be told here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import AppChart, HelmChartConfig

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster


class Cni(AppChart):
    """Values for the chart that RKE2 installs itself; they have to be there when it first does."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "cni", cluster=cluster, project="platform", namespace=None)
        cni = cluster.rke2.cni
        values = canal_values(cluster) if cni == "canal" else cilium_values()
        HelmChartConfig(self.bootstrap, f"rke2-{cni}", cluster=cluster, values=values)


def canal_values(cluster: Cluster) -> dict[str, Any]:
    """Values of RKE2's chart rke2-canal (rancher/rke2-charts)."""
    # Else Flannel takes the interface of the default route, at a moment when there may be none.
    return {"flannel": {"iface": cluster.network.interface}}


def cilium_values() -> dict[str, Any]:
    """Values of RKE2's chart rke2-cilium (rancher/rke2-charts); kube-proxy stays beside it.

    Nothing of this cluster: Cilium finds the interface by the node's address.
    """
    return {
        # Else a policy's address ranges match no node, and Traefik, which uses its node's network,
        # could not reach a single pod (docs/decisions/0006-traffic-from-traefik.md).
        "policyCIDRMatchMode": ["nodes"],
        # The chart's own, and the servers' taint: without the operator no node of the first
        # minutes, which are all servers, would ever become ready.
        "operator": {
            "tolerations": [
                {"key": key, "operator": "Exists"}
                for key in (
                    "CriticalAddonsOnly",
                    "node-role.kubernetes.io/control-plane",
                    "node-role.kubernetes.io/etcd",
                    "node.cloudprovider.kubernetes.io/uninitialized",
                    "node.kubernetes.io/not-ready",
                )
            ]
        },
    }
