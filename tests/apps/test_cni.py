"""The pod network fits the nodes' network, and lets Traefik through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from apps.cni import Cni
from apps.rke2 import Rke2
from lib.config import Cluster, parse_cluster
from tests.apps.alone import CLUSTERS, FILES, cluster_of, manifests_of, node_files

if TYPE_CHECKING:
    from lib.manifests import Manifest


def with_cni(name: str, cni: str) -> Cluster:
    text = re.sub(r"(?m)^  cni: \w+", f"  cni: {cni}", FILES[name].read_text(encoding="utf-8"))
    return parse_cluster(text, FILES[name].name)


def config(cluster: Cluster) -> Manifest:
    (found,) = manifests_of(cluster, Cni)
    return found


def values(cluster: Cluster) -> dict[str, Any]:
    spec = config(cluster).object["spec"]
    found: dict[str, Any] = spec.get("values") or yaml.safe_load(spec["valuesContent"])
    return found


@pytest.mark.parametrize("name", CLUSTERS)
@pytest.mark.parametrize("cni", ["canal", "cilium"])
def test_it_configures_the_chart_of_the_network_that_rke2_is_told_to_install(
    name: str, cni: str
) -> None:
    cluster = with_cni(name, cni)
    found = config(cluster)
    installed = node_files(cluster, Rke2)["server/config.yaml"]["cni"]
    assert (found.kind, found.name) == ("HelmChartConfig", f"rke2-{installed}")
    assert (found.folder, found.namespace) == ("bootstrap", "kube-system")


@pytest.mark.parametrize("name", CLUSTERS)
def test_canal_uses_the_nodes_interface(name: str) -> None:
    cluster = with_cni(name, "canal")
    assert values(cluster)["flannel"]["iface"] == cluster.network.interface


@pytest.mark.parametrize("name", CLUSTERS)
def test_ciliums_policies_may_name_nodes_by_their_addresses(name: str) -> None:
    assert values(with_cni(name, "cilium"))["policyCIDRMatchMode"] == ["nodes"]


def test_ciliums_operator_runs_on_servers_before_there_are_agents() -> None:
    cluster = with_cni("production", "cilium")
    keys = {entry["key"] for entry in values(cluster)["operator"]["tolerations"]}
    assert all(e["operator"] == "Exists" for e in values(cluster)["operator"]["tolerations"])
    taints = node_files(cluster, Rke2)["server/config.yaml"]["node-taint"]
    assert {taint.partition("=")[0] for taint in taints} <= keys
    assert "node.kubernetes.io/not-ready" in keys


def test_kube_proxy_stays_as_long_as_cilium_does_not_replace_it() -> None:
    cluster = cluster_of("largest")
    assert "kubeProxyReplacement" not in values(cluster)
    assert "disable-kube-proxy" not in node_files(cluster, Rke2)["server/config.yaml"]
