"""The committed dist/ is what the cluster gets: every object in it is valid, none is skipped."""

from __future__ import annotations

from pathlib import Path

from lib import yaml_text
from lib.checks.kubeconform import find_kubeconform, kubernetes_schemas, validate

ROOT = Path(__file__).resolve().parent.parent
# nodes/ holds files for the nodes themselves, which are no Kubernetes objects.
FILES = sorted(
    path
    for path in (ROOT / "dist").rglob("*.yaml")
    if path.relative_to(ROOT / "dist").parts[1] != "nodes"
)


def test_every_object_in_dist_is_valid_for_kubernetes_1_36_and_none_is_skipped(
    tmp_path: Path,
) -> None:
    report = validate(
        FILES,
        objects=len(FILES),
        schemas=ROOT / "schemas",
        kubernetes=kubernetes_schemas("1.36", tmp_path),
        binary=find_kubeconform(ROOT),
    )
    assert report.problems == ()
    assert (report.valid, report.invalid, report.errors, report.skipped) == (len(FILES), 0, 0, 0)


def test_dist_has_the_one_whole_path_through_the_platform() -> None:
    found = {path.relative_to(ROOT / "dist" / "production").as_posix() for path in FILES}
    assert {
        "bootstrap/helmchart-argocd.yaml",
        "bootstrap/argocd/application-argocd-root.yaml",
        "bootstrap/helmchart-traefik.yaml",
        "traefik/certificate-wildcard.yaml",
        "root/application-whoami.yaml",
        "whoami/ingressroute-web.yaml",
        "argocd/secret-argocd-oidc.yaml",
    } <= found


def test_every_file_is_one_document_that_says_which_python_file_to_change() -> None:
    for path in FILES:
        first, marker, body = path.read_text(encoding="utf-8").split("\n", 2)
        named = first.removeprefix("# yagura made this from ").partition(";")[0]
        assert (ROOT / named).is_file(), path
        assert marker == "---", path
        assert set(yaml_text.load(body)) >= {"apiVersion", "kind", "metadata"}, path


def test_dist_holds_nothing_but_what_argo_cd_or_rke2_applies() -> None:
    everything = [path for path in (ROOT / "dist").rglob("*") if path.is_file()]
    nodes = {path for path in everything if path.relative_to(ROOT / "dist").parts[1] == "nodes"}
    assert sorted(set(everything) - nodes) == FILES
