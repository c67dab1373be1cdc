"""Watches what building the apps reads and runs, by PEP 578 audit events, for the cache."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect")
_WRITING = os.O_WRONLY | os.O_RDWR


@dataclass
class Watch:
    """What was seen.

    Attributes:
        files: Files that were opened for reading.
        unknowable: What could not be followed: programs and connections.
    """

    files: set[str] = field(default_factory=set)
    unknowable: set[str] = field(default_factory=set)

    def note_files(self, files: tuple[str, ...]) -> None:
        """Add what JavaScript constructs read."""
        self.files.update(files)


_active: list[Watch] = []
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


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active:
        return
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, str) and not (flags or 0) & _WRITING:
            _active[-1].files.add(os.path.abspath(path))  # noqa: PTH100 - the fastest way
    elif event in _PROGRAMS:
        _active[-1].unknowable.add(f"{event} {arguments[0]}")


def relevant(watch: Watch, project: Path) -> list[Path]:
    """The files among all that were loaded or opened which are inputs of ours or of the apps'.

    Packages and Python itself are named by the environment; what is made on the way, such as byte
    code and jsii's own temporary folders, is no input.
    """
    loaded = {module.__file__ for module in [*sys.modules.values()] if _has_file(module)}
    ignored = (
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        f"{project}/.",
        f"{project}/dist/",
        f"{project}/node_modules/",
        f"{tempfile.gettempdir()}/jsii-kernel-",
        "/proc/",
        "/dev/",
    )
    return [
        Path(path)
        for path in sorted({*watch.files, *(str(path) for path in loaded)})
        if not path.startswith(ignored) and "__pycache__" not in path
    ]


def _has_file(module: object) -> bool:
    return bool(getattr(module, "__file__", None))
