"""One cluster's apps become manifests: build the constructs, render them, note their origin."""

from __future__ import annotations

import importlib
import json
import os
import sys
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lib import byte_code
from lib.constructs import Platform, kernel
from lib.errors import BuildError, ConfigError, EnvironmentFault, InternalError, YaguraError
from lib.manifests import Manifest, Source
from lib.synth.node_files import FileForNodes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lib.config import Cluster
    from lib.constructs.kernel import Rendering

# Neither node nor Python needs more of the environment than this; the apps get to see nothing else.
_KEPT = ("HOME", "PATH", "TMPDIR", "SYSTEMROOT")


class Build(Protocol):
    """``build`` of main.py: it puts every app of a cluster into the Platform."""

    def __call__(self, app: Platform, cluster: Cluster) -> None:
        """Put the apps of ``cluster`` into ``app``."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """A cluster's manifests, its nodes' files, and what making them touched outside of Python."""

    cluster: str
    manifests: tuple[Manifest, ...]
    texts: tuple[str, ...]
    node_files: tuple[FileForNodes, ...]
    files: tuple[str, ...]
    programs: tuple[str, ...]


def build_cluster(cluster: Cluster, build: Build) -> Built:
    """Build and render one cluster.

    Raises:
        BuildError: The apps' code raises, or a construct refuses; with the Python line.
        EnvironmentFault: node ended in the middle.
    """
    kernel.forget()
    try:
        platform = Platform(cluster)
        with _bare_environment():
            build(platform, cluster)
        platform.finish()
        rendering = kernel.render(platform)
    except (Exception, SystemExit) as error:
        raise _told(error) from error
    return _manifests(platform, rendering)


def _manifests(platform: Platform, rendering: Rendering) -> Built:
    homes = {app.name: (app.name, app.own_namespace or "") for app in platform.apps}
    for app in platform.apps:
        for name, folder in app.folders.items():
            homes[f"{app.name}/{name}"] = (name, folder.home)
    manifests, stray = [], []
    for rendered in rendering.objects:
        first, _, rest = rendered.path.partition("/")
        place = homes.get(f"{first}/{rest.partition('/')[0]}") or homes.get(first)
        source = kernel.source(rendered.path)
        if place is None:
            stray.append(f"{source}: {rendered.path} lies in no AppChart, so nothing deploys it")
            continue
        folder_name, home = place
        manifests.append(
            Manifest(
                object=json.loads(rendered.text),
                construct=rendered.path,
                source=source,
                folder=folder_name,
                home=home,
            )
        )
    if stray:
        raise BuildError(stray)
    return Built(
        cluster=platform.cluster.name,
        manifests=tuple(manifests),
        texts=tuple(rendered.text for rendered in rendering.objects),
        node_files=tuple(
            FileForNodes(
                path=file.path,
                content=file.content,
                construct=file.construct,
                source=kernel.source(file.construct),
            )
            for app in platform.apps
            for file in app.node_files
        ),
        files=rendering.files,
        programs=rendering.programs,
    )


def _told(error: BaseException) -> YaguraError:
    """Say an error in one line, with the line of the user's code that it came through."""
    silent = isinstance(error, BrokenPipeError | json.JSONDecodeError)  # nobody answers
    if kernel.has_ended(patience=1.0 if silent else 0.0):
        return EnvironmentFault(
            f"node ({kernel.node}) ended in the middle; dist/ is unchanged: run it again"
        )
    source = Source.of_traceback(error.__traceback__)
    if isinstance(error, BuildError):
        if source is None or any(".py:" in line for line in error.problems):
            return error
        return BuildError([f"{source}: {line}" for line in error.problems])
    if isinstance(error, YaguraError):
        return error
    if source is None:
        return InternalError(f"{type(error).__name__}: {error}")
    # jsii gives JavaScript's stack with the message; its first line says what is wrong.
    said = (str(error).strip().splitlines() or [""])[0]
    return BuildError(f"{source}: {type(error).__name__}: {said}")


@contextmanager
def _bare_environment() -> Iterator[None]:
    """Hide the environment from the apps, so that it cannot reach dist/.

    What they print is for people, so it goes where our own messages go.
    """
    before = dict(os.environ)
    try:
        for name in before:
            if name not in _KEPT:
                del os.environ[name]
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def stop_node() -> None:
    """Let node end; nothing can be built after it in this process."""
    kernel.stop()


def loaded_main(project: Path) -> Build:
    """Load ``main.py`` and give its ``build``.

    Raises:
        ConfigError: There is no main.py, or no ``build`` in it.
        BuildError: main.py or an app cannot be imported; with the Python line.
    """
    path = project / "main.py"
    if not path.is_file():
        raise ConfigError(f"{path} is not there: it lists the apps")
    if os.fspath(project) not in sys.path:
        sys.path.insert(0, os.fspath(project))
    byte_code.install(os.fspath(project))  # it may have two names, by a link
    _forget_apps(project)
    try:
        with _bare_environment():
            main = importlib.import_module("main")
    except SyntaxError as error:
        name = (error.filename or "").removeprefix(f"{project}/")
        where = f"{name}:{error.lineno}"
        raise BuildError(f"{where}: SyntaxError: {error.msg}") from error
    except (Exception, SystemExit) as error:
        raise _told(error) from error
    build = getattr(main, "build", None)
    if build is None:
        raise ConfigError("main.py has no build(app, cluster): it puts the apps into the Platform")
    found: Build = build
    return found


def _forget_apps(project: Path) -> None:
    """Where main.py is what runs, as in ``cdk8s synth``, let go of the apps that it has imported.

    They were imported with the environment before their eyes, and unwatched.
    """
    running = getattr(sys.modules["__main__"], "__file__", None) or ""
    if os.path.realpath(running) != f"{project}/main.py":
        return
    top = running.removesuffix("main.py")  # the project, perhaps by another name
    ours = (f"{top}lib/", f"{top}.venv/")
    for name, module in [*sys.modules.items()]:
        file = getattr(module, "__file__", None) or ""
        if name != "__main__" and file.startswith(top) and not file.startswith(ours):
            del sys.modules[name]
