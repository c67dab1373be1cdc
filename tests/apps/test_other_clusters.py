"""Another cluster file is another tree, without any change of code."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from lib.config import Cluster, load_cluster
from lib.manifests import ManifestSet
from lib.synth.build import build_cluster
from main import build

ROOT = Path(__file__).resolve().parents[2]
FILES = {path.stem: path for path in sorted((ROOT / "tests" / "config" / "valid").glob("*.yaml"))}
PRODUCTION = ROOT / "clusters" / "production.yaml"
OWN = ("smallest", "nfs-with-sakura-dns", "largest")


@cache
def built(name: str) -> tuple[Cluster, ManifestSet]:
    cluster = load_cluster(FILES.get(name, PRODUCTION))
    return cluster, ManifestSet(build_cluster(cluster, build).manifests)


def hosts(manifests: ManifestSet) -> set[str]:
    found = set()
    for route in manifests.of_kind("IngressRoute"):
        for rule in route.object["spec"]["routes"]:
            found.update(re.findall(r"Host\(`([^`]+)`\)", rule["match"]))
    return found


def test_all_valid_cluster_files_are_built_here() -> None:
    assert set(OWN) == set(FILES)


def folders(name: str) -> set[str]:
    return {manifest.folder for manifest in built(name)[1]}


def test_a_cluster_has_the_apps_that_its_file_asks_for() -> None:
    everywhere = {
        "access", "argocd", "bootstrap", "cert-manager", "dex", "external-dns", "oauth2-proxy",
        "root", "traefik", "vault", "whoami",
    }  # fmt: skip
    assert folders("smallest") >= everywhere | {"longhorn"}
    assert folders("smallest").isdisjoint({"reactions", "arc-system"})
    assert folders("nfs-with-sakura-dns") >= everywhere | {"reactions"}
    assert folders("nfs-with-sakura-dns").isdisjoint({"longhorn", "arc-system"})
    assert folders("largest") >= everywhere | {"arc-system", "reactions", "longhorn"}
    for name in OWN:
        sets = {entry.name for entry in built(name)[0].runner_scale_sets}
        found = {folder for folder in folders(name) if folder.startswith("arc-runners-")}
        assert found == {f"arc-runners-{entry}" for entry in sets}


@pytest.mark.parametrize("name", OWN)
def test_storage_is_what_the_cluster_file_says(name: str) -> None:
    cluster, manifests = built(name)
    charts = {chart.name for chart in manifests.of_kind("HelmChart")}
    wanted, other = "longhorn", "csi-driver-nfs"
    if cluster.storage.kind == "nfs":
        wanted, other = other, wanted
    assert wanted in charts
    assert other not in charts


@pytest.mark.parametrize("name", OWN)
def test_its_hosts_are_inside_its_own_domain(name: str) -> None:
    cluster, manifests = built(name)
    found = hosts(manifests)
    assert found
    for host in found:
        label, _, domain = host.partition(".")
        assert domain == cluster.domain
        assert host == cluster.host(label)


@pytest.mark.parametrize("name", OWN)
def test_its_dns_names_point_at_its_own_public_address(name: str) -> None:
    cluster, manifests = built(name)
    for route in manifests.of_kind("IngressRoute"):
        annotations = route.object["metadata"]["annotations"]
        target = annotations["external-dns.alpha.kubernetes.io/target"]
        assert target == str(cluster.public_address)


@pytest.mark.parametrize("name", OWN)
def test_nothing_of_production_appears_in_it(name: str) -> None:
    cluster, manifests = built(name)
    production, _ = built("production")
    text = json.dumps([manifest.object for manifest in manifests])
    # A cluster may share production's repository and organization, and lie below its domain.
    assert f"dist/{production.name}/" not in text
    assert str(production.public_address) not in re.findall(r"[0-9.]+", text)
    assert production.wildcard_secret_name not in text.replace(cluster.wildcard_secret_name, "")
    for host in hosts(built("production")[1]):
        assert re.search(rf"(?<![a-z0-9-]){re.escape(host)}", text) is None, host
    # Its DNS zone and its administrators' mail may be of a domain that it shares.
    own = text
    for fact in (cluster.domain, cluster.certificates.email, f'"{cluster.dns.zone}"'):
        own = own.replace(fact, "")
    assert production.domain not in own


@pytest.mark.parametrize("name", OWN)
def test_it_is_read_from_its_own_folder_and_revision(name: str) -> None:
    cluster, manifests = built(name)
    for application in manifests.of_kind("Application"):
        spec = application.object["spec"]
        (source,) = [each for each in spec.get("sources", [spec.get("source")]) if "path" in each]
        assert source["path"].startswith(f"dist/{cluster.name}/")
        assert source["repoURL"] == cluster.repository.url
        assert source["targetRevision"] == cluster.repository.revision


@pytest.mark.parametrize("name", OWN)
def test_its_vault_is_its_own_mount(name: str) -> None:
    cluster, manifests = built(name)
    text = json.dumps([manifest.object for manifest in manifests.of_kind("Secret")])
    assert set(re.findall(r"<path:([^/]+)/", text)) == {cluster.vault.mount}


def test_an_older_rke2_gets_its_charts_values_as_text() -> None:
    forms = {
        name: {key for chart in built(name)[1].of_kind("HelmChart") for key in chart.object["spec"]}
        for name in OWN
    }
    assert "values" in forms["smallest"]
    assert "valuesContent" not in forms["smallest"]
    assert "valuesContent" in forms["nfs-with-sakura-dns"]
    assert "values" not in forms["nfs-with-sakura-dns"]


@pytest.mark.parametrize("name", OWN)
def test_building_twice_gives_the_same_objects(name: str) -> None:
    cluster, manifests = built(name)
    assert list(ManifestSet(build_cluster(cluster, build).manifests)) == list(manifests)
