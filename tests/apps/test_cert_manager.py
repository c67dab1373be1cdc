from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from apps.cert_manager import CertManager
from tests.apps.alone import cluster_of, manifests_of
from tests.apps.reading import chart_values, one, spec

if TYPE_CHECKING:
    from lib.manifests import ManifestSet

CLUSTERS = ("production", "smallest", "nfs-with-sakura-dns", "largest")
SAKURA = "nfs-with-sakura-dns"
NAMESPACE = "cert-manager"


@cache
def built(name: str) -> ManifestSet:
    return manifests_of(cluster_of(name), CertManager)


def acme(name: str) -> dict[str, dict[str, Any]]:
    """Let's Encrypt's issuers of a cluster: name -> ``spec.acme``."""
    issuers = built(name).of_kind("ClusterIssuer")
    return {m.name: m.object["spec"]["acme"] for m in issuers if "acme" in m.object["spec"]}


def secret_references(value: Any) -> set[tuple[str, str]]:
    """Every ``{name, key}`` in a solver."""
    if not isinstance(value, dict):
        return set()
    if set(value) == {"name", "key"}:
        return {(value["name"], value["key"])}
    return {found for inner in value.values() for found in secret_references(inner)}


def hours(duration: str) -> int:
    return int(duration.removesuffix("h"))


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_issuer_of_the_cluster_file_is_there_and_lies_at_its_own_server(name: str) -> None:
    assert cluster_of(name).certificates.issuer in acme(name)
    servers = {issuer: found["server"] for issuer, found in acme(name).items()}
    assert {issuer: "staging" in server for issuer, server in servers.items()} == {
        "letsencrypt-staging": True,
        "letsencrypt-production": False,
    }
    accounts = {found["privateKeySecretRef"]["name"] for found in acme(name).values()}
    assert len(accounts) == len(acme(name))


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_solver_serves_the_zone_that_the_domain_lies_in(name: str) -> None:
    domain = cluster_of(name).domain
    for found in acme(name).values():
        (solver,) = found["solvers"]
        (zone,) = solver["selector"]["dnsZones"]
        assert f".{domain}".endswith(f".{zone}")


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_solvers_credential_is_the_secret_from_vault(name: str) -> None:
    used = {
        found for issuer in acme(name).values() for found in secret_references(issuer["solvers"][0])
    }
    assert used
    secret = one(built(name), "Secret", "dns")
    assert secret.namespace == NAMESPACE
    assert used == {("dns", key) for key in secret.object["stringData"]}
    mount = cluster_of(name).vault.mount
    for value in secret.object["stringData"].values():
        assert value.startswith(f"<path:{mount}/data/{NAMESPACE}/")


def test_the_internal_ca_signs_itself_and_then_everything_inside() -> None:
    ca = one(built("production"), "Certificate", "internal-ca")
    issuer = ca.object["spec"]["issuerRef"]
    signer = one(built("production"), issuer["kind"], issuer["name"])
    assert signer.namespace == ca.namespace == NAMESPACE
    assert signer.object["spec"] == {"selfSigned": {}}
    assert ca.object["spec"]["isCA"] is True
    internal = spec(built("production"), "ClusterIssuer", "internal-ca")
    # cert-manager looks for a ClusterIssuer's Secret in its own namespace.
    assert internal["ca"]["secretName"] == ca.object["spec"]["secretName"]


