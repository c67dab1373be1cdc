"""Relations over the objects of the real apps, for the production cluster."""

from __future__ import annotations

import fnmatch
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lib.config import load_cluster
from lib.manifests import Manifest, ManifestSet
from lib.synth.build import build_cluster
from lib.synth.naming import paths
from lib.synth.scopes import Scopes
from main import build

if TYPE_CHECKING:
    from lib.config import Cluster

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"<path:([^#>]+)#([^>|]+?)( \| base64decode)?>")


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return load_cluster(ROOT / "clusters" / "production.yaml")


@pytest.fixture(scope="module")
def manifests(cluster: Cluster) -> ManifestSet:
    return ManifestSet(build_cluster(cluster, build).manifests)


def applications(manifests: ManifestSet) -> dict[str, dict[str, Any]]:
    return {m.name: m.object["spec"] for m in manifests.of_kind("Application")}


def projects(manifests: ManifestSet) -> dict[str, dict[str, Any]]:
    return {m.name: m.object["spec"] for m in manifests.of_kind("AppProject")}


def sources(application: dict[str, Any]) -> list[dict[str, Any]]:
    return application.get("sources") or [application["source"]]


def own_source(application: dict[str, Any]) -> dict[str, Any]:
    """Give the source that is a folder of dist/; the others are charts."""
    (source,) = [source for source in sources(application) if "path" in source]
    return source


def folder_of(application: dict[str, Any], cluster: Cluster) -> str | None:
    """Give the folder of dist/ that an Application reads."""
    found = [source["path"] for source in sources(application) if "path" in source]
    assert len(found) <= 1
    return found[0].removeprefix(f"dist/{cluster.name}/") if found else None


def is_cluster_wide(manifest: Manifest) -> bool:
    scope = Scopes.load().of(manifest)
    assert scope in ("Cluster", "Namespaced"), manifest.identity
    return scope == "Cluster"


def listed(entries: list[dict[str, str]], manifest: Manifest) -> bool:
    """Match group and kind the way Argo CD does: as glob patterns."""
    return any(
        fnmatch.fnmatchcase(manifest.identity.group, entry["group"])
        and fnmatch.fnmatchcase(manifest.kind, entry["kind"])
        for entry in entries
    )


def allows(project: dict[str, Any], server: str, manifest: Manifest) -> bool:
    """Whether Argo CD lets an Application of ``project`` apply ``manifest``."""
    if is_cluster_wide(manifest):
        return listed(project.get("clusterResourceWhitelist", []), manifest)
    if listed(project.get("namespaceResourceBlacklist", []), manifest):
        return False
    allowed = project.get("namespaceResourceWhitelist")
    if allowed is not None and not listed(allowed, manifest):
        return False
    return any(
        fnmatch.fnmatchcase(server, place["server"])
        and fnmatch.fnmatchcase(manifest.namespace, place["namespace"])
        for place in project["destinations"]
    )


def test_every_placeholder_lies_in_its_applications_own_folder_of_vault(
    manifests: ManifestSet, cluster: Cluster
) -> None:
    folders = {folder_of(spec, cluster): name for name, spec in applications(manifests).items()}
    seen = 0
    for manifest in manifests:
        for path, _, _ in PLACEHOLDER.findall(json.dumps(manifest.object)):
            seen += 1
            mount, data, owner, rest = path.split("/", 3)
            assert (mount, data) == (cluster.vault.mount, "data")
            application = folders[manifest.folder]
            if owner == "oidc":  # a client's secret, which Dex reads too
                assert application in {"dex", rest}, path
            else:
                assert owner == application, path
    assert seen >= 20


def test_an_application_uses_the_plugin_exactly_when_its_folder_holds_placeholders(
    manifests: ManifestSet, cluster: Cluster
) -> None:
    for name, spec in applications(manifests).items():
        folder = folder_of(spec, cluster)
        assert folder is not None
        texts = [json.dumps(manifest.object) for manifest in manifests.in_folder(folder)]
        expected = any(PLACEHOLDER.search(text) for text in texts)
        assert ("plugin" in own_source(spec)) == expected, name
        assert ("directory" in own_source(spec)) == (not expected), name


