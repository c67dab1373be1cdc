"""An Argo CD project: which repositories, namespaces and kinds a team's Applications may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from lib.constructs.application import IN_CLUSTER, NAMESPACE
from lib.constructs.kernel import kernel
from lib.constructs.kube_object import KubeObject
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lib.constructs.app_chart import AppChart, Folder

API_VERSION = "argoproj.io/v1alpha1"

# What an app made of our constructs needs, and no more: group -> kinds.
APP_KINDS: Mapping[str, tuple[str, ...]] = {
    "": ("ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount"),
    "apps": ("Deployment", "StatefulSet"),
    "autoscaling": ("HorizontalPodAutoscaler",),
    "networking.k8s.io": ("NetworkPolicy",),
    "policy": ("PodDisruptionBudget",),
    "traefik.io": ("IngressRoute", "Middleware"),
}


class AppProject(Construct):
    """An AppProject whose repositories and namespaces are those of the apps that name it.

    What the apps need of kinds is written down by hand, because it is the part that grants power.

    Args:
        scope: A folder of an app: ``self.bootstrap`` for what Argo CD itself needs, else
            ``self.root``.
        id: The project's name.
        description: Whose it is and what for, in a sentence.
        kinds: Kinds with a namespace that its apps may create, group -> kinds.
        cluster_kinds: Kinds without a namespace that its apps may create, group -> kinds.
        groups: OIDC groups that may see and sync the project's Applications.

    Source: docs/user-guide/projects.md of argoproj/argo-cd.
    """

    def __init__(
        self,
        scope: Folder,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        description: str,
        kinds: Mapping[str, tuple[str, ...]] = APP_KINDS,
        cluster_kinds: Mapping[str, tuple[str, ...]] | None = None,
        groups: Sequence[str] = (),
    ) -> None:
        kernel.create(self, scope, id)
        self.name = id
        self._description = description
        self._kinds = kinds
        self._cluster_kinds = cluster_kinds or {"": ("Namespace",)}
        self._groups = tuple(groups)
        scope.app.projects.append(self)

    def finish(self, apps: Sequence[AppChart]) -> None:
        """Write the object, now that all apps of the project are known."""
        namespaces = sorted({name for app in apps for name in app.namespaces})
        repositories = sorted({repository for app in apps for repository in app.repositories})
        if not apps and self.name != "default":
            where = kernel.source(self.node.path)
            raise BuildError(f"{where}: project {self.name}: no app names it: remove it, or use it")
        KubeObject(
            self,
            "project",
            api_version=API_VERSION,
            kind="AppProject",
            name=self.name,
            namespace=NAMESPACE,
            annotations={"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"},
            body={
                "spec": {
                    "description": self._description,
                    "sourceRepos": repositories,
                    "destinations": [
                        {"server": IN_CLUSTER, "namespace": namespace} for namespace in namespaces
                    ],
                    "clusterResourceWhitelist": _listed(self._cluster_kinds),
                    "namespaceResourceWhitelist": _listed(self._kinds),
                    **self._roles(),
                }
            },
        )

    def _roles(self) -> dict[str, object]:
        if not self._groups:
            return {}
        allowed = [
            f"p, proj:{self.name}:deploy, applications, {action}, {self.name}/*, allow"
            for action in ("get", "sync")
        ]
        role = {
            "name": "deploy",
            "description": "See and sync this project's Applications.",
            "groups": list(self._groups),
            "policies": allowed,
        }
        return {"roles": [role]}


class LockedProject(Construct):
    """The project ``default``, which Argo CD creates open to everything, allowed nothing.

    Source: docs/user-guide/projects.md of argoproj/argo-cd, "The Default Project".
    """

    def __init__(self, scope: Folder) -> None:
        kernel.create(self, scope, "default")
        KubeObject(
            self,
            "project",
            api_version=API_VERSION,
            kind="AppProject",
            name="default",
            namespace=NAMESPACE,
            annotations={"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"},
            body={
                "spec": {
                    "description": "Locked: every Application names a project of its own.",
                    "sourceRepos": [],
                    "sourceNamespaces": [],
                    "destinations": [],
                    "namespaceResourceBlacklist": [{"group": "*", "kind": "*"}],
                }
            },
        )


def _listed(kinds: Mapping[str, tuple[str, ...]]) -> list[dict[str, str]]:
    return [{"group": group, "kind": kind} for group in sorted(kinds) for kind in kinds[group]]
