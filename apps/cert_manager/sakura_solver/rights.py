"""Who may ask the webhook, whom it may ask about its callers, and the one Secret that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.cert_manager.sakura_solver.names import GROUP, NAME, NAMESPACE, SOLVER
from apps.cert_manager.values import DNS_SECRET
from lib.constructs import KubeObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

RBAC = "rbac.authorization.k8s.io"


def rights(scope: Construct) -> None:
    """Let cert-manager ask, and the webhook see who asks and read its key."""
    solves = {"apiGroups": [GROUP], "resources": [SOLVER], "verbs": ["create"]}
    _role(scope, "ClusterRole", f"{NAME}-challenges", solves)
    _bind(scope, "ClusterRoleBinding", f"{NAME}-challenges", account="cert-manager")
    _bind(scope, "ClusterRoleBinding", f"{NAME}-callers", role="system:auth-delegator")
    _bind(
        scope,
        "RoleBinding",
        f"{NAME}-callers",
        role="extension-apiserver-authentication-reader",
        namespace="kube-system",
    )
    reads = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}
    _role(scope, "Role", f"{NAME}-credential", {**reads, "resourceNames": [DNS_SECRET]})
    _bind(scope, "RoleBinding", f"{NAME}-credential")


def _role(scope: Construct, kind: str, name: str, rule: Mapping[str, Sequence[str]]) -> None:
    KubeObject(
        scope,
        f"{kind}-{name}",
        api_version=f"{RBAC}/v1",
        kind=kind,
        name=name,
        body={"rules": [dict(rule)]},
    )


def _bind(
    scope: Construct,
    kind: str,
    name: str,
    *,
    role: str = "",
    account: str = NAME,
    namespace: str | None = None,
) -> None:
    """Bind the role called like the binding, or one that Kubernetes has."""
    role_kind = "Role" if kind == "RoleBinding" else "ClusterRole"
    KubeObject(
        scope,
        f"{kind}-{name}",
        api_version=f"{RBAC}/v1",
        kind=kind,
        name=name,
        namespace=namespace,
        body={
            "roleRef": {"apiGroup": RBAC, "kind": role_kind, "name": role or name},
            "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}],
        },
    )