def test_placeholders_stand_in_secrets_alone(manifests: ManifestSet) -> None:
    found = {m.kind for m in manifests if PLACEHOLDER.search(json.dumps(m.object))}
    assert found == {"Secret"}


def test_no_secret_has_a_value_of_its_own_but_the_ones_anyone_may_read(
    manifests: ManifestSet,
) -> None:
    for manifest in manifests.of_kind("Secret"):
        assert "data" not in manifest.object
        plain = {k for k, v in manifest.object["stringData"].items() if not PLACEHOLDER.search(v)}
        assert plain <= {"type", "url", "AWS_ENDPOINTS", "client-id"}


def test_every_applications_path_is_a_folder_of_the_tree(
    manifests: ManifestSet, cluster: Cluster
) -> None:
    tree = {path.partition("/")[0] for path in paths(manifests, Scopes.load())}
    for name, spec in applications(manifests).items():
        assert folder_of(spec, cluster) in tree, name
        assert own_source(spec)["repoURL"] == cluster.repository.url
        assert own_source(spec)["targetRevision"] == cluster.repository.revision


def test_every_folder_of_the_tree_is_read_by_exactly_one_application(
    manifests: ManifestSet, cluster: Cluster
) -> None:
    read = [folder_of(spec, cluster) for spec in applications(manifests).values()]
    assert sorted(map(str, read)) == sorted({manifest.folder for manifest in manifests})


def test_every_applications_project_exists_and_takes_its_repositories(
    manifests: ManifestSet,
) -> None:
    known = projects(manifests)
    for name, spec in applications(manifests).items():
        assert spec["project"] in known, name
        for source in sources(spec):
            assert source["repoURL"] in known[spec["project"]]["sourceRepos"], name


def test_every_object_may_be_applied_by_the_application_that_reads_its_folder(
    manifests: ManifestSet, cluster: Cluster
) -> None:
    known = projects(manifests)
    for name, spec in applications(manifests).items():
        for manifest in manifests.in_folder(str(folder_of(spec, cluster))):
            server = spec["destination"]["server"]
            assert allows(known[spec["project"]], server, manifest), (name, manifest.identity)


def test_every_application_may_write_to_its_own_default_namespace(manifests: ManifestSet) -> None:
    for name, spec in applications(manifests).items():
        places = projects(manifests)[spec["project"]]["destinations"]
        assert spec["destination"] in places, name


def test_the_apps_project_grants_no_power_over_the_cluster(
    manifests: ManifestSet,
) -> None:
    by_identity = {f"{m.kind}/{m.name}": m for m in manifests}
    apps = projects(manifests)["apps"]
    server = "https://kubernetes.default.svc"
    for refused in ("Application/whoami", "AppProject/apps", "HelmChart/traefik"):
        assert not allows(apps, server, by_identity[refused]), refused
    assert allows(apps, server, by_identity["Service/web"])


def test_the_default_project_is_locked(manifests: ManifestSet) -> None:
    locked = projects(manifests)["default"]
    assert (locked["sourceRepos"], locked["sourceNamespaces"], locked["destinations"]) == (
        [],
        [],
        [],
    )
    assert "clusterResourceWhitelist" not in locked
    for manifest in manifests:
        assert not allows(locked, "https://kubernetes.default.svc", manifest), manifest.identity


def test_no_application_names_the_default_project(manifests: ManifestSet) -> None:
    assert "default" not in {spec["project"] for spec in applications(manifests).values()}


def test_helm_charts_lie_where_rke2_acts_and_never_reinstall(manifests: ManifestSet) -> None:
    charts = manifests.of_kind("HelmChart")
    assert {chart.name for chart in charts} >= {"argocd", "traefik"}
    for chart in charts:
        assert (chart.folder, chart.namespace) == ("bootstrap", "kube-system")
        assert chart.object["spec"]["failurePolicy"] == "abort"


def test_a_helm_charts_namespace_is_made_in_the_same_folder(manifests: ManifestSet) -> None:
    made = {m.name: m.folder for m in manifests.of_kind("Namespace")}
    for chart in manifests.of_kind("HelmChart"):
        assert made[chart.object["spec"]["targetNamespace"]] == chart.folder


