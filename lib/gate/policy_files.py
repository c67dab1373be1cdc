"""The files that say what the objects themselves cannot: exceptions, and what charts bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.checks import exceptions, provided
from lib.checks.document import Document, File
from lib.checks.reading import read
from lib.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class PolicyFiles:
    """What ``policy/`` holds.

    Attributes:
        exceptions: The document of ``policy/exceptions.yaml``; None where there is none.
        provided: The objects that ``policy/provided.yaml`` declares.
    """

    exceptions: Document | None
    provided: tuple[Document, ...]


def policy_files(project: Path) -> PolicyFiles:
    """Read both.

    Raises:
        ConfigError: A file cannot be read, or is no map with its one key.
    """
    declared = _document(project, provided.FILE, "provided")
    return PolicyFiles(
        exceptions=_document(project, exceptions.FILE, "exceptions"),
        provided=tuple(provided.provided(declared)) if declared else (),
    )


def _document(project: Path, name: str, key: str) -> Document | None:
    path = project / name
    if not path.is_file():
        return None
    file = File(name, path.read_bytes())
    content = read(name, file.content)
    if content.faults:
        fault = content.faults[0]
        raise ConfigError(f"{name}:{fault.line}: {fault.message}")
    values = [value for _, value in content.documents]
    if len(values) > 1 or any(not isinstance(v, dict) or [*v] != [key] for v in values):
        raise ConfigError(f"{name}: one map with the key {key!r}, whose value is a list")
    return Document(file, 0, values[0]) if values else None
