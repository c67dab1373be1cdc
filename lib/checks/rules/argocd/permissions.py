"""A05 and A06: Argo CD's own namespace is the platform's, and projects permit what apps want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.applications import (
    APPLICATION,
    IN_CLUSTER,
    Destination,
    applied_by,
    destination,
    namespace_of,
    sources,
)
from lib.checks.projects import (
    PROJECT,
    permits_destination,
    permits_kind,
    permits_source,
    permitting,
)
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.argocd import examples
from lib.checks.scopes import is_namespaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

PLATFORM = "platform"


def _argocd_is_the_platforms(project: Document, model: Model) -> Iterator[Problem]:
    holders = [each for each in model.of(PROJECT) if _reaching_argocd(each)]
    named = [each for each in holders if each.name == PLATFORM]
    keepers = named or (holders if len(holders) == 1 else [])
    if project in holders and project not in keepers:
        for entry in _reaching_argocd(project):
            yield entry.problem(
                f"its Applications could write to {project.namespace}, and so give themselves "
                "every right that Argo CD has"
            )


def _reaching_argocd(project: Document) -> list[Place]:
    here = Destination(*IN_CLUSTER)
    if not project.namespace or not permits_destination(project, here, project.namespace):
        return []
    return permitting(project, here, project.namespace)


def _permitted(application: Document, model: Model) -> Iterator[Problem]:
    name = application.text("spec", "project")
    project = model.get(PROJECT, application.namespace, name)
    if project is None or name == "default":  # A01
        return
    for source in sources(application):
        repository = source.at("repoURL")
        if repository.text() and not permits_source(project, repository.text()):
            yield repository.problem(f"the project {name} does not permit {repository.text()}")
    place = application.at("spec", "destination")
    namespace, cluster = place.text("namespace"), destination(application)
    if any(cluster) and not permits_destination(project, cluster, namespace):
        where = f"{namespace or 'no namespace'} of {cluster.server or cluster.name}"
        yield place.problem(f"the project {name} does not permit {where}")
    for document in applied_by(application, model):
        yield from _object(document, application, project, model)


def _object(
    document: Document, application: Document, project: Document, model: Model
) -> Iterator[Problem]:
    scope = is_namespaced(document, model)
    scopes = (True, False) if scope is None else (scope,)
    if not any(permits_kind(project, document, namespaced=each) for each in scopes):
        yield document.at("kind").problem(
            f"the project {project.name} of the Application {application.name} does not permit "
            f"{document.type}"
        )
    # What names no namespace goes where the Application does, which has been judged already.
    if document.namespace and scope is not False:
        namespace = namespace_of(document, application, model)
        cluster = destination(application)
        if any(cluster) and not permits_destination(project, cluster, namespace):
            yield document.at("metadata", "namespace").problem(
                f"the project {project.name} of the Application {application.name} does not permit "
                f"the namespace {namespace}"
            )


_PROJECT = f"""\
{examples.HERE}\
---
{examples.PROJECT}\
  sourceRepos: [https://git.example/platform.git]
  destinations: [{{server: "https://kubernetes.default.svc", namespace: whoami}}]
  clusterResourceWhitelist: [{{group: "", kind: Namespace}}]
  namespaceResourceWhitelist:
  - {{group: argoproj.io, kind: "*"}}
  - {{group: "", kind: ConfigMap}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: web, namespace: whoami}}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="A05",
        title="Only the project platform may write to Argo CD's own namespace",
        severity=Severity.P0,
        reason="Who can make Applications, projects and credentials there has Argo CD's rights, "
        "which are those of an administrator.",
        source="Argo CD docs/operator-manual/declarative-setup.md, App of Apps",
        fix="Remove the namespace from the project's destinations.",
        exempt=Exempt.NEVER,
        types=(PROJECT,),
        subjects=documents(PROJECT),
        check=_argocd_is_the_platforms,
        good=f"""\
{examples.PROJECT}\
  destinations: [{{server: "https://kubernetes.default.svc", namespace: whoami}}]
---
{examples.PLATFORM}\
  destinations: [{{server: "https://kubernetes.default.svc", namespace: argocd}}]
""",
        bad=f"""\
{examples.PROJECT}\
  destinations: [{{server: "https://kubernetes.default.svc", namespace: "argo*"}}]
---
{examples.PLATFORM}\
  destinations: [{{server: "https://kubernetes.default.svc", namespace: argocd}}]
""",
    ),
    Rule(
        id="A06",
        title="An Application's project permits its repository, its namespace and every kind below "
        "its path",
        severity=Severity.P0,
        reason="Argo CD refuses the whole sync when the cluster already waits for it.",
        source="Argo CD pkg/apis/application/v1alpha1/app_project_types.go",
        fix="Add it to the project where the app may have it; else take it out of the app.",
        exempt=Exempt.NEVER,
        types=(APPLICATION,),
        subjects=documents(APPLICATION),
        check=_permitted,
        # The Application and its project lie in the folder too, so argocd has to be permitted.
        good=_PROJECT.replace(
            "namespace: whoami}]\n  cluster",
            'namespace: whoami}, {name: in-cluster, namespace: "argo*"}]\n  cluster',
        ),
        bad=_PROJECT.replace("kind: ConfigMap}", "kind: Service}").replace(
            "sourceRepos: [https://git.example/", "sourceRepos: [https://git.example/other/"
        ),
    ),
)
