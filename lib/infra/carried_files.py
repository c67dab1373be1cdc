"""Whether the files of dist/ that Terraform hands to new machines are those of today."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lib.infra import topics
from lib.infra.said import By, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lib.checks.document import File


def statements(carried: Mapping[str, Mapping[str, str]], files: Iterable[File]) -> list[Said]:
    """Say of each file what it is, on both sides.

    Args:
        carried: Machine -> path below the cluster's folder -> content. In a running cluster no
            machine carries bootstrap/.
        files: The files of the cluster's folder.
    """
    said = [
        _said(path, _digest(text), By.TERRAFORM, f"cloud-init of {machine}")
        for machine, texts in carried.items()
        for path, text in texts.items()
    ]
    paths = {path for texts in carried.values() for path in texts}
    there = {_short(file): file for file in files if _kind(_short(file)) in set(map(_kind, paths))}
    for path, file in there.items():
        text = file.content.decode(errors="replace")
        said.append(_said(path, _digest(text), By.DIST, file.name))
        if path not in paths:
            said.append(_said(path, "not carried", By.TERRAFORM, "cloud-init of all machines"))
    said += [_said(path, "no such file", By.DIST, path) for path in paths - there.keys()]
    return said


def _said(path: str, value: str, by: By, where: str) -> Said:
    return Said(what=topics.file_of(path), values=(value,), by=by, where=where)


def _kind(path: str) -> str:
    """What goes to the same machines: bootstrap, nodes/server or nodes/agent."""
    return path.rpartition("/")[0]


def _short(file: File) -> str:
    if file.folder == "bootstrap":
        return f"bootstrap/{file.name.rpartition('/')[2]}"
    return "/".join(file.name.split("/")[2:])


def _digest(text: str) -> str:
    """Tell a file by its content; the last line's end gets lost in cloud-init."""
    return f"sha256 {hashlib.sha256(text.rstrip().encode()).hexdigest()[:12]}"
