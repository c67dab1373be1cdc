"""Build a few of the platform's apps by themselves, for each cluster file that there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from apps.projects import PLATFORM_KINDS
from lib.config import Cluster, load_cluster
from lib.constructs import AppChart, AppProject, Platform
from lib.manifests import ManifestSet
from lib.synth.build import Built, build_cluster

if TYPE_CHECKING:
    from constructs import Construct

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    path.stem: path
    for path in [
        ROOT / "clusters" / "production.yaml",
        *sorted((ROOT / "tests" / "config" / "valid").glob("*.yaml")),
    ]
}
CLUSTERS = tuple(FILES)


class App(Protocol):
    """An app's class."""

    def __call__(self, scope: Construct, *, cluster: Cluster) -> AppChart: ...


def cluster_of(name: str) -> Cluster:
    return load_cluster(FILES[name])


def built(cluster: Cluster, *apps: App) -> Built:
    """Build ``apps`` in the project ``platform``."""

    def build(app: Platform, cluster: Cluster) -> None:
        projects = AppChart(app, "projects", cluster=cluster, project="platform", namespace=None)
        AppProject(projects.bootstrap, "platform", description="Ours.", kinds=PLATFORM_KINDS)
        for each in apps:
            each(app, cluster=cluster)

    return build_cluster(cluster, build)


def manifests_of(cluster: Cluster, *apps: App) -> ManifestSet:
    """Give the objects of ``apps``, without the project that the test adds."""
    own = [m for m in built(cluster, *apps).manifests if not m.construct.startswith("projects/")]
    return ManifestSet(own)


def node_files(cluster: Cluster, *apps: App) -> dict[str, Any]:
    """Give the files for the nodes: path below ``nodes/`` -> content."""
    files = built(cluster, *apps).node_files
    return {file.path.removeprefix("nodes/"): file.content for file in files}
