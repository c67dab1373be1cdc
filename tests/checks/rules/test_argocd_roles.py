"""A17: the policies of a project's roles."""

from __future__ import annotations

import pytest

from tests.checks.rules.telling import told


def project(*policies: str) -> str:
    listed = "".join(f"    - '{policy}'\n" for policy in policies)
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\n"
        "metadata: {name: apps, namespace: argocd}\n"
        f"spec:\n  roles:\n  - name: deploy\n    policies:\n{listed}"
    )


@pytest.mark.parametrize(
    ("policy", "messages"),
    [
        ("p, proj:apps:deploy, *, *, */*, allow",
         ["the resource * is none of a project",
          "*/* is not of this project: apps/* is all of it"]),
        ("p, proj:apps:deploy, applications, get, other/*, allow",
         ["other/* is not of this project: apps/* is all of it"]),
        ("p, proj:apps:deploy, applications, get, apps/, allow",
         ["apps/ is not of this project: apps/* is all of it"]),
        ("p, proj:other:deploy, applications, get, apps/*, allow",
         ["it is about proj:other:deploy, and stands in proj:apps:deploy"]),
        ("p, proj:apps:view, applications, get, apps/*, allow",
         ["it is about proj:apps:view, and stands in proj:apps:deploy"]),
        ("p, proj:apps:deploy, projects, get, apps/*, allow",
         ["the resource projects is none of a project"]),
        ("p, proj:apps:deploy, applications, read, apps/*, allow",
         ["the action read is none of *, create, delete, get, override, sync, update"]),
        ("p, proj:apps:deploy, applications, get, apps/*, permit",
         ["the effect permit is neither allow nor deny"]),
        ("p, proj:apps:deploy, applications, get, apps/*",
         ["it is not of the form 'p, SUBJECT, RESOURCE, ACTION, OBJECT, allow'"]),
        ("g, team, proj:apps:deploy",
         ["it is not of the form 'p, SUBJECT, RESOURCE, ACTION, OBJECT, allow'"]),
    ],
)  # fmt: skip
def test_a_policy_that_argo_cd_refuses_is_found(policy: str, messages: list[str]) -> None:
    found = told("A17", project(policy))
    assert {place for place, _ in found} == {"/spec/roles/0/policies/0"}
    assert sorted(message.partition(": applications,")[0] for _, message in found) == sorted(
        messages
    )


@pytest.mark.parametrize(
    "policy",
    [
        "p, proj:apps:deploy, applications, get, apps/*, allow",
        "p, proj:apps:deploy, applications, *, apps/whoami, deny",
        "p,proj:apps:deploy,applications,action/apps/Deployment/restart,apps/*,allow",
        "p, proj:apps:deploy, applications, delete/*/Pod/*, apps/*, allow",
        "p, proj:apps:deploy, applications, update/*, apps/*, allow",
        "p, proj:apps:deploy, logs, get, apps/whoami/web, allow",
    ],
)
def test_a_policy_within_the_project_is_right(policy: str) -> None:
    assert told("A17", project(policy)) == []
