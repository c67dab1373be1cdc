"""Reads the outputs of terraform/modules/plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.infra import machines, topics
from lib.infra.machines import Machine, Planned
from lib.infra.said import By, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def planned(outputs: Mapping[str, Any], where: str) -> Planned:
    """Read them.

    Args:
        outputs: Name -> value.
        where: The plan, for people.
    """
    data = outputs["data_disks"]
    found = {
        name: Machine(
            name=name,
            role=node["role"],
            address=node["address"],
            cores=node["cores"],
            memory_gb=node["memory_gb"],
            os_disk_gb=outputs["os_disks"][name]["size_gb"],
            data_disk_gb=data[name]["size_gb"] if name in data else None,
        )
        for name, node in outputs["nodes"].items()
    }
    said = [
        Said(what=what, values=tuple(values), by=By.TERRAFORM, where=f"{where}, {output}")
        for what, values, output in (*_network(outputs, found), *_beside(outputs))
    ]
    said += machines.statements(found, By.TERRAFORM, f"{where}, nodes")
    said += machines.roles(found, By.TERRAFORM, f"{where}, data_disks")
    return Planned(machines=found, statements=tuple(said), first_boot=outputs["cloud_init"])


def _network(
    outputs: Mapping[str, Any], found: Mapping[str, Machine]
) -> Iterator[tuple[str, list[str], str]]:
    network = outputs["network"]
    nodes = [machine.address for machine in found.values()]
    servers = [machine.address for machine in found.values() if machine.role == "server"]
    gateway, kube_api = network["gateway_address"], network["kube_api_address"]
    virtual = network["load_balancer_virtual_address"]
    nfs = [network["nfs_address"]] if network["nfs_address"] else []
    own = [*network["router_addresses"], *network["load_balancer_addresses"]]
    yield topics.NODE_NETWORK, [network["node_cidr"]], "network"
    yield topics.GATEWAY, [gateway], "network"
    yield topics.KUBE_API, [kube_api], "network"
    yield topics.LOAD_BALANCER, [virtual], "network"
    yield topics.API_SERVERS, [machines.listed(servers)], "nodes"
    yield topics.ADDRESSES, [gateway, kube_api, virtual, *own, *nfs, *nodes], "network"
    if nfs:
        yield topics.NFS, nfs, "network"


def _beside(outputs: Mapping[str, Any]) -> Iterator[tuple[str, list[str], str]]:
    for nat in outputs["static_nat"]:
        yield topics.PUBLIC_ADDRESS, [nat["public_ip"]], "static_nat"
        yield topics.LOAD_BALANCER, [nat["private_ip"]], "static_nat"
    for vip in outputs["load_balancer_vips"]:
        servers = [server["ip_address"] for server in vip["server"]]
        yield topics.LOAD_BALANCER, [vip["vip"]], "load_balancer_vips"
        yield topics.REAL_SERVERS, [machines.listed(servers)], "load_balancer_vips"
    buckets = outputs["buckets"]
    yield topics.ETCD_BUCKET, [buckets["etcd"]], "buckets"
    yield topics.TERRAFORM_BUCKET, [buckets["terraform"]], "buckets"
    if "longhorn" in buckets:
        yield topics.BACKUP_BUCKET, [buckets["longhorn"]], "buckets"
    yield topics.ENDPOINT, [outputs["object_storage"]["endpoint"]], "object_storage"
    yield topics.REGION, [outputs["object_storage"]["region"]], "object_storage"
