"""Pods find Dex inside the cluster, and everything else as before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from apps.coredns import CoreDNS
from lib.constructs import dex_issuer
from tests.apps.alone import CLUSTERS, cluster_of, manifests_of

if TYPE_CHECKING:
    from lib.config import Cluster

# servers[0].plugins of rke2-coredns 1.46.201, which RKE2 1.36.3 and 1.35.7 ship.
CHARTS_OWN = [
    *("errors", "health", "ready", "kubernetes", "prometheus", "forward", "cache", "loop"),
    *("reload", "loadbalance"),
]


def plugins(cluster: Cluster) -> dict[str, dict[str, Any]]:
    """Give the plugins of the one server, by name, in order."""
    (config,) = manifests_of(cluster, CoreDNS)
    assert (config.kind, config.name, config.folder) == (
        "HelmChartConfig",
        "rke2-coredns",
        "bootstrap",
    )
    spec = config.object["spec"]
    values = spec.get("values") or yaml.safe_load(spec["valuesContent"])
    (server,) = values["servers"]
    assert (server["port"], server["zones"]) == (53, [{"zone": ".", "use_tcp": True}])
    return {plugin["name"]: plugin for plugin in server["plugins"]}


@pytest.mark.parametrize("name", CLUSTERS)
def test_dexs_name_leads_to_traefiks_service(name: str) -> None:
    cluster = cluster_of(name)
    rewrite = plugins(cluster)["rewrite"]["parameters"].split()
    assert rewrite[:2] == ["name", "exact"]
    assert rewrite[2] == dex_issuer(cluster).removeprefix("https://")
    assert rewrite[3] == "traefik.traefik.svc.cluster.local"
    # The answer has to carry the name that was asked for.
    assert rewrite[4:] == ["answer", "auto"]


@pytest.mark.parametrize("name", CLUSTERS)
def test_all_that_the_chart_does_by_itself_is_repeated(name: str) -> None:
    found = plugins(cluster_of(name))
    assert [plugin for plugin in found if plugin != "rewrite"] == CHARTS_OWN
    # The chart writes the cluster's domain before these.
    assert found["kubernetes"]["parameters"] == "in-addr.arpa ip6.arpa"
    assert "fallthrough in-addr.arpa ip6.arpa" in found["kubernetes"]["configBlock"]


def test_the_rewritten_name_is_one_of_the_clusters_own_domain() -> None:
    domain = "cluster.local"  # RKE2's, which no configuration here changes
    rewritten = plugins(cluster_of("production"))["rewrite"]["parameters"].split()[3]
    assert rewritten.endswith(f".svc.{domain}")
