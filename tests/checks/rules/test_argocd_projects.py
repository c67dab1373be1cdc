"""A01 to A06: what projects allow, and whether Applications stay within it."""

from __future__ import annotations

import pytest

from tests.checks.rules.places import WHOLE, in_files, places

SERVER = "https://kubernetes.default.svc"


def project(spec: str, name: str = "apps") -> str:
    return (
        "---\napiVersion: argoproj.io/v1alpha1\nkind: AppProject\n"
        f"metadata: {{name: {name}, namespace: argocd}}\nspec: {spec}\n"
    )


def application(spec: str) -> str:
    return (
        "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: web, namespace: argocd}}\nspec: {spec}\n"
    )


ARGOCD = """\
---
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: argocd, namespace: kube-system}
spec: {chart: argo-cd, targetNamespace: argocd}
"""
LOCKED = "{namespaceResourceBlacklist: [{group: '*', kind: '*'}]}"


def test_an_application_without_a_project_is_blamed() -> None:
    assert places("A01", application("{}")) == ["Application/web /spec/project"]


def test_a_project_that_may_be_elsewhere_is_not_called_missing() -> None:
    assert places("A01", application("{project: apps}")) == []


def test_whoever_installs_argo_cd_ships_the_project_default() -> None:
    assert places("A02", ARGOCD, WHOLE) == ["HelmChart/argocd"]
    assert places("A02", ARGOCD + project(LOCKED, "default"), WHOLE) == []
    assert places("A02", ARGOCD) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sourceRepos", "[https://git.example/a/b]"),
        ("destinations", "[{name: in-cluster, namespace: a}]"),
        ("sourceNamespaces", "[a]"),
        ("clusterResourceWhitelist", "[{group: '', kind: Namespace}]"),
    ],
)
def test_the_project_default_allows_nothing(field: str, value: str) -> None:
    spec = LOCKED.replace("{namespace", f"{{{field}: {value}, namespace", 1)
    assert places("A02", project(spec, "default")) == [f"AppProject/default /spec/{field}"]


def test_the_project_default_denies_every_kind() -> None:
    denied = "AppProject/default /spec/namespaceResourceBlacklist"
    assert places("A02", project("{}", "default")) == [denied]


@pytest.mark.parametrize(
    ("spec", "pointer"),
    [
        ("{sourceRepos: ['*']}", "/spec/sourceRepos/0"),
        ("{sourceRepos: ['https://git.example/*']}", "/spec/sourceRepos/0"),
        ("{sourceRepos: ['https://*.example/a/b']}", "/spec/sourceRepos/0"),
        ("{destinations: [{server: '*', namespace: a}]}", "/spec/destinations/0/server"),
        ("{destinations: [{server: 'https://*', namespace: a}]}", "/spec/destinations/0/server"),
        ("{destinations: [{name: '*', namespace: a}]}", "/spec/destinations/0/name"),
        ("{destinations: [{name: a, namespace: '*-b'}]}", "/spec/destinations/0/namespace"),
        ("{sourceNamespaces: ['?*']}", "/spec/sourceNamespaces/0"),
    ],
)
def test_a_pattern_without_a_beginning_is_blamed(spec: str, pointer: str) -> None:
    assert places("A03", project(spec)) == [f"AppProject/apps {pointer}"]


@pytest.mark.parametrize(
    "spec",
    [
        "{sourceRepos: ['https://git.example/org/*', 'git@git.example:org/*']}",
        "{sourceRepos: ['!*'], destinations: [{server: '!*', namespace: '!kube-*'}]}",
        "{destinations: [{name: in-cluster, namespace: 'team-*'}], sourceNamespaces: ['team-*']}",
        "{sourceRepos: [1, null], destinations: [[]], sourceNamespaces: {}}",
    ],
)
def test_a_pattern_with_a_beginning_of_its_own_is_fine(spec: str) -> None:
    assert places("A03", project(spec)) == []


@pytest.mark.parametrize("kind", ["'*'", "'**'", "'?*'"])
def test_any_cluster_wide_kind_is_too_many(kind: str) -> None:
    spec = f"{{clusterResourceWhitelist: [{{group: a, kind: {kind}}}]}}"
    assert places("A04", project(spec)) == ["AppProject/apps /spec/clusterResourceWhitelist/0"]


def destinations(*namespaces: str, server: str = SERVER) -> str:
    entries = ", ".join(f"{{server: '{server}', namespace: '{each}'}}" for each in namespaces)
    return f"{{destinations: [{entries}]}}"


def test_a_second_project_with_argo_cds_namespace_is_blamed() -> None:
    platform = project(destinations("argocd"), "platform")
    assert places("A05", platform + project(destinations("a", "argo*"))) == [
        "AppProject/apps /spec/destinations/1"
    ]
    assert places("A05", platform + project(destinations("*", "!argocd"))) == []
    assert places("A05", platform + project(destinations("argocd", server="https://b"))) == []


def test_the_only_project_with_argo_cds_namespace_is_the_platforms() -> None:
    assert places("A05", project(destinations("argocd"))) == []


PERMISSIVE = f"""
  sourceRepos: [https://git.example/org/repo]
  destinations: [{{server: {SERVER}, namespace: web}}]
  clusterResourceWhitelist: [{{group: '', kind: Namespace}}]
"""
APPLICATION = f"""
  project: apps
  destination: {{server: {SERVER}, namespace: web}}
  source: {{repoURL: https://git.example/org/repo.git, path: web, directory: {{recurse: true}}}}
"""


def object_(api_version: str, kind: str, namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: x{where}}}\n"


