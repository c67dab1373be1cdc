"""Watches what building the apps reads, asks for and runs, for the cache.

It goes by PEP 578's audit events, and wraps the one question that has none: whether a file is
there. Everything is named as it was when an app first saw it, so that a change between then and the
end of the run is noticed, whatever clocks and times say.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lib.synth import state as states

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNKNOWABLE = (
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"),
    *("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "sqlite3.connect"),
)
_LISTINGS = ("os.listdir", "os.scandir")


@dataclass
class Watch:
    """What was seen.

    Attributes:
        project: The checkout.
        files: Files that were opened for reading or asked for, with their digests.
        folders: Folders whose names were listed, with the names' digests.
        unknowable: What could not be followed: programs and connections.
    """

    project: str
    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    unknowable: set[str] = field(default_factory=set)

    def note(self, path: str) -> None:
        """Add a file as it is now, if it is an input and not known already."""
        if path not in self.files and self._is_input(path):
            with unwatched():
                self.files[path] = states.of_file(self.project, path)

    def note_names(self, folder: str) -> None:
        """Add the names in a folder as they are now."""
        if folder not in self.folders and self._is_input(f"{folder}/"):
            with unwatched():
                self.folders[folder] = self._names(folder)

    def note_both(self, paths: tuple[str, ...]) -> None:
        """Add what JavaScript constructs read, files and folders."""
        for path in paths:
            self.note(path)
            if os.path.isdir(path):  # noqa: PTH112 - a text
                self.note_names(path)

    def note_loaded(self) -> None:
        """Add all modules that are loaded."""
        for module in [*sys.modules.values()]:
            if getattr(module, "__file__", None):
                self.note(str(module.__file__))

    def is_outdated(self) -> bool:
        """Whether anything is no longer as it was when it was seen."""
        return any(
            states.of_file(self.project, path) != known for path, known in self.files.items()
        ) or any(self._names(folder) != known for folder, known in self.folders.items())

    def _names(self, folder: str) -> str:
        return states.listing(self.project, folder)

    def _is_input(self, path: str) -> bool:
        if "/__pycache__/" in path:
            return False
        ours = path.startswith(f"{self.project}/")
        return not path.startswith(self._made if ours else self._installed)

    def __post_init__(self) -> None:
        """Find out once what is no input; asking within the hook might be asked within asking.

        Packages and Python itself are named by the environment. What is made on the way, such as
        byte code and jsii's own temporary folders, is none. A checkout may lie below Python's own
        folder, as /usr/src does below /usr.
        """
        made = (".venv", ".yagura", "dist", "node_modules")
        self._made = tuple(f"{self.project}/{name}/" for name in made)
        python = (f"{sys.prefix}/", f"{sys.base_prefix}/", f"{sys.exec_prefix}/")
        self._installed = (*python, f"{tempfile.gettempdir()}/jsii-kernel-", "/proc/", "/dev/")


_active: list[Watch] = []
_thread = threading.local()
_hooked: list[bool] = []


@contextmanager
def watching(project: Path) -> Iterator[Watch]:
    """Note what this process reads and runs while the block runs."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    watch, stat = Watch(os.fspath(project)), os.stat
    _active.append(watch)

    def asked(path: Any, *arguments: Any, **options: Any) -> os.stat_result:
        if not isinstance(path, int) and _is_theirs():
            watch.note(_absolute(path))
        return stat(path, *arguments, **options)

    os.stat = asked
    try:
        yield watch
    finally:
        os.stat = stat
        _active.remove(watch)


@contextmanager
def unwatched() -> Iterator[None]:
    """Let this thread do something of ours beside the apps, which is none of their reading."""
    _thread.ours = True
    try:
        yield
    finally:
        _thread.ours = False


def _is_theirs() -> bool:
    return bool(_active) and not getattr(_thread, "ours", False)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _is_theirs():
        return
    if event == "open":
        path, _, flags = arguments
        if not isinstance(path, int) and not (flags or 0) & os.O_WRONLY:
            _active[-1].note(_absolute(path))
    elif event in _LISTINGS:
        if not isinstance(arguments[0], int):
            _active[-1].note_names(_absolute(arguments[0] or "."))
    elif event in _UNKNOWABLE:
        _active[-1].unknowable.add(f"{event} {arguments[0]}")


def _absolute(path: Any) -> str:
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - the fastest way