def test_the_internal_ca_is_there_before_argo_cd_and_is_not_lost_by_a_prune() -> None:
    for kind in ("Certificate", "ClusterIssuer"):
        manifest = one(built("production"), kind, "internal-ca")
        assert manifest.folder == "bootstrap"
        options = manifest.object["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]
        assert options == "Prune=confirm,Delete=confirm"


def test_a_renewed_ca_still_vouches_for_what_the_old_one_signed() -> None:
    ca = spec(built("production"), "Certificate", "internal-ca")
    assert ca["privateKey"]["rotationPolicy"] == "Never"
    assert 90 * 24 < hours(ca["renewBefore"]) < hours(ca["duration"])


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_api_servers_reach_the_webhook_and_every_pod_reaches_the_api_servers(
    name: str,
) -> None:
    cluster = cluster_of(name)
    (rule,) = spec(built(name), "NetworkPolicy", "webhook")["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 10250}]
    sources = {source["ipBlock"]["cidr"] for source in rule["from"]}
    assert sources == {str(cluster.network.node_cidr), str(cluster.network.pod_cidr)}
    pods = spec(built(name), "NetworkPolicy", "pods")
    assert pods["podSelector"] == {}
    (rule,) = pods["egress"]
    targets = {target["ipBlock"]["cidr"] for target in rule["to"]}
    assert targets == {f"{address}/32" for address in cluster.server_addresses}


def test_the_controller_may_ask_the_resolvers_that_it_is_told_to_ask() -> None:
    values = chart_values(built("production"), NAMESPACE)
    asked = {
        int(server.rpartition(":")[2]) for server in values["dns01RecursiveNameservers"].split(",")
    }
    rules = spec(built("production"), "NetworkPolicy", "controller")["egress"]
    open_ports = {(port["protocol"], port["port"]) for rule in rules for port in rule["ports"]}
    assert {(protocol, port) for port in asked for protocol in ("TCP", "UDP")} <= open_ports
    assert ("TCP", 443) in open_ports
    for rule in rules:
        for target in rule["to"]:
            network = cluster_of("production").network
            assert str(network.pod_cidr) in target["ipBlock"]["except"]


@pytest.mark.parametrize("name", CLUSTERS)
def test_no_more_pods_are_asked_for_than_there_are_nodes_and_a_drain_is_never_blocked(
    name: str,
) -> None:
    nodes = len(cluster_of(name).workload_nodes)
    values = chart_values(built(name), NAMESPACE)
    for part in (values, values["webhook"], values["cainjector"]):
        assert 1 <= part["replicaCount"] <= nodes
        assert part["podDisruptionBudget"]["maxUnavailable"] == 1


def test_only_a_zone_at_sakura_needs_the_sakura_solver() -> None:
    for name in CLUSTERS:
        expected = [SAKURA] if cluster_of(name).dns.provider == "sakura" else []
        assert [name for _ in built(name).of_kind("APIService")] == expected


def test_the_kubernetes_api_hands_the_sakura_issuers_challenges_to_its_pods() -> None:
    manifests = built(SAKURA)
    (api,) = manifests.of_kind("APIService")
    for issuer in acme(SAKURA).values():
        webhook = issuer["solvers"][0]["dns01"]["webhook"]
        assert webhook["groupName"] == api.object["spec"]["group"]
    service = one(manifests, "Service", api.object["spec"]["service"]["name"])
    assert service.namespace == api.object["spec"]["service"]["namespace"] == NAMESPACE
    deployment = spec(manifests, "Deployment", "sakura-solver")
    labels = deployment["template"]["metadata"]["labels"]
    assert service.object["spec"]["selector"].items() <= labels.items()
    (container,) = deployment["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    (served,) = service.object["spec"]["ports"]
    assert f"--secure-port={ports[served['targetPort']]}" in container["args"]
    (rule,) = spec(manifests, "NetworkPolicy", "sakura-solver")["ingress"]
    assert [port["port"] for port in rule["ports"]] == [ports[served["targetPort"]]]
    groups = {e["value"] for e in container["env"] if e["name"] == "GROUP_NAME"}
    assert groups == {api.object["spec"]["group"]}


def test_the_sakura_solver_serves_a_certificate_that_the_api_server_trusts() -> None:
    manifests = built(SAKURA)
    (api,) = manifests.of_kind("APIService")
    injected = api.object["metadata"]["annotations"]["cert-manager.io/inject-ca-from"]
    certificate = one(manifests, "Certificate", injected.partition("/")[2])
    assert certificate.namespace == injected.partition("/")[0]
    target = api.object["spec"]["service"]
    assert certificate.object["spec"]["dnsNames"] == [f"{target['name']}.{target['namespace']}.svc"]
    volumes = spec(manifests, "Deployment", "sakura-solver")["template"]["spec"]["volumes"]
    secrets = [volume["secret"]["secretName"] for volume in volumes]
    assert secrets == [certificate.object["spec"]["secretName"]]


def test_the_sakura_solver_reads_no_secret_but_its_credential() -> None:
    manifests = built(SAKURA)
    rules = [
        rule
        for kind in ("Role", "ClusterRole")
        for role in manifests.of_kind(kind)
        for rule in role.object["rules"]
        if "secrets" in rule["resources"]
    ]
    assert [(rule["resourceNames"], rule["verbs"]) for rule in rules] == [(["dns"], ["get"])]
    accounts = {manifest.name for manifest in manifests.of_kind("ServiceAccount")}
    bindings = [*manifests.of_kind("RoleBinding"), *manifests.of_kind("ClusterRoleBinding")]
    for binding in bindings:
        for subject in binding.object["subjects"]:
            assert subject["namespace"] == NAMESPACE
            # The other is the chart's own.
            assert subject["name"] in accounts | {"cert-manager"}


def test_the_sakura_solver_satisfies_pod_security_restricted() -> None:
    pod = spec(built(SAKURA), "Deployment", "sakura-solver")["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (container,) = pod["containers"]
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert all(port["containerPort"] > 1024 for port in container["ports"])
    assert re.search(r":v[0-9.]+$", container["image"])
