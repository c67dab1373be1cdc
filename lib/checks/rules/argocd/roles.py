"""A17: what the roles of a project may do, Argo CD understands, and it ends at the project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.checks.projects import PROJECT
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.argocd import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

# ProjectScoped in util/rbac; the rest is in pkg/apis/application/v1alpha1/types.go.
_RESOURCES = frozenset(
    {"applications", "applicationsets", "clusters", "exec", "logs", "repositories"}
)
_ACTIONS = frozenset({"*", "create", "delete", "get", "override", "sync", "update"})
# One action of a resource, or what may be done to single objects of an Application.
_FINE_GRAINED = ("action/", "delete/", "update/")
_NAME = r"[*\w.-]+"
_FIELDS = 6


def _within_the_project(project: Document, _: Model) -> Iterator[Problem]:
    for role in project.each("spec", "roles"):
        for policy in role.each("policies"):
            if policy.text() and project.name:
                yield from _policy(policy, project.name, role.text("name"))


def _policy(policy: Place, project: str, role: str) -> Iterator[Problem]:
    fields = [field.strip() for field in policy.text().split(",")]
    if len(fields) != _FIELDS or fields[0] != "p":
        yield policy.problem("it is not of the form 'p, SUBJECT, RESOURCE, ACTION, OBJECT, allow'")
        return
    _, subject, resource, action, object_, effect = fields
    if subject != f"proj:{project}:{role}":
        yield policy.problem(f"it is about {subject}, and stands in proj:{project}:{role}")
    if resource not in _RESOURCES:
        named = ", ".join(sorted(_RESOURCES))
        yield policy.problem(f"the resource {resource} is none of a project: {named}")
    if action not in _ACTIONS and not action.startswith(_FINE_GRAINED):
        yield policy.problem(f"the action {action} is none of {', '.join(sorted(_ACTIONS))}")
    if not re.fullmatch(rf"{re.escape(project)}(?:/{_NAME})?/{_NAME}", object_, re.ASCII):
        yield policy.problem(f"{object_} is not of this project: {project}/* is all of it")
    if effect not in {"allow", "deny"}:
        yield policy.problem(f"the effect {effect} is neither allow nor deny")


_GOOD = f"""\
{examples.PROJECT}\
  roles:
  - name: deploy
    policies:
    - p, proj:apps:deploy, applications, get, apps/*, allow
    - p, proj:apps:deploy, applications, sync, apps/*, allow
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="A17",
        title="A project's roles may do what there is to do in this project",
        severity=Severity.P0,
        reason="Argo CD takes a project with a policy that it does not understand, or that reaches "
        "into another project, for invalid, and syncs none of its Applications.",
        source="validatePolicy in pkg/apis/application/v1alpha1/types.go of argoproj/argo-cd",
        fix="Write p, proj:PROJECT:ROLE, applications, ACTION, PROJECT/*, allow.",
        exempt=Exempt.NEVER,
        types=(PROJECT,),
        subjects=documents(PROJECT),
        check=_within_the_project,
        good=_GOOD,
        bad=_GOOD.replace("applications, sync, apps/*", "*, *, */*"),
    ),
)
