"""What each role of ours allows with kubectl, beside Kubernetes' own role ``view``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Rule: TypeAlias = "Mapping[str, Sequence[str]]"

RBAC = "rbac.authorization.k8s.io"

# What `view` leaves out: objects without a namespace, and kinds that others define. No Secrets.
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
