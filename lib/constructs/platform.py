"""The cdk8s App of one cluster: it finishes what only the whole can know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cdk8s

from lib.constructs.kernel import kernel
from lib.errors import BuildError

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs.app_chart import AppChart

# Folders of dist/<cluster>/ that hold files of many apps; nodes/ holds no Kubernetes objects.
SHARED_FOLDERS = frozenset({"bootstrap", "root", "nodes"})


class Platform(cdk8s.App):
    """A real ``cdk8s.App`` that holds one cluster's apps.

    Args:
        cluster: The cluster whose tree it becomes.
        outdir: Where ``synth()`` of plain cdk8s would write; yagura itself never calls it.
    """

    def __init__(self, cluster: Cluster, *, outdir: str | None = None) -> None:
        kernel.create(self, *([{"outdir": outdir}] if outdir else []))
        kernel.root(self)
        self.cluster = cluster
        self.apps: list[AppChart] = []
        self._finished = False

    def finish(self) -> None:
        """Add each app's Application and each project, which follow from all apps together.

        Raises:
            BuildError: An app has the name of a shared folder, names a project that is not there,
                or waits for an app that waits for it.
        """
        if self._finished:
            return
        self._finished = True
        for app in self.apps:
            if app.name in SHARED_FOLDERS:
                where = kernel.source(app.name)
                raise BuildError(
                    f"{where}: {app.name}: a folder of all apps: name the app otherwise"
                )
        with kernel.finishing():
            projects = [project for app in self.apps for project in app.projects]
            for app in self.apps:
                app.finish(known_projects={project.name for project in projects})
            for project in projects:
                project.finish([app for app in self.apps if app.project == project.name])

    def synth(self) -> None:
        """Write the apps as plain cdk8s does, to ``outdir``, one file per chart."""
        self.finish()
        super().synth()
