"""The Argo CD projects: what each team's Applications may touch, and nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import APP_KINDS, AppChart, AppProject, LockedProject

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

PLATFORM_KINDS = {
    **APP_KINDS,
    "apps": ("DaemonSet", "Deployment", "StatefulSet"),
    "argoproj.io": ("AppProject", "Application"),
    "cert-manager.io": ("Certificate",),
    "helm.cattle.io": ("HelmChart", "HelmChartConfig"),
    "rbac.authorization.k8s.io": ("Role", "RoleBinding"),
}


class Projects(AppChart):
    """One project per team. The platform's own lies in bootstrap/: Argo CD itself needs it."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "projects", cluster=cluster, project="platform", namespace=None)
        AppProject(
            self.bootstrap,
            "platform",
            description="What the cluster stands on; the platform team's.",
            kinds=PLATFORM_KINDS,
        )
        LockedProject(self.bootstrap)
        AppProject(
            self.root,
            "apps",
            description="Web apps that need nothing but a host.",
            groups=cluster.project_groups("apps"),
        )
