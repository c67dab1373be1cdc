"""A01 to A04: each Application has a project of its own, and none of them allows everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.applications import APPLICATION
from lib.checks.charts import charts, installed_by
from lib.checks.globs import SPECIAL
from lib.checks.projects import PROJECT
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.argocd import examples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_DEFAULT = "default"
_EMPTY = ("sourceRepos", "sourceNamespaces", "destinations", "clusterResourceWhitelist")


def _own_project(application: Document, model: Model) -> Iterator[Problem]:
    project = application.at("spec", "project")
    name = project.text()
    if name in {"", _DEFAULT}:
        yield project.problem(f"the project is {name or 'not given'}: name one of your own")
    elif model.decides(PROJECT, application.namespace) and not model.get(
        PROJECT, application.namespace, name
    ):
        yield project.problem(f"there is no AppProject {name!r} in {application.namespace!r}")


def _projects_and_argocd(model: Model) -> Iterable[Document]:
    installing = (chart.document for chart in model.derived(charts) if chart.name == "argo-cd")
    return dict.fromkeys((*model.of(PROJECT), *installing))


def _default_is_locked(document: Document, model: Model) -> Iterator[Problem]:
    if document.type == PROJECT:
        if document.name == _DEFAULT:
            yield from _what_it_allows(document)
        return
    for chart in installed_by(document, model):
        if chart.name == "argo-cd":
            there = model.get(PROJECT, chart.namespace, _DEFAULT)
            if there is None and model.decides(PROJECT, chart.namespace):
                yield document.root.problem(
                    f"no AppProject default in {chart.namespace!r}: Argo CD makes one that allows "
                    "everything"
                )


def _what_it_allows(project: Document) -> Iterator[Problem]:
    for field in _EMPTY:
        if project.at("spec", field).items():
            yield project.at("spec", field).problem("the project default is to allow nothing")
    denied = project.at("spec", "namespaceResourceBlacklist")
    if not any(each.value == {"group": "*", "kind": "*"} for each in denied.each()):
        yield denied.problem("the project default is to deny every kind: group '*', kind '*'")


def _no_wildcards(project: Document, _: Model) -> Iterator[Problem]:
    for source in project.each("spec", "sourceRepos"):
        if not _names_an_owner(source.text()):
            yield source.problem(
                f"{source.text()} is any repository: name the host and the organization at least"
            )
    for entry in project.each("spec", "destinations"):
        for key in ("server", "name", "namespace"):
            if _starts_anywhere(entry.text(key)):
                yield entry.at(key).problem(f"{key} {entry.text(key)} is not limited")
    for namespace in project.each("spec", "sourceNamespaces"):
        if _starts_anywhere(namespace.text()):
            yield namespace.problem(f"Applications of {namespace.text()} could use the project")


def _starts_anywhere(pattern: str) -> bool:
    """Whether a pattern, which denies nothing, has no beginning of its own."""
    special = None if pattern.startswith("!") else SPECIAL.search(pattern)
    return special is not None and not pattern[: special.start()].rpartition("//")[2]


def _names_an_owner(pattern: str) -> bool:
    """Whether a repository's host and organization are fixed, whatever follows."""
    special = None if pattern.startswith("!") else SPECIAL.search(pattern)
    if special is None:
        return True
    fixed = pattern[: special.start()].rpartition("://")[2].replace(":", "/")
    return fixed.count("/") > 1 and "" not in fixed.split("/")[:2]


def _cluster_kinds(project: Document, _: Model) -> Iterator[Problem]:
    for entry in project.each("spec", "clusterResourceWhitelist"):
        if _is_any(entry.at("kind")):
            kinds = f"{entry.text('group') or 'core'}/{entry.text('kind')}"
            yield entry.problem(f"{kinds} allows cluster-wide kinds that nobody has named")


def _is_any(kind: Place) -> bool:
    return kind.text().strip("*?") == "" and kind.text() != ""


RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="A01",
        title="An Application names a project of its own, which exists",
        severity=Severity.P0,
        reason="The project default allows every repository, namespace and kind; one that does not "
        "exist keeps the Application from syncing.",
        source="Argo CD docs/user-guide/projects.md; kyverno/policies "
        "application-prevent-default-project",
        fix="Set spec.project to an AppProject that allows just what the app needs.",
        exempt=Exempt.NEVER,
        types=(APPLICATION,),
        subjects=documents(APPLICATION),
        check=_own_project,
        good=f"""\
{examples.APPLICATION}\
  project: apps
---
{examples.PROJECT}\
  sourceRepos: [https://git.example/platform.git]
""",
        bad=f"""\
{examples.APPLICATION}\
  project: default
---
{examples.APPLICATION.replace("whoami", "other")}\
  project: app
---
{examples.PROJECT}\
  sourceRepos: [https://git.example/platform.git]
""",
    ),
    Rule(
        id="A02",
        title="The project default is shipped, and allows nothing",
        severity=Severity.P1,
        reason="Argo CD makes it open to everything, and an Application without a project lands in "
        "it.",
        source="Argo CD docs/user-guide/projects.md, The Default Project",
        fix="Ship an AppProject default with empty sourceRepos and destinations, and every kind in "
        "namespaceResourceBlacklist.",
        exempt=Exempt.ANNOTATION,
        types=(PROJECT,),
        subjects=_projects_and_argocd,
        check=_default_is_locked,
        good=f"""\
{examples.PROJECT.replace("apps", "default")}\
  sourceRepos: []
  destinations: []
  namespaceResourceBlacklist: [{{group: "*", kind: "*"}}]
""",
        bad=f"""\
{examples.PROJECT.replace("apps", "default")}\
  sourceRepos: ["*"]
  destinations: [{{server: "*", namespace: "*"}}]
""",
    ),
    Rule(
        id="A03",
        title="A project names its repositories, clusters and namespaces",
        severity=Severity.P0,
        reason="Whoever may write to any repository or namespace that a wildcard covers may deploy "
        "what they like, where they like.",
        source="Argo CD docs/user-guide/projects.md",
        fix="List them; a pattern for repositories begins with a host and an organization.",
        exempt=Exempt.ANNOTATION,
        types=(PROJECT,),
        subjects=documents(PROJECT),
        check=_no_wildcards,
        good=f"""\
{examples.PROJECT}\
  sourceRepos: [https://git.example/festival/*]
  destinations: [{{server: "https://kubernetes.default.svc", namespace: whoami}}]
""",
        bad=f"""\
{examples.PROJECT}\
  sourceRepos: ["*", https://git.example/*]
  destinations: [{{server: "https://kubernetes.default.svc", namespace: "*"}}]
  sourceNamespaces: ["*"]
""",
    ),
    Rule(
        id="A04",
        title="A project names each cluster-wide kind that its Applications may apply",
        severity=Severity.P0,
        reason="ClusterRoleBindings, webhooks and definitions take over the cluster.",
        source="Argo CD docs/user-guide/projects.md; kyverno/policies "
        "appproject-clusterresourceblacklist",
        fix="List group and kind in clusterResourceWhitelist, such as Namespace.",
        exempt=Exempt.ANNOTATION,
        types=(PROJECT,),
        subjects=documents(PROJECT),
        check=_cluster_kinds,
        good=f"""\
{examples.PROJECT}\
  clusterResourceWhitelist: [{{group: "", kind: Namespace}}]
""",
        bad=f"""\
{examples.PROJECT}\
  clusterResourceWhitelist: [{{group: "*", kind: "*"}}]
""",
    ),
)
