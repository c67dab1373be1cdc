"""Keeps validated clusters, so that an unchanged cluster file need not be validated again.

A wrong Cluster would be worse than a slow one. So a snapshot opens with a seal: one digest of all
that made it, and of itself. It is used only where the file's bytes and name, this package's sources
and the machine's Python and packages give that very seal; else the file is validated.
"""

from __future__ import annotations

import os
import pickle
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.config.cluster import Cluster

_SEAL = 32


class Snapshots:
    """A folder with one snapshot for each cluster file.

    Args:
        folder: The folder; made where it is not there.
        environment: Names Python and the installed packages, pydantic among them.
    """

    def __init__(self, folder: Path, environment: str) -> None:
        self._folder = folder
        self._maker = environment.encode() + _sources()
        self._noted: dict[Path, bytes] = {}

    def recall(self, file: Path, content: bytes) -> Cluster | None:
        """Return the Cluster that was made of this very file; None where nobody knows it."""
        try:
            snapshot = self._place(file).read_bytes()
        except OSError:
            return None
        seal, pickled = snapshot[:_SEAL], snapshot[_SEAL:]
        if seal != self._seal(file, content, pickled):
            return None
        cluster: Cluster = pickle.loads(pickled)  # noqa: S301 - the seal says that we wrote it
        return cluster

    def note(self, file: Path, content: bytes, cluster: Cluster) -> None:
        """Take down a Cluster that was just made of a file; nothing is written yet."""
        pickled = pickle.dumps(cluster)
        self._noted[self._place(file)] = self._seal(file, content, pickled) + pickled

    def keep(self) -> None:
        """Write what was noted, each snapshot whole or not at all.

        For the end of a run, once it is known that no source changed while it was being read.
        """
        for place, snapshot in self._noted.items():
            fresh = place.with_name(f"{place.name}.{os.getpid()}")
            with suppress(OSError):  # what cannot be kept is only slower
                self._folder.mkdir(parents=True, exist_ok=True)
                fresh.write_bytes(snapshot)
                fresh.replace(place)

    def _place(self, file: Path) -> Path:
        return self._folder / file.stem

    def _seal(self, file: Path, content: bytes, pickled: bytes) -> bytes:
        parts = (self._maker, file.name.encode(), content, pickled)
        return sha256(b"".join(sha256(part).digest() for part in parts)).digest()


def _sources() -> bytes:
    """Name the content of this package: it says what a valid cluster is, and what a Cluster is."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return b"".join(
        sha256(part).digest()
        for path in modules
        for part in (path.name.encode(), path.read_bytes())
    )
