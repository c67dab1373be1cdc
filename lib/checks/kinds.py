"""Types that several rules are about, as ``Document.type`` gives them, and how one is made.

Those of Argo CD, Helm and Traefik stand in ``applications``, ``projects``, ``charts`` and
``traefik_objects``.
"""

from __future__ import annotations

AUTOSCALER = "HorizontalPodAutoscaler.autoscaling"
BUDGET = "PodDisruptionBudget.policy"
CLAIM = "PersistentVolumeClaim"
DEFINITION = "CustomResourceDefinition.apiextensions.k8s.io"
INGRESS = "Ingress.networking.k8s.io"
NETWORK_POLICY = "NetworkPolicy.networking.k8s.io"
PRIORITY_CLASS = "PriorityClass.scheduling.k8s.io"
RBAC = "rbac.authorization.k8s.io"
ROLES = (f"ClusterRole.{RBAC}", f"Role.{RBAC}")
BINDINGS = (f"ClusterRoleBinding.{RBAC}", f"RoleBinding.{RBAC}")
STORAGE_CLASS = "StorageClass.storage.k8s.io"


def type_of(api_version: str, kind: str) -> str:
    """``Kind.group``, or the kind alone in the core group."""
    group = api_version.rpartition("/")[0]
    return f"{kind}.{group}" if group else kind
