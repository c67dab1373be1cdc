"""The Argo CD projects: what each team's Applications may touch, and nothing beside it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from lib.constructs import APP_KINDS, AppChart, AppProject, LockedProject
from lib.errors import BuildError

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

RBAC = "rbac.authorization.k8s.io"

PLATFORM_KINDS = {
    **APP_KINDS,
    "apps": ("DaemonSet", "Deployment", "StatefulSet"),
    "argoproj.io": ("AppProject", "Application"),
    "cert-manager.io": ("Certificate", "Issuer"),
    "helm.cattle.io": ("HelmChart", "HelmChartConfig"),
    "longhorn.io": ("RecurringJob",),
    RBAC: ("Role", "RoleBinding"),
    "traefik.io": (*APP_KINDS["traefik.io"], "ServersTransport"),
}
PLATFORM_CLUSTER_KINDS = {
    "": ("Namespace",),
    "apiextensions.k8s.io": ("CustomResourceDefinition",),
    "apiregistration.k8s.io": ("APIService",),
    "cert-manager.io": ("ClusterIssuer",),
    RBAC: ("ClusterRole", "ClusterRoleBinding"),
    "storage.k8s.io": ("StorageClass",),
}

RUNNERS_KINDS = {
    **APP_KINDS,
    "actions.github.com": ("AutoscalingRunnerSet",),
    RBAC: ("Role", "RoleBinding"),
}
# The controller's own: its definitions, and its right to watch the scale sets' namespaces.
RUNNERS_CLUSTER_KINDS = {
    "": ("Namespace",),
    "apiextensions.k8s.io": ("CustomResourceDefinition",),
    RBAC: ("ClusterRole", "ClusterRoleBinding"),
    "scheduling.k8s.io": ("PriorityClass",),
}


# A cluster without runners or reactions may name their projects all the same.
NAMES = ("platform", "apps", "runners", "live-stream")


class Projects(AppChart):
    """One project per team. The platform's own lies in bootstrap/: Argo CD itself needs it."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "projects", cluster=cluster, project="platform", namespace=None)
        _refuse_unknown(cluster)
        AppProject(
            self.bootstrap,
            "platform",
            description="What the cluster stands on; the platform team's.",
            kinds=PLATFORM_KINDS,
            cluster_kinds=PLATFORM_CLUSTER_KINDS,
        )
        LockedProject(self.bootstrap)
        AppProject(
            self.root,
            "apps",
            description="Web apps that need nothing but a host.",
            groups=cluster.project_groups("apps"),
        )
        if cluster.runner_scale_sets:
            AppProject(
                self.root,
                "runners",
                description="GitHub Actions runners: controller, definitions and scale sets.",
                kinds=RUNNERS_KINDS,
                cluster_kinds=RUNNERS_CLUSTER_KINDS,
                groups=cluster.project_groups("runners"),
            )
        if cluster.reactions:
            AppProject(
                self.root,
                "live-stream",
                description="The live stream's reactions, which their developers deploy alone.",
                groups=cluster.project_groups("live-stream"),
            )


def _refuse_unknown(cluster: Cluster) -> None:
    """A misspelt project would take its team's rights away, and nobody would be told."""
    wrong = []
    for name in cluster.access.projects:
        if name not in NAMES:
            close = difflib.get_close_matches(name, NAMES, n=1)
            meant = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(NAMES)}"
            where = f"clusters/{cluster.name}.yaml: access.projects"
            wrong.append(f"{where}: there is no project {name!r}: {meant}")
    if wrong:
        raise BuildError(wrong)
