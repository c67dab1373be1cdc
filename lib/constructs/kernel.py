"""The one class in which our objects cross into jsii, the engine that runs cdk8s in node.

It hands every object over whole in a single request, and brings all of an app's objects back in
another. It also remembers which Python line made each construct, ours or anyone's, because only
here do all of them pass.
"""

from __future__ import annotations

import json
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.constructs.adoption import adopt
from lib.errors import BuildError, EnvironmentFault
from lib.manifests import Source
from lib.nodejs.process import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """One object as cdk8s renders it: its construct's path and its JSON text."""

    path: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """All objects of an app, and what JavaScript constructs read and ran to make them."""

    objects: tuple[Rendered, ...]
    files: tuple[str, ...]
    programs: tuple[str, ...]


class Kernel:
    """The running node process, the constructs made in it, and the lines that made them."""

    def __init__(self) -> None:
        self._paths: dict[int, str] = {}
        self._alive: list[object] = []
        self._sources: dict[str, Source] = {}
        self._finishing = False
        self._jsii: Any = None
        self.render_class: Any = None
        self.node = ""

    def start(self) -> None:
        """Start node and load cdk8s and our package into it; do nothing when that is done.

        Raises:
            EnvironmentFault: There is no fitting node, or it does not start.
        """
        if self._jsii is not None:
            return
        node = start()
        self.node = node.program
        try:
            import jsii  # noqa: PLC0415 - it and cdk8s load while node does

            adopt()
            import cdk8s  # noqa: F401, PLC0415 - our package needs it loaded

            jsii._runtime.kernel.load(*node.objects)  # noqa: SLF001
        except Exception as error:
            raise EnvironmentFault(
                f"{self.node} does not start cdk8s: {node.why(error)}"
            ) from error
        self._jsii = jsii
        self._watch()

    def create(self, instance: object, *arguments: object) -> None:
        """Create the JavaScript half of ``instance``.

        Our own classes come here instead of calling cdk8s' ``__init__``, which checks the types of
        arguments that mypy has checked already, and loads a whole type checker to do it.
        """
        self._jsii.create(instance.__class__, instance, list(arguments))

    def children(self, path: str) -> set[str]:
        """The ids of the constructs directly below ``path`` that Python made."""
        start = f"{path}/"
        known = self._paths.values()
        return {name[len(start) :].partition("/")[0] for name in known if name.startswith(start)}

    def render(self, app: Construct) -> Rendering:
        """Validate every construct of ``app`` and bring all its objects back.

        Raises:
            BuildError: Constructs refuse to be rendered; one line for each.
        """
        answer = json.loads(self._jsii.sinvoke(self.render_class, "render", [app]))
        if answer["problems"]:
            raise BuildError([f"{self.source(path)}: {text}" for path, text in answer["problems"]])
        return Rendering(
            objects=tuple(Rendered(path=path, text=text) for path, text in answer["objects"]),
            files=tuple(answer["files"]),
            programs=tuple(answer["programs"]),
        )

    def source(self, path: str) -> Source:
        """The Python line that made the construct at ``path``, or its nearest known ancestor."""
        while path:
            if path in self._sources:
                return self._sources[path]
            path = path.rpartition("/")[0]
        return Source("main.py", 1)

    def forget(self) -> None:
        """Let go of all constructs, as when one app has been rendered and the next begins."""
        self._paths.clear()
        self._alive.clear()
        self._sources.clear()

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Let what is made in the block count as made where its ancestor was made."""
        self._finishing = True
        try:
            yield
        finally:
            self._finishing = False

    def stop(self) -> None:
        """Let node end while Python goes on: nothing more will be built in this process."""
        process = self._jsii._runtime.kernel.provider._process  # noqa: SLF001
        threading.Thread(target=process.stop).start()

    def has_ended(self, *, patience: float = 0.0) -> bool:
        """Whether the node process is gone, so that nothing more can be asked of it.

        Args:
            patience: Seconds to wait for it: its pipes close a moment before it is gone.
        """
        if self._jsii is None:
            return False
        process = self._jsii._runtime.kernel.provider._process._process  # noqa: SLF001
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=patience)
        return process.returncode is not None

    def _watch(self) -> None:
        """Note path and Python line of every construct made from now on, whoever defines it."""
        create = self._jsii.create

        def watched(klass: type, instance: object, args: list[Any] | None = None) -> object:
            reference = create(klass, instance, args)
            scoped = args is not None and len(args) > 1 and isinstance(args[1], str)
            parent = self._paths.get(id(args[0])) if args and scoped else None
            if parent is not None and args is not None:
                self._note(instance, f"{parent}/{args[1].replace('/', '--')}".lstrip("/"))
            return reference

        self._jsii.create = watched

    def root(self, app: object) -> None:
        """Take ``app`` as the root below which constructs are noted."""
        self._note(app, "")

    def _note(self, instance: object, path: str) -> None:
        self._paths[id(instance)] = path
        self._alive.append(instance)
        source = None if self._finishing else Source.of_caller()
        if source is not None:
            self._sources[path] = source


kernel = Kernel()
