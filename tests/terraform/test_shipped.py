"""Each cluster of clusters/ with its own dist/: what RKE2 reads on every node fits together."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from lib.config import Cluster, load_cluster
from tests.terraform.machine import as_rke2_reads, written
from tests.terraform.terraform import ROOT, Case, applied, needs_terraform

pytestmark = needs_terraform

NAMES = sorted(path.stem for path in (ROOT / "clusters").glob("*.yaml"))
OWN = {"node-name", "node-ip", "server"}


@cache
def nodes(name: str) -> tuple[Cluster, dict[str, dict[str, bytes]]]:
    """The cluster, and every node's files."""
    file = ROOT / "clusters" / f"{name}.yaml"
    case = Case(cluster=yaml.safe_load(file.read_text()), dist=ROOT / "dist" / name)
    with TemporaryDirectory() as folder:
        found = applied(Path(folder), {name: case}, outputs=("cloud_init",))[name]
    return load_cluster(file), {node: written(text) for node, text in found["cloud_init"].items()}


def configs(name: str, role: str) -> list[dict[str, Any]]:
    """The configuration of each node of a role, as RKE2 puts it together."""
    _, files = nodes(name)
    return [as_rke2_reads(files[node]) for node in files if f"-rke2-{role}-" in node]


@pytest.mark.parametrize("name", NAMES)
def test_servers_differ_in_nothing_but_their_own_name_and_address(name: str) -> None:
    shared = [
        {key: config[key] for key in config.keys() - OWN} for config in configs(name, "server")
    ]
    assert all(config == shared[0] for config in shared)


@pytest.mark.parametrize("name", NAMES)
def test_servers_serve_the_networks_and_addresses_of_the_cluster_file(name: str) -> None:
    cluster, _ = nodes(name)
    for config in configs(name, "server"):
        assert str(cluster.kube_api_address) in config["tls-san"]
        assert config["cluster-cidr"] == str(cluster.network.pod_cidr)
        assert config["service-cidr"] == str(cluster.network.service_cidr)
        assert cluster.rke2.cni in config["cni"]


@pytest.mark.parametrize("name", NAMES)
def test_agents_are_told_where_to_join_and_with_what(name: str) -> None:
    cluster, _ = nodes(name)
    (agent_token,) = {config["agent-token"] for config in configs(name, "server")}
    agents = configs(name, "agent")
    assert len(agents) == cluster.agents.count
    for config in agents:
        assert config["server"] == cluster.supervisor_url
        assert config["token"] == agent_token


@pytest.mark.parametrize("name", NAMES)
def test_all_nodes_keep_the_same_profile_and_its_kernel_settings(name: str) -> None:
    _, files = nodes(name)
    for node in files.values():
        assert as_rke2_reads(node)["profile"] == "cis"
        settings = node["/etc/sysctl.d/90-rke2.conf"].decode().replace(" ", "").splitlines()
        # RKE2 does not start with other values (its pkg/cli/cmds/profile_linux.go).
        assert {
            "vm.panic_on_oom=0",
            "vm.overcommit_memory=1",
            "kernel.panic=10",
            "kernel.panic_on_oops=1",
        } <= set(settings)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_the_configuration_names_is_on_the_node(name: str) -> None:
    _, files = nodes(name)
    for node in files.values():
        config = as_rke2_reads(node)
        named = [str(value) for key, value in config.items() if key.endswith("-file")]
        assert [path for path in named if path not in node] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_secret_of_etcds_snapshots_is_the_one_that_the_configuration_names(name: str) -> None:
    cluster, files = nodes(name)
    manifests = files[cluster.server_nodes[0].name]
    secret = yaml.safe_load(manifests["/var/lib/rancher/rke2/server/manifests/etcd-s3.yaml"])
    for config in configs(name, "server"):
        assert config["etcd-s3"] is True
        assert config["etcd-s3-config-secret"] == secret["metadata"]["name"]
    assert secret["stringData"]["etcd-s3-bucket"] == cluster.object_storage.etcd_bucket
    kept = config["etcd-snapshot-retention"] * cluster.servers.count
    assert secret["stringData"]["etcd-s3-retention"] == str(kept)
