"""A09, A11, A12, A14: what Applications apply."""

from __future__ import annotations

import json

import pytest

from tests.checks.rules.places import CLUSTER, OURS, WHOLE, in_files, places

OWN = CLUSTER.repository.url
SHARED = "syncOptions: [FailOnSharedResource=true, ServerSideApply=true]"


def application(
    name: str, path: str, *, policy: str = SHARED, namespace: str = "a", more: str = ""
) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  destination: {{server: "https://kubernetes.default.svc", namespace: {namespace}}}
  source: {{repoURL: "{OWN}", path: {path}, directory: {{recurse: true}}{more}}}
  syncPolicy: {{{policy}}}
"""


def config_map(name: str, annotations: str = "{}", **data: str) -> str:
    return (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, annotations: {annotations}}}\n"
        f"data: {json.dumps(data)}\n"
    )


def test_a_path_without_objects_is_blamed_in_our_own_repository_alone() -> None:
    text = application("web", "gone")
    assert places("A09", text, OURS) == ["Application/web /spec/source/path"]
    assert places("A09", text.replace(OWN, "https://git.example/a/b"), OURS) == []
    assert places("A09", text) == []


def test_a_path_with_an_object_far_below_is_fine() -> None:
    files = {"root.yaml": application("web", "./web/"), "web/a/b/c.yaml": config_map("c")}
    assert in_files("A09", files, OURS) == []
    files["root.yaml"] = files["root.yaml"].replace("recurse: true", "recurse: false")
    assert in_files("A09", files, OURS) == ["Application/web /spec/source/path"]


def test_a_plugin_reads_the_whole_folder() -> None:
    app = application("web", "web").replace("directory: {recurse: true}", "plugin: {name: a}")
    assert in_files("A09", {"root.yaml": app, "web/a/b.yaml": config_map("b")}, OURS) == []


def large(annotations: str = "{}", size: int = 300_000) -> dict[str, str]:
    return {"web/big.yaml": config_map("big", annotations, text="x" * size)}


def test_what_fits_no_annotation_is_applied_by_the_server() -> None:
    client_side = {"root.yaml": application("web", "web", policy="")}
    server_side = {"root.yaml": application("web", "web")}
    assert in_files("A11", client_side | large()) == ["ConfigMap/big"]
    assert in_files("A11", server_side | large()) == []
    assert in_files("A11", client_side | large(size=260_000)) == []
    assert in_files("A11", large()) == []


@pytest.mark.parametrize(("option", "blamed"), [("true", False), ("false", True)])
def test_an_objects_own_option_is_stronger(option: str, *, blamed: bool) -> None:
    apps = {"root.yaml": application("web", "web", policy=SHARED if blamed else "")}
    annotations = f"{{argocd.argoproj.io/sync-options: ServerSideApply={option}}}"
    assert in_files("A11", apps | large(annotations)) == (["ConfigMap/big"] if blamed else [])


PRUNING = "automated: {prune: true}"


@pytest.mark.parametrize(
    ("type_", "blamed"),
    [
        ("v1 Namespace", True),
        ("v1 PersistentVolumeClaim", True),
        ("apiextensions.k8s.io/v1 CustomResourceDefinition", True),
        ("storage.k8s.io/v1 StorageClass", True),
        ("argoproj.io/v1alpha1 AppProject", True),
        ("helm.cattle.io/v1 HelmChart", True),
        ("v1 Service", False),
    ],
)
def test_what_holds_data_is_not_pruned(type_: str, *, blamed: bool) -> None:
    api_version, kind = type_.split()
    object_ = f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: x}}\n"
    files = {"root.yaml": application("web", "web", policy=PRUNING), "web/x.yaml": object_}
    place = f"{kind}/x /metadata/annotations/argocd.argoproj.io~1sync-options"
    assert in_files("A12", files) == ([place, place] if blamed else [])
    assert places("A12", object_) == []


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ("Prune=confirm,Delete=confirm", 0),
        ("Prune=false, Delete=false", 0),
        ("Prune=confirm", 1),
        ("Delete=confirm", 1),
        ("Prune=true,Delete=true", 2),
    ],
)
def test_both_pruning_and_deleting_wait_for_a_person(options: str, problems: int) -> None:
    object_ = f"""\
apiVersion: v1
kind: Namespace
metadata: {{name: x, annotations: {{argocd.argoproj.io/sync-options: "{options}"}}}}
"""
    files = {"root.yaml": application("web", "web", policy=PRUNING), "web/x.yaml": object_}
    assert len(in_files("A12", files)) == problems


@pytest.mark.parametrize(
    "policy", ["", "automated: {}", "automated: {prune: true, enabled: false}"]
)
def test_what_is_not_pruned_anyway_needs_no_option(policy: str) -> None:
    object_ = "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"
    files = {"root.yaml": application("web", "web", policy=policy), "web/x.yaml": object_}
    assert in_files("A12", files) == []


def test_an_object_below_two_paths_is_blamed() -> None:
    files = {
        "one.yaml": application("one", "web"),
        "two.yaml": application("two", "web/sub"),
        "web/sub/x.yaml": config_map("x"),
        "web/y.yaml": config_map("y"),
    }
    assert in_files("A14", files) == ["ConfigMap/x"]


def test_one_folder_may_go_to_two_namespaces_or_clusters() -> None:
    files = {
        "one.yaml": application("one", "web"),
        "two.yaml": application("two", "web", namespace="b"),
        "three.yaml": application("three", "web").replace("kubernetes.default.svc", "far.example"),
        "web/x.yaml": config_map("x"),
    }
    assert in_files("A14", files) == []


def test_what_is_cluster_wide_cannot_go_to_two_namespaces() -> None:
    files = {
        "one.yaml": application("one", "web"),
        "two.yaml": application("two", "web", namespace="b"),
        "web/x.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
    }
    assert in_files("A14", files) == ["Namespace/x"]


def test_in_a_whole_cluster_every_object_has_an_application() -> None:
    files = {"root/a.yaml": application("root", "root"), "web/x.yaml": config_map("x")}
    assert in_files("A14", files, WHOLE) == ["ConfigMap/x"]
    assert in_files("A14", files) == []


def test_an_application_refuses_what_another_one_has() -> None:
    text = application("web", "web", policy="syncOptions: [ServerSideApply=true]")
    assert places("A14", text) == ["Application/web /spec/syncPolicy/syncOptions"]
