from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from apps.external_dns import ExternalDns
from lib.config import Cluster, parse_cluster
from lib.constructs import dns_annotations
from tests.apps.alone import FILES, cluster_of, manifests_of
from tests.apps.reading import one, spec

if TYPE_CHECKING:
    from lib.manifests import ManifestSet

CLUSTERS = ("production", "smallest", "nfs-with-sakura-dns", "largest")
SAKURA = "nfs-with-sakura-dns"
CLOUDFLARE = ("production", "smallest", "largest")


@cache
def built(name: str) -> ManifestSet:
    return manifests_of(cluster_of(name), ExternalDns)


def sakura_at_the_zone() -> Cluster:
    """The cluster at Sakura, with a domain that is its zone's own name."""
    text = FILES[SAKURA].read_text(encoding="utf-8")
    return parse_cluster(
        text.replace("domain: stage.festival.example", "domain: festival.example"), f"{SAKURA}.yaml"
    )


def values_of(manifests: ManifestSet) -> dict[str, Any]:
    (chart,) = [
        source["helm"]
        for source in spec(manifests, "Application", "external-dns")["sources"]
        if "helm" in source
    ]
    found: dict[str, Any] = chart["valuesObject"]
    return found


def values(name: str) -> dict[str, Any]:
    return values_of(built(name))


def containers_env(name: str) -> list[dict[str, Any]]:
    webhook = values(name)["provider"].get("webhook", {})
    return [*values(name).get("env", []), *webhook.get("env", [])]


def lets_through(filters: list[str], name: str) -> bool:
    """Match like endpoint/domain_filter.go of external-dns: a leading dot means names below."""
    return any(
        name.endswith(f) if f.startswith(".") else name == f or name.endswith(f".{f}")
        for f in filters
    )


@pytest.mark.parametrize("name", CLUSTERS)
def test_it_reads_the_annotations_that_our_routes_have(name: str) -> None:
    cluster = cluster_of(name)
    prefix = values(name)["annotationPrefix"]
    keys = dns_annotations(cluster, cluster.host("whoami"))
    assert {key.removeprefix(prefix) for key in keys} == {"hostname", "target"}
    assert values(name)["sources"] == ["traefik-proxy"]


def test_every_cluster_owns_its_own_records() -> None:
    owners = [values(name)["txtOwnerId"] for name in CLUSTERS]
    assert owners == [cluster_of(name).name for name in CLUSTERS]
    assert len(set(owners)) == len(owners)


@pytest.mark.parametrize("name", CLUSTERS)
def test_it_may_make_a_record_for_every_host_of_the_cluster(name: str) -> None:
    cluster = cluster_of(name)
    filters = values(name)["domainFilters"]
    for host in (cluster.host("argocd"), cluster.host("whoami"), cluster.host()):
        assert lets_through(filters, host)
    assert not lets_through(filters, f"{cluster.dns.zone}.attacker.example")


@pytest.mark.parametrize("name", CLOUDFLARE)
def test_cloudflares_zone_is_let_through_even_where_the_domain_lies_below_it(name: str) -> None:
    assert lets_through(values(name)["domainFilters"], cluster_of(name).dns.zone)


def test_sakuras_webhook_is_kept_from_the_zones_own_name_which_it_gets_wrong() -> None:
    cluster = sakura_at_the_zone()
    filters = values_of(manifests_of(cluster, ExternalDns))["domainFilters"]
    assert not lets_through(filters, cluster.dns.zone)
    assert lets_through(filters, cluster.host("whoami"))


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_record_that_says_whose_a_name_is_lies_below_that_name(name: str) -> None:
    # registry/mapper/mapper.go puts the type before the name itself unless the prefix has it.
    prefix = values(name)["txtPrefix"]
    assert "%{record_type}" in prefix
    assert prefix.endswith(".")


@pytest.mark.parametrize("name", CLUSTERS)
def test_its_credential_is_the_secret_from_vault(name: str) -> None:
    used = {
        (reference["name"], reference["key"])
        for entry in containers_env(name)
        for reference in [entry.get("valueFrom", {}).get("secretKeyRef")]
        if reference
    }
    secret = one(built(name), "Secret", "dns")
    assert secret.namespace == "external-dns"
    assert used == {("dns", key) for key in secret.object["stringData"]}


def test_cloudflares_proxy_stands_between_only_where_the_cluster_file_says_so() -> None:
    flags = {name: values(name)["extraArgs"].get("cloudflare-proxied") for name in CLOUDFLARE}
    assert flags == {"production": False, "smallest": False, "largest": True}


def test_external_dns_asks_the_webhook_where_it_listens() -> None:
    env = {entry["name"]: entry.get("value") for entry in containers_env(SAKURA)}
    url = values(SAKURA)["extraArgs"]["webhook-provider-url"]
    # 8080 is what the chart declares and probes.
    assert url.rpartition(":")[2] == env["WEBHOOK_PROVIDER_PORT"] == "8080"
    assert env["WEBHOOK_ZONE_NAME"] == cluster_of(SAKURA).dns.zone


def test_the_webhook_satisfies_pod_security_restricted() -> None:
    security = values(SAKURA)["provider"]["webhook"]["securityContext"]
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["runAsNonRoot"] is True


@pytest.mark.parametrize("name", CLUSTERS)
def test_it_reaches_the_api_servers_and_the_dns_provider_and_nothing_reaches_it(name: str) -> None:
    policy = spec(built(name), "NetworkPolicy", "external-dns")
    assert policy["policyTypes"] == ["Egress"]
    api, provider = policy["egress"]
    assert {target["ipBlock"]["cidr"] for target in api["to"]} == {
        f"{address}/32" for address in cluster_of(name).server_addresses
    }
    assert provider["ports"] == [{"protocol": "TCP", "port": 443}]


def test_its_own_folder_goes_through_vault_and_its_chart_does_not() -> None:
    sources = spec(built("production"), "Application", "external-dns")["sources"]
    assert [("plugin" in source, "chart" in source) for source in sources] == [
        (False, True),
        (True, False),
    ]
