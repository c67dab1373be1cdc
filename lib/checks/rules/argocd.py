"""A: what Argo CD may do, and that it does neither too much nor nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

APPLICATION = "Application.argoproj.io"
PROJECT = "AppProject.argoproj.io"


def _own_project(application: Document, model: Model) -> Iterator[Problem]:
    project = application.at("spec", "project")
    name = project.text()
    if name in {"", "default"}:
        yield project.problem(f"the project is {name or 'not given'}: name one of your own")
    elif model.decides(PROJECT, application.namespace) and not model.get(
        PROJECT, application.namespace, name
    ):
        yield project.problem(f"there is no AppProject {name!r} in {application.namespace!r}")


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
        good="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: whoami, namespace: argocd}
spec: {project: apps}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: apps, namespace: argocd}
""",
        bad="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: whoami, namespace: argocd}
spec: {project: default}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: other, namespace: argocd}
spec: {project: app}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: apps, namespace: argocd}
""",
    ),
)
