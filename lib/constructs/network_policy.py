"""NetworkPolicies: everything is denied in an app's namespace until a construct allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs.kube_object import KubeObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from lib.config import Cluster

API_VERSION = "networking.k8s.io/v1"
TO_DNS = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")],
}


class NetworkPolicy(KubeObject):
    """Allows traffic of the pods that ``selector`` selects.

    Args:
        scope: The construct it belongs to.
        id: Unique in ``scope``.
        name: The object's name.
        selector: Labels of the pods; empty for all pods of the namespace.
        ingress: Rules for traffic in; None leaves it to other policies.
        egress: Rules for traffic out; None leaves it to other policies.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        name: str,
        selector: Mapping[str, str],
        ingress: Sequence[Mapping[str, Any]] | None = None,
        egress: Sequence[Mapping[str, Any]] | None = None,
        namespace: str | None = None,
    ) -> None:
        spec: dict[str, Any] = {
            "podSelector": {"matchLabels": dict(selector)} if selector else {},
            "policyTypes": [
                *(["Ingress"] if ingress is not None else []),
                *(["Egress"] if egress is not None else []),
            ],
        }
        if ingress:
            spec["ingress"] = [dict(rule) for rule in ingress]
        if egress:
            spec["egress"] = [dict(rule) for rule in egress]
        super().__init__(
            scope,
            id,
            api_version=API_VERSION,
            kind="NetworkPolicy",
            name=name,
            namespace=namespace,
            body={"spec": spec},
        )


def default_deny(scope: Construct, namespace: str, *, deny_egress: bool) -> None:
    """Deny all traffic of a namespace's pods, but questions to the cluster's DNS."""
    NetworkPolicy(
        scope,
        "default-deny",
        name="default-deny",
        namespace=namespace,
        selector={},
        ingress=[],
        egress=[TO_DNS] if deny_egress else None,
    )


def from_traefik(cluster: Cluster, *, port: int) -> dict[str, Any]:
    """Allow what Traefik forwards to one port.

    Traefik uses its node's network, so a policy cannot select its pods. Its packets carry a node's
    address, or the address of a node's overlay interface, which lies in the pod network; so both
    networks are let in, to this port alone (docs/decisions/0006-traffic-from-traefik.md).
    """
    networks = (cluster.network.node_cidr, cluster.network.pod_cidr)
    return {
        "from": [{"ipBlock": {"cidr": str(network)}} for network in networks],
        "ports": [{"protocol": "TCP", "port": port}],
    }