def judged(spec: str, *objects: str, app: str = APPLICATION) -> list[str]:
    files = {f"web/sub/{number}.yaml": text for number, text in enumerate(objects)}
    return in_files("A06", {"root.yaml": project(spec) + application(app), **files})


@pytest.mark.parametrize(
    ("pattern", "permitted"),
    [
        ("https://git.example/org/repo", True),
        ("HTTPS://git.example/ORG/repo.git", True),
        ("https://git.example/org/*", True),
        ("https://git.example/*", False),
        ("https://git.example/**", True),
        ("'!https://git.example/org/repo'", False),
        ("'!https://git.example/org/other'", True),
        ("git@git.example:org/repo", False),
    ],
)
def test_a_repository_is_permitted_as_argo_cd_decides(pattern: str, *, permitted: bool) -> None:
    spec = PERMISSIVE.replace("https://git.example/org/repo", pattern)
    expected = [] if permitted else ["Application/web /spec/source/repoURL"]
    assert judged(spec) == expected


def test_one_denial_is_stronger_than_all_permissions() -> None:
    spec = PERMISSIVE.replace("sourceRepos: [", "sourceRepos: ['*', '!https://git.example/org/*', ")
    assert judged(spec) == ["Application/web /spec/source/repoURL"]


@pytest.mark.parametrize(
    ("entries", "permitted"),
    [
        (f"[{{server: {SERVER}, namespace: web}}]", True),
        ("[{name: in-cluster, namespace: w*}]", True),
        (f"[{{server: {SERVER}, namespace: other}}]", False),
        ("[{server: https://other, namespace: web}]", False),
        ("[{server: '*', namespace: '*'}, {server: '*', namespace: '!web'}]", False),
        ("[{server: '*', namespace: '*'}, {server: '!https://kube*', namespace: '*'}]", False),
        ("[{server: '*', namespace: '*'}, {name: '!in-cluster', namespace: x}]", False),
        ("[]", False),
    ],
)
def test_a_destination_is_permitted_as_argo_cd_decides(entries: str, *, permitted: bool) -> None:
    spec = PERMISSIVE.replace(f"[{{server: {SERVER}, namespace: web}}]", entries)
    expected = [] if permitted else ["Application/web /spec/destination"]
    assert judged(spec) == expected


@pytest.mark.parametrize(
    ("lists", "object_", "permitted"),
    [
        ("{}", object_("v1", "ConfigMap", "web"), True),
        ("{namespaceResourceWhitelist: []}", object_("v1", "ConfigMap", "web"), False),
        ("{namespaceResourceWhitelist: [{group: '', kind: Config*}]}",
         object_("v1", "ConfigMap", "web"), True),
        ("{namespaceResourceWhitelist: [{group: apps, kind: '*'}]}",
         object_("v1", "ConfigMap", "web"), False),
        ("{namespaceResourceBlacklist: [{group: '*', kind: ConfigMap}]}",
         object_("v1", "ConfigMap", "web"), False),
        ("{}", object_("v1", "Namespace"), True),
        ("{clusterResourceBlacklist: [{group: '', kind: Namespace}]}",
         object_("v1", "Namespace"), False),
        ("{}", object_("rbac.authorization.k8s.io/v1", "ClusterRole"), False),
        ("{clusterResourceWhitelist: [{group: '', kind: Namespace, name: y*}]}",
         object_("v1", "Namespace"), False),
    ],
)  # fmt: skip
def test_a_kind_is_permitted_as_argo_cd_decides(
    lists: str, object_: str, *, permitted: bool
) -> None:
    own = lists.strip("{}")
    spec = PERMISSIVE
    if own.startswith("clusterResourceWhitelist"):
        spec = PERMISSIVE.rpartition("  cluster")[0]
    kind = object_.partition("kind: ")[2].partition("\n")[0]
    expected = [] if permitted else [f"{kind}/x /kind"]
    assert judged(f"{spec}  {own}\n" if own else spec, object_) == expected


def test_an_objects_own_namespace_has_to_be_permitted() -> None:
    assert judged(PERMISSIVE, object_("v1", "ConfigMap", "other")) == [
        "ConfigMap/x /metadata/namespace"
    ]


def test_an_object_without_a_namespace_goes_where_its_application_does() -> None:
    assert judged(PERMISSIVE, object_("v1", "ConfigMap")) == []


def test_a_kind_that_nothing_describes_is_blamed_only_where_neither_list_permits_it() -> None:
    unknown = object_("nobody.example/v1", "Thing")
    assert judged(PERMISSIVE, unknown) == []
    assert judged(f"{PERMISSIVE}  namespaceResourceWhitelist: []\n", unknown) == ["Thing/x /kind"]


def test_a_definition_in_the_set_tells_a_kinds_scope() -> None:
    definition = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.nobody.example}
spec: {group: nobody.example, scope: Cluster, names: {kind: Thing}}
"""
    files = {"root.yaml": project(PERMISSIVE) + application(APPLICATION), "crd.yaml": definition}
    files["web/a.yaml"] = object_("nobody.example/v1", "Thing")
    assert in_files("A06", files) == ["Thing/x /kind"]


def test_what_only_a_tool_could_render_is_not_judged() -> None:
    app = APPLICATION.replace("directory: {recurse: true}", "kustomize: {}")
    assert judged(PERMISSIVE, object_("v1", "ConfigMap", "other"), app=app) == []


def test_a_folder_is_read_without_its_subfolders_unless_it_says_so() -> None:
    app = APPLICATION.replace("recurse: true", "recurse: false")
    assert judged(PERMISSIVE, object_("v1", "ConfigMap", "other"), app=app) == []
