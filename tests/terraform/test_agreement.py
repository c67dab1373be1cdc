"""Python and Terraform agree: one cluster file, the same addresses in dist/ and on the machines."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from lib.config import Cluster, load_cluster, parse_cluster
from tests.terraform.cluster_files import random_cluster
from tests.terraform.terraform import ROOT, Case, needs_terraform, planned

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_terraform

COUNT = 200
OUTPUTS = ("network", "nodes", "load_balancer_vips", "static_nat", "object_storage")
SHIPPED = (
    *sorted((ROOT / "clusters").glob("*.yaml")),
    *sorted((ROOT / "tests" / "config" / "valid").glob("*.yaml")),
)


def addresses(cluster: Cluster) -> dict[str, Any]:
    """Every address as Python knows it, in the shape of Terraform's outputs."""
    return {
        "nodes": {node.name: (node.role, str(node.address)) for node in cluster.nodes},
        "workload_nodes": {str(node.address) for node in cluster.workload_nodes},
        "gateway_address": str(cluster.gateway_address),
        "kube_api_address": str(cluster.kube_api_address),
        "router_addresses": [str(address) for address in cluster.router_addresses],
        "load_balancer_addresses": [str(address) for address in cluster.load_balancer_addresses],
        "load_balancer_virtual_address": str(cluster.load_balancer_virtual_address),
        "nfs_address": str(cluster.nfs_address) if cluster.nfs_address else None,
        "node_cidr": str(cluster.network.node_cidr),
        "public_address": str(cluster.public_address),
        "object_storage": (cluster.object_storage.endpoint, cluster.object_storage.region),
    }


def in_terraform(outputs: dict[str, Any]) -> dict[str, Any]:
    """The same from Terraform's outputs."""
    network = outputs["network"]
    served = [{server["ip_address"] for server in vip["server"]} for vip in vips(outputs)]
    assert served[0] == served[1]
    return {
        "nodes": {name: (n["role"], n["address"]) for name, n in outputs["nodes"].items()},
        "workload_nodes": served[0],
        **{key: network[key] for key in network if key not in {"netmask", "name_servers"}},
        "public_address": outputs["static_nat"][0]["public_ip"],
        "object_storage": (
            outputs["object_storage"]["endpoint"],
            outputs["object_storage"]["region"],
        ),
    }


def vips(outputs: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = outputs["load_balancer_vips"]
    return found


def test_addresses_are_equal_for_200_random_cluster_files(tmp_path: Path) -> None:
    random = Random(2024)  # noqa: S311 - the same files every time
    files = {f"random-{index}": random_cluster(random, "random") for index in range(COUNT)}
    clusters = {
        key: parse_cluster(yaml.safe_dump(content), "clusters/random.yaml")
        for key, content in files.items()
    }
    cases = {key: Case(cluster=content) for key, content in files.items()}
    found = planned(tmp_path, cases, outputs=OUTPUTS)
    for key, cluster in clusters.items():
        assert in_terraform(found[key]) == addresses(cluster), files[key]


def test_the_random_files_use_every_default_and_every_way_around_it() -> None:
    random = Random(2024)  # noqa: S311 - the same files every time
    files = [random_cluster(random, "random") for _ in range(COUNT)]
    for section, key in (("vpc_router", "addresses"), ("load_balancer", "virtual_address")):
        assert {key in file["sakura"][section] for file in files} == {True, False}
    assert {file["storage"]["kind"] for file in files} == {"longhorn", "nfs"}
    assert {file["servers"]["count"] for file in files} == {1, 3, 5}
    assert {0, 1, 40} <= {file["agents"]["count"] for file in files}
    assert {"address" in file["storage"] for file in files} == {True, False}
    assert {file["network"]["node_cidr"].split("/")[1] for file in files} >= {"16", "23"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_addresses_are_equal_for_a_cluster_file_of_the_repository(
    path: Path, tmp_path: Path
) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = planned(tmp_path, {"it": Case(cluster=content)}, outputs=OUTPUTS)["it"]
    assert in_terraform(found) == addresses(load_cluster(path))
