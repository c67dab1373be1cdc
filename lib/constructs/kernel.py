"""The one class in which our objects cross into jsii, the engine that runs cdk8s in node.

It starts node in one process instead of two, hands every object over whole in a single request,
and brings all of an app's objects back in another. It also remembers which Python line made each
construct, ours or anyone's, because only here do all of them pass.

Source: jsii's python runtime (``jsii._kernel.providers.process``) for the environment that it
reads, and ``jsii/_embedded`` for the program that it starts.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from lib.constructs.node import find_node
from lib.errors import BuildError, EnvironmentFault
from lib.manifests import PROJECT, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

PACKAGE = "yagura-objects"
PACKAGE_VERSION = "1.0.0"
# What node gets to see of the environment, so that nothing else in it can reach dist/: JavaScript
# constructs read it too, and cdk8s itself has settings there that change what it renders.
_KEPT = ("HOME", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "NODE_EXTRA_CA_CERTS")
_HERE = Path(__file__).parent / "jsii"
_PACKED = {"package.json": "package.json", "index.js": "index.js", ".jsii": "assembly.json"}


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
        self.node = find_node()
        cache = _cache_folder()
        wanted = {
            "JSII_NODE": self.node,
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(cache / "packages"),
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            **_single_process(cache),
        }
        before = dict(os.environ)
        _replace_environment({key: before[key] for key in _KEPT if key in before} | wanted)
        try:
            import jsii  # noqa: PLC0415 - it belongs to node, which is found only now

            _make_strict()
            provider: Any = jsii._runtime.kernel.provider  # noqa: SLF001
            provider._process  # noqa: B018, SLF001 - the first look starts it
        except Exception as error:
            raise EnvironmentFault(f"{self.node} does not start: {error}") from error
        finally:
            _replace_environment(before)
        import cdk8s  # noqa: F401, PLC0415 - our package needs it loaded

        jsii._runtime.kernel.load(PACKAGE, PACKAGE_VERSION, str(_tarball(cache)))  # noqa: SLF001
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


def _make_strict() -> None:
    """Refuse NaN and infinity where they are sent, and let jsii bear a node that has ended.

    jsii writes them as no JSON parser reads them, which ends node; and as Python ends it says
    farewell to node, with a traceback when node is gone.
    """
    from jsii._kernel.providers import process  # noqa: PLC0415 - loads jsii

    module: Any = process
    module.json = SimpleNamespace(loads=json.loads, dumps=partial(json.dumps, allow_nan=False))
    stop = module._NodeProcess.stop  # noqa: SLF001

    def stopped(self: object) -> None:
        with suppress(OSError, AttributeError):
            stop(self)

    module._NodeProcess.stop = stopped  # noqa: SLF001


def _cache_folder() -> Path:
    """Where jsii keeps unpacked packages: in the checkout, else in the temporary folder."""
    for folder in (PROJECT / ".yagura" / "jsii", Path(tempfile.gettempdir(), "yagura-jsii")):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise EnvironmentFault(f"no folder can be written for cdk8s' packages: tried {PROJECT}/.yagura")


def _single_process(cache: Path) -> dict[str, str]:
    """Put jsii's program beside our runtime.js, which runs it without the second process.

    Returns:
        The environment that makes jsii use it; empty where jsii's files have other names than the
        ones known, so that its own, slower way is taken.
    """
    spec = importlib.util.find_spec("jsii")  # finding it, unlike importing it, starts nothing
    if spec is None or not spec.submodule_search_locations:
        return {}
    embedded = Path(spec.submodule_search_locations[0], "_embedded", "jsii")
    scripts = {path.name.replace("__", "/"): path for path in sorted(embedded.glob("*.js"))}
    if "lib/program.js" not in scripts:
        return {}
    files = {name: path.read_bytes() for name, path in scripts.items()}
    files["runtime.js"] = (_HERE / "runtime.js").read_bytes()
    options = os.environ.get("NODE_OPTIONS", "")
    return {
        "JSII_RUNTIME": str(_placed(cache, "runtime", files) / "runtime.js"),
        "NODE_OPTIONS": f"{options} --preserve-symlinks".strip(),
    }


def _tarball(cache: Path) -> Path:
    """Pack our JavaScript as the npm tarball that jsii loads, the same bytes every time."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, origin in _PACKED.items():
            content = (_HERE / origin).read_bytes()
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    content = gzip.compress(packed.getvalue(), compresslevel=1, mtime=0)
    return _placed(cache, "package", {"objects.tgz": content}) / "objects.tgz"


def _placed(cache: Path, label: str, files: dict[str, bytes]) -> Path:
    """Lay ``files`` into a folder named after their content, whole or not at all."""
    digest = hashlib.sha256(b"".join(name.encode() + files[name] for name in sorted(files)))
    folder = cache / f"{label}-{digest.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    fresh = Path(tempfile.mkdtemp(dir=cache))
    for name, content in files.items():
        (fresh / name).parent.mkdir(exist_ok=True)
        (fresh / name).write_bytes(content)
    try:
        fresh.rename(folder)
    except OSError:  # another run was faster
        shutil.rmtree(fresh)
    return folder


def _replace_environment(wanted: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(wanted)
