"""NetworkPolicies: everything is denied in an app's namespace until a construct allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs.kube_object import KubeObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from lib.config import Cluster

API_VERSION = "networking.k8s.io/v1"
# RFC 1918, shared address space (RFC 6598), link-local.
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16")
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
        f"default-deny-{namespace}",
        name="default-deny",
        namespace=namespace,
        selector={},
        ingress=[],
        egress=[TO_DNS] if deny_egress else None,
    )


def from_traefik(cluster: Cluster, *, port: int) -> dict[str, Any]:
    """Allow what Traefik forwards to one port; it uses its node's network."""
    return from_nodes(cluster, port=port)


def from_nodes(cluster: Cluster, *, port: int) -> dict[str, Any]:
    """Allow what the nodes themselves send to one port: Traefik, the API server, a mount.

    A policy cannot select what uses its node's network. Such packets carry a node's address, or
    the address of a node's overlay interface, which lies in the pod network; so both networks are
    let in, to this port alone (docs/decisions/0006-traffic-from-traefik.md).
    """
    networks = (cluster.network.node_cidr, cluster.network.pod_cidr)
    return {
        "from": [{"ipBlock": {"cidr": str(network)}} for network in networks],
        "ports": [{"protocol": "TCP", "port": port}],
    }


def to_kube_api(cluster: Cluster) -> dict[str, Any]:
    """Allow calls of the Kubernetes API; policies see a server's address behind the Service's."""
    return {
        "to": [{"ipBlock": {"cidr": f"{address}/32"}} for address in cluster.server_addresses],
        "ports": [{"protocol": "TCP", "port": 6443}],
    }


def to_internet(cluster: Cluster, *ports: int, protocol: str = "TCP") -> dict[str, Any]:
    """Allow calls to ports of public addresses: none of the cluster's own, none of a private net.

    Beside nodes, pods and Services that leaves out the router's VPN, and what a cloud answers about
    its machines at 169.254.169.254.
    """
    own = (cluster.network.node_cidr, cluster.network.pod_cidr, cluster.network.service_cidr)
    left_out = [*PRIVATE, *map(str, own)]
    return {
        "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": list(dict.fromkeys(left_out))}}],
        "ports": [{"protocol": protocol, "port": port} for port in ports],
    }
