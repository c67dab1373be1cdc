"""``yagura order``: the stages of dist/, as text and as JSON, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lib.errors import ConfigError
from lib.gate.order import order
from tests.checks.rules.order_sets import application, config_map, namespace, root

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(__file__).resolve().parents[2]
CERTIFICATE = """\
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: web}
spec: {secretName: web-tls, issuerRef: {kind: ClusterIssuer, name: public}}
"""
ISSUER = """\
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: public}
spec: {selfSigned: {}}
"""
VAULT = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: vault, namespace: kube-system}
spec:
  {chart: vault, repo: "https://charts.festival.example", version: 1.0.0, targetNamespace: vault}
"""


def project(folder: Path, files: Mapping[str, str]) -> Path:
    """A project with the cluster ``one``, whose dist/ holds these files."""
    clusters = folder / "clusters"
    clusters.mkdir()
    (clusters / "one.yaml").write_text("", encoding="utf-8")
    for path, text in files.items():
        file = folder / "dist" / "one" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def stages(folder: Path, files: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> Any:
    order(project(folder, files), cluster=None, output="json")
    return json.loads(capsys.readouterr().out)["clusters"][0]["stages"]


def test_the_bootstrap_folder_comes_up_by_what_needs_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "nodes/server/config.yaml": "cni: canal\n",
        "bootstrap/c.yaml": CERTIFICATE,
        "bootstrap/i.yaml": ISSUER,
        "bootstrap/n.yaml": namespace("web"),
    }
    found = stages(tmp_path, files, capsys)
    assert [[item.get("name") for item in stage["items"]] for stage in found] == [
        [None],
        ["ClusterIssuer public", "Namespace web"],
        ["Certificate web/web"],
    ]
    assert [stage["by"] for stage in found] == ["RKE2, on the nodes", "RKE2", "RKE2"]
    assert found[2]["items"][0]["waits_for"] == [
        {"on": "ClusterIssuer public", "what": []},
        {"on": "Namespace web", "what": []},
    ]


def test_applications_come_wave_by_wave_with_what_their_objects_wait_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = root(first=application("first", -1), web=application("web", 10))
    files |= {"first/i.yaml": ISSUER, "web/c.yaml": CERTIFICATE, "web/n.yaml": namespace("web")}
    found = stages(tmp_path, files, capsys)
    assert [(stage["by"], stage["wave"]) for stage in found[2:]] == [
        ("Argo CD", "wave -1"),
        ("Argo CD", "wave 10"),
    ]
    [web] = found[3]["items"]
    assert (web["name"], web["objects"]) == ("Application web", 2)
    assert web["waits_for"] == [{"on": "Application first", "what": ["ClusterIssuer public"]}]


def test_what_is_done_by_hand_comes_before_the_first_who_need_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = application("web", 1).replace(
        "directory: {recurse: true}", "plugin: {name: argocd-vault-plugin}"
    )
    files = root(plain=application("plain", 0), web=secret) | {
        "bootstrap/vault.yaml": VAULT,
        "plain/a.yaml": config_map("a", "default"),
        "web/b.yaml": config_map("b", "default"),
    }
    found = stages(tmp_path, files, capsys)
    assert [stage["by"] for stage in found[2:]] == ["Argo CD", "by hand", "Argo CD"]
    assert found[3]["items"][0]["waits_for"][0]["on"] == "HelmChart vault"
    assert found[4]["items"][0]["waits_for"][0]["on"] == found[3]["items"][0]["name"]


def test_what_follows_from_another_need_is_not_told_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    charts = VAULT.replace("vault", "cert-manager")
    files = {
        "bootstrap/m.yaml": charts,
        "bootstrap/i.yaml": ISSUER,
        "bootstrap/c.yaml": CERTIFICATE,
    }
    [certificate] = stages(tmp_path, files, capsys)[3]["items"]
    assert [wait["on"] for wait in certificate["waits_for"]] == ["ClusterIssuer public"]


def test_what_cannot_come_up_is_told_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = root(web=application("web", 0)) | {"web/i.yaml": ISSUER}
    files["bootstrap/c.yaml"] = CERTIFICATE
    assert order(project(tmp_path, files), cluster="one", output="text") == 2
    said = capsys.readouterr().err
    assert said.startswith("yagura: Certificate web/web (wave 0) needs ClusterIssuer public")
    assert len(said.splitlines()) == 1


def test_a_cluster_without_a_dist_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="dist/one is not there: run make synth"):
        order(project(tmp_path, {}), cluster=None, output="text")


def test_our_own_clusters_come_up_and_vault_comes_before_who_asks_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert order(PROJECT, cluster="production", output="json") == 0
    found = json.loads(capsys.readouterr().out)["clusters"][0]["stages"]
    stage_of = {
        item["name"]: stage["stage"] for stage in found for item in stage["items"] if "name" in item
    }
    by_hand = next(stage["stage"] for stage in found if stage["by"] == "by hand")
    assert stage_of["HelmChart longhorn"] < stage_of["HelmChart vault"] < by_hand
    assert stage_of["ClusterIssuer internal-ca"] < stage_of["Certificate vault/vault-tls"]
    for name in ("argocd", "cert-manager", "dex", "external-dns", "longhorn"):
        assert stage_of[f"Application {name}"] > by_hand


def test_every_item_stands_after_all_that_it_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    order(PROJECT, cluster=None, output="json")
    for cluster in json.loads(capsys.readouterr().out)["clusters"]:
        known: set[str] = set()
        for stage in cluster["stages"]:
            items = [item for item in stage["items"] if "name" in item]
            same = {item["name"] for item in items}
            for item in items:
                waits = {wait["on"] for wait in item["waits_for"]}
                assert waits <= known | same, item["name"]
            known |= same


def test_the_text_names_every_object_of_the_bootstrap_folder_and_every_application(
    capsys: pytest.CaptureFixture[str],
) -> None:
    order(PROJECT, cluster="production", output="text")
    text = capsys.readouterr().out
    dist = PROJECT / "dist" / "production"
    names = [path.stem.partition("-")[2] for path in (dist / "root").glob("application-*.yaml")]
    names += [path.stem.partition("-")[2] for path in (dist / "bootstrap").glob("helmchart-*.yaml")]
    assert names
    assert all(name in text for name in names)
