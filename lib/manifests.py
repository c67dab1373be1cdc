"""The shared vocabulary: a manifest, the Python line that made it, and an indexed set of them."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType, TracebackType

PROJECT = Path(__file__).resolve().parent.parent
_PROJECT = f"{PROJECT}/"
_NOT_USERS = tuple(f"{PROJECT}/{folder}/" for folder in ("lib", ".venv"))
_INSTALLED = ("<", f"{sys.base_prefix}/", f"{sys.prefix}/")


class Source(NamedTuple):
    """A Python line: ``file`` relative to the project (else absolute), ``line`` from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @classmethod
    def of_caller(cls) -> Source | None:
        """Find the innermost line of the user's own code that is running now."""
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - inspect is slower
        while frame is not None:
            if _is_users(frame.f_code.co_filename):
                return cls(_shown(frame.f_code.co_filename), frame.f_lineno)
            frame = frame.f_back
        return None

    @classmethod
    def of_traceback(cls, traceback: TracebackType | None) -> Source | None:
        """Find the innermost line of the user's own code that an exception came through."""
        found = None
        while traceback is not None:
            filename = traceback.tb_frame.f_code.co_filename
            if _is_users(filename):
                found = cls(_shown(filename), traceback.tb_lineno)
            traceback = traceback.tb_next
        return found


def _is_users(filename: str) -> bool:
    if filename.startswith(_PROJECT):
        return not filename.startswith(_NOT_USERS)
    return "/site-packages/" not in filename and not filename.startswith(_INSTALLED)


def _shown(filename: str) -> str:
    return filename.removeprefix(_PROJECT)


class Identity(NamedTuple):
    """What makes an object one and the same for the API server, whatever its version."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        kind = f"{self.kind}.{self.group}" if self.group else self.kind
        return "/".join(part for part in (kind, self.namespace, self.name) if part)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One Kubernetes object as it will be committed.

    Attributes:
        object: The object, as JSON values.
        construct: The path of the construct that made it, such as ``whoami/web/service``.
        source: The Python line that made it.
        folder: The folder under ``dist/<cluster>/`` that it belongs to.
        home: The namespace whose objects lie directly in ``folder``; others lie in a subfolder.
    """

    object: dict[str, Any]
    construct: str
    source: Source
    folder: str
    home: str

    @property
    def api_version(self) -> str:
        """Group and version, such as ``apps/v1``; empty where the object gives none."""
        return str(self.object.get("apiVersion", ""))

    @property
    def kind(self) -> str:
        """The kind, such as ``Deployment``."""
        return str(self.object.get("kind", ""))

    @property
    def name(self) -> str:
        """``metadata.name``; empty where the object gives none."""
        return str(self.object.get("metadata", {}).get("name", ""))

    @property
    def namespace(self) -> str:
        """``metadata.namespace``; empty for a cluster-wide object."""
        return str(self.object.get("metadata", {}).get("namespace", ""))

    @cached_property
    def identity(self) -> Identity:
        """Group, kind, namespace and name."""
        group, _, version = self.api_version.rpartition("/")
        del version
        return Identity(group, self.kind, self.namespace, self.name)


class ManifestSet:
    """Manifests in a fixed order (by identity), found by kind, identity or folder."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self._all = tuple(sorted(manifests, key=lambda manifest: manifest.identity))

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def of_kind(self, kind: str) -> tuple[Manifest, ...]:
        """All manifests of one kind, whatever its group."""
        return self._by_kind.get(kind, ())

    def in_folder(self, folder: str) -> tuple[Manifest, ...]:
        """All manifests of one folder under ``dist/<cluster>/``."""
        return tuple(manifest for manifest in self._all if manifest.folder == folder)

    def get(self, kind: str, name: str, namespace: str = "") -> Manifest | None:
        """The manifest with this kind, name and namespace, where there is one."""
        for manifest in self.of_kind(kind):
            if manifest.name == name and manifest.namespace == namespace:
                return manifest
        return None

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Manifest, ...]]:
        kinds: dict[str, list[Manifest]] = defaultdict(list)
        for manifest in self._all:
            kinds[manifest.kind].append(manifest)
        return {kind: tuple(found) for kind, found in kinds.items()}