def test_the_root_application_lies_in_bootstrap_and_all_others_in_root(
    manifests: ManifestSet,
) -> None:
    folders = {m.name: m.folder for m in manifests.of_kind("Application")}
    assert folders.pop("root") == "bootstrap"
    assert set(folders.values()) == {"root"}


def test_every_namespace_with_objects_is_made_or_is_rke2s_own(manifests: ManifestSet) -> None:
    made = {m.name for m in manifests.of_kind("Namespace")} | {"kube-system"}
    used = {m.namespace for m in manifests if not is_cluster_wide(m)}
    assert used <= made


def test_every_namespace_denies_by_default(manifests: ManifestSet) -> None:
    closed = {m.namespace for m in manifests.of_kind("NetworkPolicy") if m.name == "default-deny"}
    assert closed == {m.name for m in manifests.of_kind("Namespace")}


def test_the_redirect_to_https_does_not_catch_the_load_balancers_ping(
    manifests: ManifestSet,
) -> None:
    chart = manifests.get("HelmChart", "traefik", "kube-system")
    assert chart is not None
    values = chart.object["spec"]["values"]
    ping = values["ingressRoute"]["healthcheck"]
    assert "web" in ping["entryPoints"]
    redirect = values["ports"]["web"]["http"]["redirections"]["entryPoint"]
    # A rule without a priority of its own has its length.
    assert redirect["priority"] < len(ping["matchRule"])


def test_the_wildcard_certificate_is_what_traefik_serves_by_default(
    manifests: ManifestSet, cluster: Cluster
) -> None:
    (certificate,) = [m for m in manifests.of_kind("Certificate") if m.name == "wildcard"]
    chart = manifests.get("HelmChart", "traefik", "kube-system")
    assert chart is not None
    store = chart.object["spec"]["values"]["tlsStore"]["default"]["defaultCertificate"]
    assert store["secretName"] == certificate.object["spec"]["secretName"]
    assert certificate.namespace == chart.object["spec"]["targetNamespace"]
    assert certificate.object["spec"]["dnsNames"] == [cluster.domain, f"*.{cluster.domain}"]


def test_every_route_belongs_to_traefiks_class_and_a_host_of_the_domain(
    manifests: ManifestSet, cluster: Cluster
) -> None:
    chart = manifests.get("HelmChart", "traefik", "kube-system")
    assert chart is not None
    watched = chart.object["spec"]["values"]["providers"]["kubernetesCRD"]["ingressClass"]
    for route in manifests.of_kind("IngressRoute"):
        assert route.object["spec"]["ingressClassName"] == watched
        for rule in route.object["spec"]["routes"]:
            (host,) = re.findall(r"Host\(`([^`]+)`\)", rule["match"])
            assert host.removesuffix(f".{cluster.domain}") in host.split(".")[:1], host


# Services of the charts: what policy/provided.yaml declares of them, the gate compares.
OF_CHARTS = {
    ("argocd", "argocd-server"),
    ("dex", "dex"),
    ("longhorn-system", "longhorn-frontend"),
    ("oauth2-proxy", "oauth2-proxy"),
    ("vault", "vault"),
}


def test_every_route_of_our_own_services_names_a_service_and_port_that_are_there(
    manifests: ManifestSet,
) -> None:
    of_charts = set()
    for route in manifests.of_kind("IngressRoute"):
        for target in route.object["spec"]["routes"][0]["services"]:
            service = manifests.get("Service", target["name"], route.namespace)
            if service is None:
                of_charts.add((route.namespace, target["name"]))
                continue
            named = {port["name"] for port in service.object["spec"]["ports"]}
            assert target["port"] in named
    assert of_charts == OF_CHARTS | {("traefik", "api@internal")}


def test_every_object_says_which_line_of_apps_made_it(manifests: ManifestSet) -> None:
    for manifest in manifests:
        assert manifest.source.file == "main.py" or manifest.source.file.startswith("apps/")
        line = (ROOT / manifest.source.file).read_text(encoding="utf-8").splitlines()
        assert 1 <= manifest.source.line <= len(line), manifest.identity


def test_no_two_objects_are_the_same_to_the_api_server(manifests: ManifestSet) -> None:
    identities = [manifest.identity for manifest in manifests]
    assert len(identities) == len(set(identities))
