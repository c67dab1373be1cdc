"""What has to hold between the addresses of what is not a node: router, load balancer, NFS, VPN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.config.cluster import RESERVED
from lib.config.network_rules import Rule, wide_enough
from lib.config.problems import KeyPath, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address

    from lib.config.cluster import Cluster

_NODES: KeyPath = ("network", "node_cidr")
_VPN: KeyPath = ("sakura", "vpn", "cidr")


def address_in_network(cluster: Cluster) -> Iterator[Problem]:
    """Router, load balancer and NFS appliance stand in the node network."""
    network = cluster.network.node_cidr
    for path, address in _given(cluster):
        if address not in network:
            yield Problem(
                rule="address-in-network",
                path=path,
                what="lies outside the node network",
                given=f"{address}, outside {network}",
                use=_reserved_use(cluster),
                against=(_NODES,),
            )


def address_in_reserved_range(cluster: Cluster) -> Iterator[Problem]:
    """Hosts 3 to 10 are kept free of nodes for what is not a node."""
    network = cluster.network.node_cidr
    for path, address in _given(cluster):
        number = int(address) - int(network.network_address)
        if address in network and number not in RESERVED:
            yield Problem(
                rule="address-in-reserved-range",
                path=path,
                what=f"is host {number} of the node network, which is not kept free for it",
                given=str(address),
                use=_reserved_use(cluster),
            )


def address_used_twice(cluster: Cluster) -> Iterator[Problem]:
    """Two machines with one address take each other's traffic."""
    if not wide_enough(cluster):
        return
    seen: dict[IPv4Address, KeyPath] = {}
    for path, address in (*_given(cluster), *_defaults(cluster)):
        if address in seen:
            first, second = seen[address], path
            yield Problem(
                rule="address-used-twice",
                path=second,
                what=f"has the address {address} too",
                given=str(address),
                use=_reserved_use(cluster),
                against=(first,),
            )
        seen.setdefault(address, path)


def load_balancer_machines(cluster: Cluster) -> Iterator[Problem]:
    """The standard load balancer is one machine, the highspec one two."""
    balancer = cluster.sakura.load_balancer
    wanted = 1 if balancer.plan == "standard" else 2
    if balancer.addresses is not None and len(balancer.addresses) != wanted:
        yield Problem(
            rule="load-balancer-machines",
            path=("sakura", "load_balancer", "addresses"),
            what=f"has to hold {wanted} for the plan {balancer.plan}",
            given=", ".join(map(str, balancer.addresses)),
            use=f"give {wanted}, or leave the key out",
            against=(("sakura", "load_balancer", "plan"),),
        )


def vpn_addresses(cluster: Cluster) -> Iterator[Problem]:
    """Each VPN peer has its own address in the VPN's network, whose host 1 is the router."""
    vpn = cluster.sakura.vpn
    if vpn is None:
        return
    seen: dict[IPv4Address, KeyPath] = {vpn.cidr.network_address + 1: _VPN}
    for index, peer in enumerate(vpn.peers):
        path: KeyPath = ("sakura", "vpn", "peers", index, "address")
        inside = peer.address in vpn.cidr and peer.address != vpn.cidr.network_address
        if not inside or peer.address in seen:
            yield Problem(
                rule="vpn-addresses",
                path=path,
                what="is taken already" if inside else "lies outside the VPN's network",
                given=str(peer.address),
                use=f"choose a free address in {vpn.cidr} from host 2",
                against=(seen.get(peer.address, _VPN),),
            )
        seen.setdefault(peer.address, path)


def _given(cluster: Cluster) -> Iterator[tuple[KeyPath, IPv4Address]]:
    """Yield the node network's addresses that the file itself names."""
    sakura = cluster.sakura
    for section, addresses in (
        ("vpc_router", sakura.vpc_router.addresses),
        ("load_balancer", sakura.load_balancer.addresses),
    ):
        for index, address in enumerate(addresses or ()):
            yield ("sakura", section, "addresses", index), address
    if sakura.load_balancer.virtual_address:
        path = ("sakura", "load_balancer", "virtual_address")
        yield path, sakura.load_balancer.virtual_address
    if cluster.storage.kind == "nfs" and cluster.storage.address:
        yield ("storage", "address"), cluster.storage.address


def _defaults(cluster: Cluster) -> Iterator[tuple[KeyPath, IPv4Address]]:
    """Yield the appliances' addresses that follow from the plan, by the section they belong to."""
    sakura, storage = cluster.sakura, cluster.storage
    if not sakura.vpc_router.addresses:
        yield from ((("sakura", "vpc_router"), address) for address in cluster.router_addresses)
    balancer: KeyPath = ("sakura", "load_balancer")
    if not sakura.load_balancer.addresses:
        yield from ((balancer, address) for address in cluster.load_balancer_addresses)
    if not sakura.load_balancer.virtual_address:
        yield balancer, cluster.load_balancer_virtual_address
    if storage.kind == "nfs" and not storage.address and cluster.nfs_address:
        yield ("storage",), cluster.nfs_address


def _reserved_use(cluster: Cluster) -> str:
    start = cluster.network.node_cidr.network_address
    return f"choose a free one from {start + RESERVED[0]} to {start + RESERVED[-1]}"


ADDRESS_RULES: tuple[Rule, ...] = (
    address_in_network,
    address_in_reserved_range,
    address_used_twice,
    load_balancer_machines,
    vpn_addresses,
)
