"""Reads the resources of the root module's plan: `terraform show -json PLANFILE`.

What is known only after apply is not in it, and so is not said.
Source: docs/internals/json-format of hashicorp/terraform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.infra import machines, topics
from lib.infra.machines import Machine, Planned
from lib.infra.said import By, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The VPC router's own are the first three; the rest is for visitors (terraform/network.tf).
_ROUTERS_OWN = 3
_BUCKETS = {
    "etcd": topics.ETCD_BUCKET,
    "longhorn": topics.BACKUP_BUCKET,
    "terraform": topics.TERRAFORM_BUCKET,
}


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource as it will be.

    Attributes:
        made: Whether it is made by this plan, and was not there before, or is made anew.
    """

    address: str
    type: str
    name: str
    values: Mapping[str, Any]
    made: bool


def planned(plan: Mapping[str, Any]) -> Planned:
    """Read them."""
    changes = plan.get("resource_changes", [])
    made = {each["address"] for each in changes if "create" in each["change"]["actions"]}
    resources = list(_resources(plan["planned_values"]["root_module"], made))
    found, first_boot = _machines(resources)
    said = [
        Said(what=what, values=tuple(values), by=By.TERRAFORM, where=resource.address)
        for resource in resources
        for what, values in _statements(resource)
        if all(values)
    ]
    notes = []
    if found:
        said += machines.statements(found, By.TERRAFORM, "sakura_server, sakura_disk")
        said += machines.roles(found, By.TERRAFORM, "sakura_server, sakura_disk")
        servers = [machine.address for machine in found.values() if machine.role == "server"]
        listed = (machines.listed(servers),)
        said.append(
            Said(what=topics.API_SERVERS, values=listed, by=By.TERRAFORM, where="sakura_server.*")
        )
    else:
        notes.append("the plan makes no machines: it is of the stage network")
    there = found.keys() - first_boot.keys()
    if there:
        notes.append(
            f"the first-boot text of {len(there)} of {len(found)} machines is not compared: "
            "they are there already, or it is known only after apply"
        )
    return Planned(
        machines=found, statements=tuple(said), first_boot=first_boot, notes=tuple(notes)
    )


def _resources(module: Mapping[str, Any], made: set[str]) -> Iterator[Resource]:
    for each in module.get("resources", []):
        if each["mode"] == "managed":
            yield Resource(
                address=each["address"],
                type=each["type"],
                name=each["name"],
                values=each["values"],
                made=each["address"] in made,
            )
    for child in module.get("child_modules", []):
        yield from _resources(child, made)


def _machines(resources: list[Resource]) -> tuple[dict[str, Machine], dict[str, str]]:
    disks = {
        each.values["name"]: int(each.values["size"])
        for each in resources
        if each.type == "sakura_disk"
    }
    servers = sorted(
        (each for each in resources if each.type == "sakura_server"),
        key=lambda each: (each.name == "agent", each.values["name"]),
    )
    found = {}
    for server in servers:
        values, name = server.values, server.values["name"]
        found[name] = Machine(
            name=name,
            role="agent" if server.name == "agent" else "server",
            address=values["network_interface"][0]["user_ip_address"],
            cores=int(values["core"]),
            memory_gb=int(values["memory"]),
            os_disk_gb=disks[f"{name}-os"],
            data_disk_gb=disks.get(f"{name}-longhorn"),
        )
    texts = {
        server.values["name"]: server.values["user_data"]
        for server in servers
        if server.made and server.values.get("user_data")
    }
    return found, texts


def _statements(resource: Resource) -> Iterator[tuple[str, list[str]]]:
    values = resource.values
    match resource.type:
        case "sakura_internet":
            yield topics.PUBLIC_ADDRESS, values.get("ip_addresses", [])[_ROUTERS_OWN:] or [""]
        case "sakura_vpn_router":
            yield from _router(values)
        case "sakura_dsr_lb":
            yield from _load_balancer(values)
        case "sakura_nfs":
            yield topics.NFS, [values["network_interface"]["ip_address"]]
        case "sakura_dns":
            yield topics.DNS_ZONE, [values["zone"]]
        case "sakura_object_storage_bucket" if resource.name in _BUCKETS:
            yield _BUCKETS[resource.name], [values["name"]]


def _router(values: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for interface in values["private_network_interface"]:
        yield topics.GATEWAY, [interface["vip"]]
    for nat in values["static_nat"]:
        yield topics.PUBLIC_ADDRESS, [nat.get("public_ip", "")]
        yield topics.LOAD_BALANCER, [nat["private_ip"]]


def _load_balancer(values: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for vip in values["vip"]:
        yield topics.LOAD_BALANCER, [vip["vip"]]
        servers = (server["ip_address"] for server in vip["server"])
        yield topics.REAL_SERVERS, [machines.listed(servers)]
