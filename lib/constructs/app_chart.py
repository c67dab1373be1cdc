"""The chart of one app: gives the app its namespace, isolation, Application and project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import cdk8s

from lib.constructs.application import NAMESPACE as ARGOCD
from lib.constructs.application import Application, FolderSource, HelmSource
from lib.constructs.kernel import kernel
from lib.constructs.kube_object import KubeObject
from lib.constructs.network_policy import default_deny
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from lib.config import Cluster
    from lib.constructs.node_file import NodeFile
    from lib.constructs.project import AppProject

PodSecurity = Literal["privileged", "baseline", "restricted"]

# RKE2 applies its server manifests folder as kube-system's own.
BOOTSTRAP = "kube-system"


class Folder(cdk8s.Chart):
    """A folder of dist/ besides the app's own: ``bootstrap`` or ``root``."""

    def __init__(self, app: AppChart, id: str, *, namespace: str) -> None:  # noqa: A002
        kernel.create(self, app, id, {"namespace": namespace})
        self.app = app
        self.home = namespace


class AppChart(cdk8s.Chart):
    """One app: a real ``cdk8s.Chart`` whose objects become ``dist/<cluster>/<id>/``.

    Everything put into it, ours or any cdk8s construct, lands there. Beside that it makes:

    - the Namespace, with its Pod Security labels, kept from being pruned by accident;
    - NetworkPolicies that deny all traffic which nothing else in the namespace allows;
    - the Argo CD Application (in ``root/``), which uses argocd-vault-plugin exactly when the app
      holds a VaultSecret.

    Args:
        scope: The cluster's Platform.
        id: The app's name: its folder in dist/, its Application, and its namespace unless told.
        cluster: The cluster it is for.
        project: The Argo CD project that it belongs to.
        namespace: Its namespace; None for an app that has none of its own.
        pod_security: The Pod Security Standard that the namespace enforces.
        before_argocd: Whether its namespace has to be there before Argo CD is; the Namespace and
            its policies then lie in ``bootstrap/``.
        deny_egress: Whether traffic out of the namespace is denied as well, but to the DNS.
        annotations: Further annotations of its Application.

    Raises:
        BuildError: ``scope`` is not a Platform.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        cluster: Cluster,
        project: str = "apps",
        namespace: str | None = "",
        pod_security: PodSecurity = "restricted",
        before_argocd: bool = False,
        deny_egress: bool = True,
        annotations: Mapping[str, str] | None = None,
    ) -> None:
        own = id if namespace == "" else namespace
        kernel.create(self, scope, id, {"namespace": own} if own else {})
        registered = getattr(scope, "apps", None)
        if not isinstance(registered, list):
            raise BuildError(f"{id}: an AppChart lies directly in a Platform, not in {scope}")
        registered.append(self)
        self.name = id
        self.cluster = cluster
        self.project = project
        self.own_namespace = own
        self.uses_vault = False
        self._annotations = annotations
        self.projects: list[AppProject] = []
        self.charts: list[HelmSource] = []
        self.node_files: list[NodeFile] = []
        self._namespaces = {own} if own else set()
        self._needs: list[AppChart] = []
        self.folders: dict[str, Folder] = {}
        if own and namespace == "":
            self.make_namespace(
                own, pod_security=pod_security, before_argocd=before_argocd, deny_egress=deny_egress
            )

    @property
    def bootstrap(self) -> Folder:
        """Where objects go that have to exist before Argo CD: ``dist/<cluster>/bootstrap/``."""
        return self._folder("bootstrap", BOOTSTRAP)

    @property
    def root(self) -> Folder:
        """Where Applications and AppProjects go: ``dist/<cluster>/root/``."""
        return self._folder("root", ARGOCD)

    @property
    def path(self) -> str:
        """The app's folder, from the repository's root."""
        return f"dist/{self.cluster.name}/{self.name}"

    @property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that its Application may write to."""
        return frozenset(self._namespaces)

    @property
    def repositories(self) -> frozenset[str]:
        """The repositories that its Application reads: ours, and its charts'."""
        return frozenset({self.cluster.repository.url, *(chart.repo for chart in self.charts)})

    @property
    def wave(self) -> int:
        """The sync wave of its Application: one after the latest app that it comes after."""
        return self._wave(())

    def after(self, *apps: AppChart) -> AppChart:
        """Let Argo CD sync this app only when ``apps`` are healthy."""
        self._needs += apps
        return self

    def make_namespace(
        self,
        name: str,
        *,
        pod_security: PodSecurity = "restricted",
        before_argocd: bool = False,
        deny_egress: bool = True,
    ) -> None:
        """Make a namespace, closed to all traffic; the app's own is made by itself.

        For a namespace that is not called like the app, or one besides the app's own. The arguments
        are those of the class.
        """
        place = self.bootstrap if before_argocd else self
        _namespace(place, name, pod_security)
        default_deny(place, name, deny_egress=deny_egress)
        self.writes_to(name)

    def writes_to(self, *namespaces: str) -> None:
        """Say which namespaces besides its own the app writes to, for its project to allow them."""
        self._namespaces.update(namespaces)

    def helm(self, chart: HelmSource) -> None:
        """Let the app's Application install a Helm chart beside the app's own objects.

        Raises:
            BuildError: The chart or its values are refused, as ``finish`` would, but with the line.
        """
        chart.spec(self.cluster)
        self.charts.append(chart)

    def finish(self, known_projects: set[str]) -> None:
        """Write the Application. The Platform calls it when all apps are there."""
        if self.project not in known_projects:
            raise BuildError(
                f"{kernel.source(self.name)}: {self.name}: there is no project {self.project!r}; "
                "there are: " + ", ".join(sorted(known_projects))
            )
        own_objects = FolderSource(path=self.path, vault_plugin=self.uses_vault)
        sources: Sequence[FolderSource | HelmSource] = [*self.charts]
        if self._has_objects():
            sources = [*sources, own_objects]
        if sources:
            Application(
                self.root,
                "application",
                cluster=self.cluster,
                name=self.name,
                project=self.project,
                namespace=self._home(),
                sources=sources,
                wave=self.wave,
                annotations=self._annotations,
            )

    def _home(self) -> str:
        """Where objects go that name no namespace; ours all do, but Argo CD asks for one."""
        home = self.own_namespace or "default"
        self.writes_to(home)
        return home

    def _has_objects(self) -> bool:
        elsewhere = self.folders.keys() | {file.id for file in self.node_files}
        return bool(kernel.children(self.name) - elsewhere)

    def _folder(self, name: str, namespace: str) -> Folder:
        if name not in self.folders:
            self.folders[name] = Folder(self, name, namespace=namespace)
        return self.folders[name]

    def _wave(self, waiting: tuple[AppChart, ...]) -> int:
        if self in waiting:
            names = " -> ".join(app.name for app in (*waiting, self))
            where = kernel.source(self.name)
            raise BuildError(f"{where}: apps wait for each other: {names}")
        below = (*waiting, self)
        return max((app._wave(below) + 1 for app in self._needs), default=0)  # noqa: SLF001 - ours


def _namespace(place: Construct, name: str, level: PodSecurity) -> None:
    """Write the Namespace; its labels are the ones of kubernetes/pod-security-admission."""
    label = "pod-security.kubernetes.io"
    KubeObject(
        place,
        f"namespace-{name}",
        api_version="v1",
        kind="Namespace",
        name=name,
        labels={
            f"{label}/enforce": level,
            f"{label}/enforce-version": "latest",
            f"{label}/audit": "restricted",
            f"{label}/warn": level,
        },
        annotations={"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"},
    )
