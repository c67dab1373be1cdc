"""What has to hold between the networks of a cluster."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from lib.config.cluster import FIRST_AGENT
from lib.config.problems import KeyPath, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lib.config.cluster import Cluster

Rule: TypeAlias = "Callable[[Cluster], Iterator[Problem]]"

_NODES: KeyPath = ("network", "node_cidr")
_PODS: KeyPath = ("network", "pod_cidr")
_SERVICES: KeyPath = ("network", "service_cidr")
_VPN: KeyPath = ("sakura", "vpn", "cidr")

_PRIVATE = tuple(IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_WIDEST, _NARROWEST = 16, 23
_NODE_PREFIX = 24


def private_networks(cluster: Cluster) -> Iterator[Problem]:
    """Networks behind the router are RFC 1918's: others belong to someone on the internet."""
    for path, network in _networks(cluster):
        if not any(network.subnet_of(private) for private in _PRIVATE):
            yield Problem(
                rule="private-networks",
                path=path,
                what="is not a private network",
                given=str(network),
                use="choose one inside " + ", ".join(map(str, _PRIVATE)),
            )


def node_network_width(cluster: Cluster) -> Iterator[Problem]:
    """Agents begin at host 257, beyond a /24; the VPC router takes no network wider than /16."""
    network = cluster.network.node_cidr
    if wide_enough(cluster):
        return
    what = "is wider than the VPC router's private network can be"
    against: tuple[KeyPath, ...] = ()
    if network.prefixlen > _NARROWEST:
        last = FIRST_AGENT + max(cluster.agents.count, 1) - 1
        what, against = f"has no room for agents up to host {last}", (("agents", "count"),)
    yield Problem(
        rule="node-network-width",
        path=_NODES,
        what=what,
        given=f"{network} (hosts 1 to {max(network.num_addresses - 2, 0)})",
        use=f"choose a network from /{_WIDEST} to /{_NARROWEST}, such as 192.168.0.0/22",
        against=against,
    )


def cidr_overlap(cluster: Cluster) -> Iterator[Problem]:
    """An address in two networks can be routed to only one of them."""
    for (path, network), (other_path, other) in combinations(_networks(cluster), 2):
        if network.overlaps(other):
            yield Problem(
                rule="cidr-overlap",
                path=other_path,
                what="overlaps another network",
                given=f"{other} and {network}",
                use="move one of them",
                against=(path,),
            )


def pod_network_room(cluster: Cluster) -> Iterator[Problem]:
    """Kubernetes gives each node a /24 of the pod network."""
    pods = cluster.network.pod_cidr
    room = 2 ** (_NODE_PREFIX - pods.prefixlen) if pods.prefixlen <= _NODE_PREFIX else 0
    count = cluster.servers.count + cluster.agents.count
    if count > room:
        yield Problem(
            rule="pod-network-room",
            path=_PODS,
            what=f"has a /24 for {room} nodes, and there are {count}",
            given=str(pods),
            use="choose a wider one, such as 10.42.0.0/16",
            against=(("servers", "count"), ("agents", "count")),
        )


def service_network_size(cluster: Cluster) -> Iterator[Problem]:
    """kube-apiserver refuses a Service network wider than /12; a small one runs full."""
    services = cluster.network.service_cidr
    if not 12 <= services.prefixlen <= _NODE_PREFIX:  # noqa: PLR2004 - kube-apiserver's limit
        yield Problem(
            rule="service-network-size",
            path=_SERVICES,
            what="is too wide or too narrow for Services",
            given=str(services),
            use="choose from /12 to /24, such as 10.43.0.0/16",
        )


def public_address(cluster: Cluster) -> Iterator[Problem]:
    """Visitors cannot reach a private, local or multicast address."""
    address = cluster.public_address
    local = address.is_loopback or address.is_link_local or address.is_multicast
    private = any(address in network for network in _PRIVATE)
    if local or private or address.is_unspecified or address.packed[0] in (0, 255):
        yield Problem(
            rule="public-address",
            path=("public_address",),
            what="cannot be reached from the internet",
            given=str(address),
            use="give one of the internet router's addresses",
        )


def wide_enough(cluster: Cluster) -> bool:
    """Tell whether the node network holds every address of the plan."""
    return _WIDEST <= cluster.network.node_cidr.prefixlen <= _NARROWEST


def _networks(cluster: Cluster) -> list[tuple[KeyPath, IPv4Network]]:
    network, vpn = cluster.network, cluster.sakura.vpn
    networks = [
        (_NODES, network.node_cidr),
        (_PODS, network.pod_cidr),
        (_SERVICES, network.service_cidr),
    ]
    return [*networks, (_VPN, vpn.cidr)] if vpn else networks


NETWORK_RULES: tuple[Rule, ...] = (
    private_networks,
    node_network_width,
    cidr_overlap,
    pod_network_room,
    service_network_size,
    public_address,
)
