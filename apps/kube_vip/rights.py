"""What kube-vip may do: hold its lease. Only for Services and node labels would it need more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.kube_vip.pod import LEASE, NAME
from lib.constructs import KubeObject

if TYPE_CHECKING:
    from lib.constructs import Folder

RBAC = "rbac.authorization.k8s.io"


def rights(folder: Folder) -> None:
    """Write its account, role and binding: one lease, and no other."""
    leases = {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"]}
    rules = [
        {**leases, "verbs": ["create"]},  # RBAC cannot limit this one to a name
        {**leases, "resourceNames": [LEASE], "verbs": ["get", "update"]},
    ]
    KubeObject(folder, "account", api_version="v1", kind="ServiceAccount", name=NAME)
    KubeObject(
        folder, "role", api_version=f"{RBAC}/v1", kind="Role", name=NAME, body={"rules": rules}
    )
    KubeObject(
        folder,
        "role-binding",
        api_version=f"{RBAC}/v1",
        kind="RoleBinding",
        name=NAME,
        body={
            "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": NAME},
            "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": "kube-system"}],
        },
    )
