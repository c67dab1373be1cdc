"""What Terraform says: the machines, statements about them, and their first-boot texts."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from lib.infra import topics
from lib.infra.said import By, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lib.config import Cluster

# Whoever holds the load balancer's virtual address on its loopback must not tell the network.
ARP = "arp_ignore=1, arp_announce=2"


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A row of the node table.

    Attributes:
        data_disk_gb: Longhorn's blank disk; None where there is none.
    """

    name: str
    role: str
    address: str
    cores: int
    memory_gb: int
    os_disk_gb: int
    data_disk_gb: int | None


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a plan holds.

    Attributes:
        machines: By name.
        statements: What it says beside the machines.
        first_boot: Name -> cloud-init text of each machine that will be made. It holds secrets.
        notes: What a reader should know about the plan, one line each.
    """

    machines: Mapping[str, Machine]
    statements: tuple[Said, ...]
    first_boot: Mapping[str, str]
    notes: tuple[str, ...] = ()


def of_cluster(cluster: Cluster) -> dict[str, Machine]:
    """The machines that the cluster file asks for, servers first."""
    storage = cluster.storage
    data_disk_gb = storage.disk_gb if storage.kind == "longhorn" else None
    with_data = {node.name for node in cluster.workload_nodes}
    sizes = {"server": cluster.servers, "agent": cluster.agents}
    return {
        node.name: Machine(
            name=node.name,
            role=node.role,
            address=str(node.address),
            cores=sizes[node.role].cores,
            memory_gb=sizes[node.role].memory_gb,
            os_disk_gb=sizes[node.role].os_disk_gb,
            data_disk_gb=data_disk_gb if node.name in with_data else None,
        )
        for node in cluster.nodes
    }


def statements(machines: Mapping[str, Machine], by: By, where: str) -> list[Said]:
    """Say of each machine what it is."""
    said = [
        Said(what=topics.MACHINES, values=(", ".join(sorted(machines)),), by=by, where=where),
    ]
    for machine in machines.values():
        for what, value in (
            (topics.address_of(machine.name), machine.address),
            (topics.size_of(machine.name), f"{machine.cores} cores, {machine.memory_gb} GB"),
            (topics.os_disk_of(machine.name), f"{machine.os_disk_gb} GB"),
            (topics.data_disk_of(machine.name), _disk(machine.data_disk_gb)),
        ):
            said.append(Said(what=what, values=(value,), by=by, where=where))
    return said


def _disk(size_gb: int | None) -> str:
    return "none" if size_gb is None else f"{size_gb} GB"


def roles(machines: Mapping[str, Machine], by: By, where: str) -> list[Said]:
    """Say what follows for the configuration of a role's nodes.

    Agents hold the volumes and answer visitors; in a cluster without agents, the servers do.
    """
    present = {machine.role for machine in machines.values()}
    workload = "agent" if "agent" in present else "server"
    said = []
    for role in sorted(present):
        disk = any(m.data_disk_gb for m in machines.values() if m.role == role)
        said += [
            Said(what=topics.label_of(role), values=(is_there(disk),), by=by, where=where),
            Said(
                what=topics.taint_of(role), values=(allowed(role == workload),), by=by, where=where
            ),
        ]
    said.append(Said(what=topics.arp_of(workload), values=(ARP,), by=by, where=where))
    return said


def is_there(label: bool) -> str:  # noqa: FBT001 - its only argument
    """Say whether Longhorn is told to take a blank disk."""
    return "there" if label else "not there"


def allowed(workloads: bool) -> str:  # noqa: FBT001 - its only argument
    """Say whether workloads may run."""
    return "allowed" if workloads else "kept off"


def listed(addresses: Iterable[str]) -> str:
    """Write a list of addresses, in their order."""
    return ", ".join(str(address) for address in sorted(map(IPv4Address, addresses)))
