"""One synth at a time: a lock that the kernel releases however its holder ends."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from lib.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 10.0


@contextmanager
def locked(path: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock at ``path``; wait up to ``patience`` seconds for another run.

    Raises:
        EnvironmentFault: Another run still holds it (the message names its process), or the lock
            cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise EnvironmentFault(f"cannot make the lock {path}: {error.strerror}") from error
    try:
        _wait(handle, time.monotonic() + patience, patience)
        _sign(handle)
        yield
    finally:
        os.close(handle)


def _sign(handle: int) -> None:
    """Leave our process number for whoever has to wait; a full disk is no reason to stop."""
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)


def _wait(handle: int, deadline: float, patience: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 32, 0).decode(errors="replace") or "unknown"
                raise EnvironmentFault(
                    f"another synth (process {holder}) has been running for {patience:.0f} s: "
                    "wait for it, or end it"
                ) from None
            time.sleep(0.05)
        else:
            return
