"""A07, A08, A10, A13, A16: what Applications say of themselves."""

from __future__ import annotations

import pytest

from tests.checks.rules.places import CLUSTER, OURS, in_files, places

OWN = CLUSTER.repository.url
OTHER = "https://git.example/other/repo"


def application(spec: str, metadata: str = "name: web, namespace: argocd") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{{metadata}}}\nspec: {spec}\n"
    )


@pytest.mark.parametrize(
    ("spec", "pointers"),
    [
        ("{source: {path: a}, destination: {name: b}}", []),
        ("{source: {chart: a}, destination: {server: b}}", []),
        ("{sources: [{path: a}, {ref: b}], destination: {name: b}}", []),
        ("{sourceHydrator: {}, destination: {name: b}}", []),
        ("{source: {path: a, chart: b}, destination: {name: b}}", ["/spec/source"]),
        ("{source: {repoURL: a}, destination: {name: b}}", ["/spec/source"]),
        ("{sources: [{path: a}, {}], destination: {name: b}}", ["/spec/sources/1"]),
        ("{source: {path: a}, sources: [{path: b}], destination: {name: b}}", ["/spec/source"]),
        ("{destination: {name: b}}", ["/spec"]),
        ("{source: {path: a, helm: {}, plugin: {}}, destination: {name: b}}", ["/spec/source"]),
        ("{source: {path: a}, destination: {name: b, server: c}}", ["/spec/destination"]),
        ("{source: {path: a}, destination: {namespace: b}}", ["/spec/destination"]),
        ("{source: {path: a}}", ["/spec/destination"]),
        ("{source: [a], sources: {b: c}, destination: 1}", ["/spec", "/spec/destination"]),
    ],
)
def test_an_application_has_one_kind_of_source_and_one_cluster(
    spec: str, pointers: list[str]
) -> None:
    assert places("A07", application(spec)) == [f"Application/web {each}" for each in pointers]


@pytest.mark.parametrize(
    ("repository", "revision", "fixed"),
    [
        (OWN, "main", True),
        (OWN.removesuffix(".git"), "main", True),
        (OWN, "HEAD", False),
        (OWN, "", False),
        (OWN, "1.*", False),
        (OTHER, "main", False),
        (OTHER, "v1.2.3", True),
        (OTHER, "1.2.3-rc.1", True),
        (OTHER, "0123456789012345678901234567890123456789", True),
        (OTHER, "0123456", False),
        (OTHER, ">=1.2.3", False),
        (OTHER, "1.x", False),
    ],
)
def test_only_our_own_branch_may_move(repository: str, revision: str, *, fixed: bool) -> None:
    spec = f"{{source: {{repoURL: {repository}, path: a, targetRevision: '{revision}'}}}}"
    expected = [] if fixed else ["Application/web /spec/source/targetRevision"]
    assert places("A08", application(spec), OURS) == expected


def test_whose_branch_it_is_is_not_known_of_a_folder_of_anyones() -> None:
    spec = f"{{source: {{repoURL: {OTHER}, path: a, targetRevision: main}}}}"
    assert places("A08", application(spec)) == []


@pytest.mark.parametrize("option", ["Validate=false", "Replace=true", "Force=true"])
def test_force_is_blamed_on_the_application_and_on_the_object(option: str) -> None:
    spec = f"{{syncPolicy: {{syncOptions: [Prune=true, {option}]}}}}"
    assert places("A10", application(spec)) == ["Application/web /spec/syncPolicy/syncOptions/1"]
    annotation = f"argocd.argoproj.io/sync-options: 'Prune=false, {option}'"
    config = (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, annotations: {{{annotation}}}}}"
    )
    assert places("A10", config) == [
        "ConfigMap/a /metadata/annotations/argocd.argoproj.io~1sync-options"
    ]


@pytest.mark.parametrize("option", ["Validate=true", "Replace=false", "Force=false", "1", "''"])
def test_what_forces_nothing_is_fine(option: str) -> None:
    assert places("A10", application(f"{{syncPolicy: {{syncOptions: [{option}]}}}}")) == []


FINALIZER = "name: web, finalizers: [other, resources-finalizer.argocd.argoproj.io/background]"
FOLDER = "{source: {path: web, directory: {}}}"


@pytest.mark.parametrize(
    ("content", "blamed"),
    [
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}", False),
        ("apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}", True),
        ("apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: a}", True),
        (application("{}"), True),
    ],
)
def test_a_finalizer_is_blamed_where_data_hangs_on_it(content: str, *, blamed: bool) -> None:
    files = {"root.yaml": application(FOLDER, FINALIZER), "web/a.yaml": content}
    expected = ["Application/web /metadata/finalizers/1"] if blamed else []
    assert in_files("A13", files) == expected


def test_what_a_chart_makes_is_known_of_nobodys_folder() -> None:
    text = application("{source: {chart: a}}", FINALIZER)
    assert places("A13", text) == []
    assert places("A13", text, OURS) == ["Application/web /metadata/finalizers/1"]


@pytest.mark.parametrize(
    ("entry", "blamed"),
    [
        ("{jsonPointers: [/spec]}", "/jsonPointers/0"),
        ("{jsonPointers: [/spec/replicas, /data]}", "/jsonPointers/1"),
        ("{jsonPointers: [/]}", "/jsonPointers/0"),
        ("{jsonPointers: [/spec/template/spec]}", "/jsonPointers/0"),
        ("{jsonPointers: [/webhooks]}", "/jsonPointers/0"),
        ("{jqPathExpressions: [.]}", "/jqPathExpressions/0"),
        ("{jqPathExpressions: ['.webhooks[]']}", "/jqPathExpressions/0"),
        ("{jsonPointers: [/data/ca, /status, /webhooks/0/clientConfig/caBundle]}", ""),
        ("{jqPathExpressions: ['.webhooks[].clientConfig.caBundle']}", ""),
        ("{managedFieldsManagers: [a]}", ""),
        ("[1]", ""),
    ],
)
def test_only_narrow_differences_are_overlooked(entry: str, blamed: str) -> None:
    found = places("A16", application(f"{{ignoreDifferences: [{entry}]}}"))
    assert found == ([f"Application/web /spec/ignoreDifferences/0{blamed}"] if blamed else [])
