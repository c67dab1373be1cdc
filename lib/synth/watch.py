"""Watches what building the apps reads and runs, by PEP 578 audit events, for the cache."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAMS = (
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"),
    *("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"),
)
_LISTINGS = ("os.listdir", "os.scandir")


@dataclass
class Watch:
    """What was seen.

    Attributes:
        files: Files that were opened for reading.
        folders: Folders whose names were listed.
        unknowable: What could not be followed: programs and connections.
    """

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    unknowable: set[str] = field(default_factory=set)

    def note_files(self, files: tuple[str, ...]) -> None:
        """Add what JavaScript constructs read."""
        self.files.update(files)


_active: list[Watch] = []
_thread = threading.local()
_hooked: list[bool] = []


@contextmanager
def watching() -> Iterator[Watch]:
    """Note what this process reads and runs while the block runs."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    watch = Watch()
    _active.append(watch)
    try:
        yield watch
    finally:
        _active.remove(watch)


@contextmanager
def unwatched() -> Iterator[None]:
    """Let this thread do something of ours beside the apps, which is none of their reading."""
    _thread.ours = True
    try:
        yield
    finally:
        _thread.ours = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active or getattr(_thread, "ours", False):
        return
    if event == "open":
        path, _, flags = arguments
        if not isinstance(path, int) and not (flags or 0) & os.O_WRONLY:
            _active[-1].files.add(_absolute(path))
    elif event in _LISTINGS:
        if not isinstance(arguments[0], int):
            _active[-1].folders.add(_absolute(arguments[0] or "."))
    elif event in _PROGRAMS:
        _active[-1].unknowable.add(f"{event} {arguments[0]}")


def _absolute(path: Any) -> str:
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - the fastest way


def relevant(watch: Watch, project: Path) -> tuple[list[Path], list[Path]]:
    """The inputs of ours and of the apps' among all that was loaded, opened or listed.

    Returns:
        Files and folders.
    """
    loaded = {str(module.__file__) for module in [*sys.modules.values()] if _has_file(module)}
    return (
        [Path(path) for path in sorted(watch.files | loaded) if _is_input(path, project)],
        [Path(path) for path in sorted(watch.folders) if _is_input(f"{path}/", project)],
    )


def _is_input(path: str, project: Path) -> bool:
    """Packages and Python itself are named by the environment.

    What is made on the way, such as byte code and jsii's own temporary folders, is no input. A
    checkout may lie below Python's own folder, as /usr/src does below /usr.
    """
    installed = (f"{sys.prefix}/", f"{sys.base_prefix}/", f"{sys.exec_prefix}/")
    if path.startswith(f"{project}/"):
        made = tuple(f"{project}/{name}/" for name in (".venv", ".yagura", "dist", "node_modules"))
        return not path.startswith(made) and "/__pycache__/" not in path
    passing = (f"{tempfile.gettempdir()}/jsii-kernel-", "/proc/", "/dev/")
    return not path.startswith((*installed, *passing)) and "/__pycache__/" not in path


def _has_file(module: object) -> bool:
    return bool(getattr(module, "__file__", None))
