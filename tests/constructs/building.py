"""Build apps in a Platform of their own, the way main.py builds them all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from lib.constructs import AppChart, AppProject, Platform
from lib.errors import BuildError
from lib.manifests import Manifest, ManifestSet
from lib.synth.build import build_cluster

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.config import Cluster

_WHERE = re.compile(r"tests/constructs/test_\w+\.py:[0-9]+: ")


def build(cluster: Cluster, fill: Callable[[Platform], object]) -> ManifestSet:
    """Build what ``fill`` puts into a Platform that has the project ``apps``."""

    def with_project(app: Platform, cluster: Cluster) -> None:
        projects = AppChart(app, "projects", cluster=cluster, namespace=None)
        AppProject(projects.root, "apps", description="Everyone's.")
        fill(app)

    return ManifestSet(build_cluster(cluster, with_project).manifests)


def in_app(cluster: Cluster, fill: Callable[[AppChart], object], **options: Any) -> ManifestSet:
    """Build what ``fill`` puts into an app called ``shop``."""
    return build(cluster, lambda app: fill(AppChart(app, "shop", cluster=cluster, **options)))


def refusals(build_it: Callable[[], object]) -> list[str]:
    """Give the problems of a build that has to be refused, without the test's line in front."""
    with pytest.raises(BuildError) as caught:
        build_it()
    assert caught.value.exit_code == 1
    for problem in caught.value.problems:
        assert _WHERE.match(problem), problem
    return [_WHERE.sub("", problem, count=1) for problem in caught.value.problems]


def refused(cluster: Cluster, fill: Callable[[AppChart], object], **options: Any) -> list[str]:
    """Give the problems of what ``fill`` puts into an app called ``shop``."""
    return refusals(lambda: in_app(cluster, fill, **options))


def one(manifests: ManifestSet, kind: str, name: str) -> Manifest:
    """Give the one manifest of a kind and name."""
    (found,) = [manifest for manifest in manifests.of_kind(kind) if manifest.name == name]
    return found


def spec(manifests: ManifestSet, kind: str, name: str) -> dict[str, Any]:
    """Give the spec of the one manifest of a kind and name."""
    found: dict[str, Any] = one(manifests, kind, name).object["spec"]
    return found


def selects(selector: dict[str, str], labels: dict[str, str]) -> bool:
    """Whether the API server would select a pod with ``labels``; an empty selector takes all."""
    return selector.items() <= labels.items()
