"""Who may do what with kubectl: GitHub teams, as Dex names them, bound to roles.

Nobody is cluster-admin by a login. What is deployed changes in git, credentials lie in Vault, and
these roles are for looking and for repairing; what they do not allow is done on a server, with
RKE2's own kubeconfig (docs/systems/access.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.access.roles import LOOK, MAINTAIN_NODES, RBAC, REPAIR, UNSEAL
from lib.constructs import AppChart, KubeObject, LoginClient
from lib.constructs.kube_login import KUBECTL, kube_groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from apps.access.roles import Rule
    from lib.config import Cluster


class Access(AppChart):
    """Roles, and the teams that hold them.

    Args:
        scope: The cluster's Platform.
        cluster: Gives the teams.
        apps: Apps whose project's team may repair them, in their own namespaces.
    """

    def __init__(self, scope: Construct, *, cluster: Cluster, apps: Sequence[AppChart]) -> None:
        super().__init__(scope, "access", cluster=cluster, project="platform", namespace=None)
        callbacks = ("http://localhost:8000", "http://localhost:18000")  # kubelogin's
        kubectl = LoginClient(id=KUBECTL, name="kubectl", redirect_uris=callbacks, public=True)
        self.login_clients = (kubectl,)

        admins = cluster.admin_groups
        everyone = tuple(dict.fromkeys((*admins, *cluster.viewer_groups)))
        self._role("look", LOOK)
        self._role("repair", REPAIR)
        self._role("maintain-nodes", MAINTAIN_NODES)
        self._role("unseal", UNSEAL, namespace="vault")
        self._bind("view", everyone)
        self._bind("look", everyone)
        self._bind("repair", admins)
        self._bind("maintain-nodes", admins)
        self._bind("unseal", admins, namespace="vault", kind="Role")
        for app in apps:
            self._let_its_team_repair(app)

    def _let_its_team_repair(self, app: AppChart) -> None:
        """Bind the team of an app's project in its namespaces; administrators are bound already."""
        admins, owners = self.cluster.admin_groups, self.cluster.project_groups(app.project)
        team = [group for group in owners if group not in admins]
        if not team:
            return
        self.after(app)  # which makes the namespaces
        for namespace in sorted(app.namespaces):
            self._bind("view", team, namespace=namespace)
            self._bind("repair", team, namespace=namespace)

    def _role(self, name: str, rules: Sequence[Rule], *, namespace: str | None = None) -> None:
        kind = "Role" if namespace else "ClusterRole"
        self._object(kind, name, namespace, {"rules": list(rules)})

    def _bind(
        self,
        role: str,
        groups: Sequence[str],
        *,
        namespace: str | None = None,
        kind: str = "ClusterRole",
    ) -> None:
        body = {
            "roleRef": {"apiGroup": RBAC, "kind": kind, "name": role},
            "subjects": [
                {"apiGroup": RBAC, "kind": "Group", "name": name} for name in kube_groups(groups)
            ],
        }
        binding = "RoleBinding" if namespace else "ClusterRoleBinding"
        self._object(binding, f"team-{role}", namespace, body)

    def _object(self, kind: str, name: str, namespace: str | None, body: Mapping[str, Any]) -> None:
        if namespace:
            self.writes_to(namespace)
        KubeObject(
            self,
            "-".join(filter(None, (kind.lower(), namespace, name))),
            api_version=f"{RBAC}/v1",
            kind=kind,
            name=name,
            namespace=namespace,
            body=body,
        )
