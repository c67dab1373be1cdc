"""G29: a binding gives a role that exists, to accounts that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.kinds import BINDINGS, RBAC
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.references.lookup import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

# The API server makes these, and all that begin with `system:`.
_GIVEN = frozenset({"admin", "cluster-admin", "edit", "view"})
_GIVEN_ROLES = frozenset({"extension-apiserver-authentication-reader"})  # in kube-system


def _leads_somewhere(binding: Document, model: Model) -> Iterator[Problem]:
    role = binding.at("roleRef", "name")
    kind = binding.text("roleRef", "kind")
    name = role.text()
    if name.startswith("system:") or name in (_GIVEN if kind == "ClusterRole" else _GIVEN_ROLES):
        pass
    elif name and kind == "Role":
        yield from missing(role, model, f"Role.{RBAC}", binding.namespace, name)
    elif name and kind == "ClusterRole":
        yield from missing(role, model, f"ClusterRole.{RBAC}", "", name)
    for subject in binding.each("subjects"):
        account = subject.at("name")
        if subject.text("kind") != "ServiceAccount" or account.text() in {"", "default"}:
            continue
        # In a RoleBinding it is the binding's own, where it is left out.
        namespace = subject.text("namespace") or binding.namespace
        if namespace:
            yield from missing(account, model, "ServiceAccount", namespace, account.text())
        else:
            yield subject.problem("a ServiceAccount needs its namespace in a ClusterRoleBinding")


_GOOD = """\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: whoami}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: look, namespace: whoami}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: look, namespace: whoami}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: look}
subjects: [{kind: ServiceAccount, name: web, namespace: whoami}]
"""

BINDING: Rule[Document] = Rule(
    id="G29",
    title="A binding names a role and accounts that exist",
    severity=Severity.P0,
    reason="It gives nobody anything, and a role or account of that name that is made later gets "
    "the rights of both.",
    source="Kubernetes: RBAC, RoleBinding; kube-linter non-existent-service-account",
    fix="Correct the names, or make the role or account.",
    exempt=Exempt.ANNOTATION,
    types=BINDINGS,
    subjects=documents(*BINDINGS),
    check=_leads_somewhere,
    good=_GOOD,
    bad=_GOOD.replace("kind: Role, name: look", "kind: Role, name: see").replace(
        "ServiceAccount, name: web", "ServiceAccount, name: wbe"
    ),
)
