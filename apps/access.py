"""Who may do what with kubectl: GitHub teams, as Dex names them, bound to roles.

Nobody is cluster-admin by a login. What is deployed changes in git, credentials lie in Vault, and
these roles are for looking and for repairing; what they do not allow is done on a server, with
RKE2's own kubeconfig (docs/systems/access.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from lib.constructs import AppChart, KubeObject, LoginClient
from lib.constructs.kube_login import KUBECTL, kube_groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from lib.config import Cluster

Rule: TypeAlias = "Mapping[str, Sequence[str]]"

RBAC = "rbac.authorization.k8s.io"

# Beside Kubernetes' own role `view`, which covers what has a namespace, but no Secrets.
_LOOKED_AT: Mapping[str, Sequence[str]] = {
    "": ("nodes", "persistentvolumes"),
    "acme.cert-manager.io": ("challenges", "orders"),
    "actions.github.com": (
        "autoscalinglisteners",
        "autoscalingrunnersets",
        "ephemeralrunners",
        "ephemeralrunnersets",
    ),
    "apiextensions.k8s.io": ("customresourcedefinitions",),
    "argoproj.io": ("applications", "appprojects"),
    "cert-manager.io": ("certificaterequests", "certificates", "clusterissuers", "issuers"),
    "helm.cattle.io": ("helmchartconfigs", "helmcharts"),
    "k3s.cattle.io": ("addons",),
    "longhorn.io": ("backups", "engines", "nodes", "recurringjobs", "replicas", "volumes"),
    "metrics.k8s.io": ("nodes", "pods"),
    RBAC: ("clusterrolebindings", "clusterroles", "rolebindings", "roles"),
    "storage.k8s.io": ("csinodes", "storageclasses", "volumeattachments"),
    "traefik.io": ("ingressroutes", "middlewares", "serverstransports", "tlsstores"),
}
LOOK: Sequence[Rule] = [
    {"apiGroups": [group], "resources": list(resources), "verbs": ["get", "list", "watch"]}
    for group, resources in _LOOKED_AT.items()
]
# Restart, scale (until Argo CD sets it back), throw a pod out, and reach a port without a route.
REPAIR: Sequence[Rule] = [
    {
        "apiGroups": ["apps"],
        "resources": [
            "daemonsets",
            "deployments",
            "deployments/scale",
            "statefulsets",
            "statefulsets/scale",
        ],
        "verbs": ["patch"],
    },
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]},
    {"apiGroups": [""], "resources": ["pods/eviction"], "verbs": ["create"]},
    {"apiGroups": [""], "resources": ["pods/portforward"], "verbs": ["create", "get"]},
]
# Cordon and drain; REPAIR holds the eviction.
MAINTAIN_NODES: Sequence[Rule] = [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["patch"]}]
# With the vault command in Vault's own pods. `get`: kubectl comes by WebSocket, which is a GET.
UNSEAL: Sequence[Rule] = [
    {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create", "get"]},
]


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
        self._bind("view", everyone)
        self._bind("look", everyone)
        self._bind("repair", admins)
        self._bind("maintain-nodes", admins)
        self._role("unseal", UNSEAL, namespace="vault")
        self._bind("unseal", admins, namespace="vault", kind="Role")
        for app in apps:
            team = [group for group in cluster.project_groups(app.project) if group not in admins]
            for namespace in sorted(app.namespaces) if team else ():
                self.after(app)  # which makes the namespace
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
