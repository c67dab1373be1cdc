"""Starts node before anything large is imported, so that it loads cdk8s while Python does too.

jsii would start it only as cdk8s is imported, copy its program of two megabytes first, and wait for
every answer. Here node runs that program from where it is installed and is told at once what to
load; ``lib.constructs.adoption`` hands it over to jsii.

Source: jsii's python runtime (``jsii._kernel.providers.process``) for how node is started and
asked, and ``jsii/_embedded`` for the program that runs in it.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import subprocess
import sys
from contextlib import suppress
from typing import NamedTuple

from lib.errors import EnvironmentFault
from lib.nodejs.package import FOLDER, NAME, VERSION, packed
from lib.nodejs.program import find_node

PROJECT = FOLDER.removesuffix("/lib/constructs/jsii")
# What node gets to see of the environment, so that nothing else in it can reach dist/: JavaScript
# constructs read it too, and cdk8s itself has settings there that change what it renders.
_KEPT = ("HOME", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "NODE_EXTRA_CA_CERTS")
_PATIENCE_SECONDS = 5


class Package(NamedTuple):
    """A package for node to load: the tarball and what it holds."""

    name: str
    version: str
    tarball: str


class Node:
    """A running node, which nobody has to end: it ends when Python does, however that happens.

    Attributes:
        program: The path of node.
        process: Its process, with pipes to talk through.
        objects: Our own package.
        ahead: The packages that it was told to load, as long as nobody has read its answers.
    """

    def __init__(self) -> None:
        self.program = find_node()
        cache = _cache_folder()
        self.process = subprocess.Popen(  # noqa: S603 - the node that was just found
            _command(self.program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(cache),
        )
        assert self.process.stdin is not None  # noqa: S101 - for mypy
        self._stdin = self.process.stdin
        atexit.register(self.end)
        try:
            self.objects = Package(NAME, VERSION, packed(cache))
            constructs, cdk8s = _installed("constructs"), _installed("cdk8s")
            self.ahead = [*constructs, *cdk8s, self.objects] if constructs and cdk8s else []
            self._tell(self.ahead)
        except BaseException:
            self.end()
            raise

    def _tell(self, packages: list[Package]) -> None:
        """Ask for ``packages`` to be loaded; a node that is gone is noticed by who reads."""
        asked = [json.dumps({**package._asdict(), "api": "load"}) + "\n" for package in packages]
        with suppress(BrokenPipeError):
            os.write(self._stdin.fileno(), "".join(asked).encode())

    def why(self, error: Exception) -> str:
        """Say why ``error`` came while talking to node: the plainest reason is that it is gone."""
        nobody_answers = isinstance(error, BrokenPipeError | json.JSONDecodeError)
        with suppress(subprocess.TimeoutExpired):  # its pipes close a moment before it is gone
            self.process.wait(1 if nobody_answers else 0)
        code = self.process.returncode
        return str(error) if code is None else f"it ended with code {code}"

    def hand_over(self) -> subprocess.Popen[bytes]:
        """Give the process to someone who ends it."""
        atexit.unregister(self.end)
        return self.process

    def end(self) -> None:
        """Let node do what it was told and clean up after itself, or kill it if it does not."""
        atexit.unregister(self.end)
        with suppress(OSError):
            self._stdin.close()
        try:
            self.process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_started: list[Node] = []


def start() -> Node:
    """Start node, or give the one that runs already.

    Raises:
        EnvironmentFault: There is no fitting node, or no jsii.
        OSError: It cannot be started, or our package cannot be written.
    """
    if not _started:
        _started.append(Node())
    return _started[0]


def started() -> Node | None:
    """The node that runs already."""
    return _started[0] if _started else None


def _command(node: str) -> list[str]:
    """The command line that jsii starts node with, but for the program.

    jsii's program looks among the options whether it may link packages instead of copying them;
    only a linked package keeps the index of its types for the next run.
    """
    program = f"{_folder_of('jsii')}/_embedded/jsii/lib__program.js"
    if not os.path.exists(program):  # noqa: PTH110 - before anything large is imported
        raise EnvironmentFault(f"this jsii has no {program}: run `make setup`")
    options = ["--preserve-symlinks", "--max-old-space-size=4069"]
    return [node, *options, f"{FOLDER}/runtime.js", program]


def _environment(cache: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in (*_KEPT, "NODE_OPTIONS") if name in os.environ}
    agent = f"Python/{sys.version.partition(' ')[0]}"
    return {**kept, "JSII_AGENT": agent, "JSII_RUNTIME_PACKAGE_CACHE_ROOT": f"{cache}/packages"}


def _installed(name: str) -> list[Package]:
    """The package that the Python package ``name`` will ask for as it is imported."""
    folder = f"{_folder_of(name)}/_jsii"
    tarballs = [file for file in os.listdir(folder) if file.endswith(".jsii.tgz")]  # noqa: PTH208
    if len(tarballs) != 1:
        return []
    version = tarballs[0].removeprefix(f"{name}@").removesuffix(".jsii.tgz")
    return [Package(name, version, f"{folder}/{tarballs[0]}")]


def _folder_of(package: str) -> str:
    spec = importlib.util.find_spec(package)  # finding it, unlike importing it, starts nothing
    if spec is None or not spec.submodule_search_locations:
        raise EnvironmentFault(f"the Python package {package} is not here: run `make setup`")
    return spec.submodule_search_locations[0]


def _cache_folder() -> str:
    """Where jsii keeps unpacked packages: in the checkout, else in the temporary folder."""
    ours = f"{PROJECT}/.yagura/jsii"
    if _is_writable(ours):
        return ours
    import tempfile  # noqa: PLC0415 - hardly ever needed

    folder = f"{tempfile.gettempdir()}/yagura-jsii"
    if _is_writable(folder) and _is_private(folder):
        return folder
    raise EnvironmentFault(
        f"no folder can be written for cdk8s' packages: tried {ours} and {folder}"
    )


def _is_writable(folder: str) -> bool:
    with suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103
        return os.access(folder, os.W_OK)
    return False


def _is_private(folder: str) -> bool:
    """Whether ``folder`` is ours alone: node runs what lies there."""
    status = os.lstat(folder)
    return status.st_uid == os.getuid() and status.st_mode & 0o777 == 0o700  # noqa: PLR2004
