"""Turns kubeconform's verdict on one object into something that a person can act on.

kubeconform puts a tree of causes into one line, in an order that changes from run to run; only
the leaves say what is wrong.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lib.checks.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

_CAUSE = re.compile(r"( +)- at '((?:[^'\\]|\\.)*)': ")


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One object that is not as its schema wants it, or that could not be judged.

    Attributes:
        file: The file that holds the object.
        kind: The object's kind; empty where the file could not be read that far.
        name: The object's name, or empty likewise.
        version: The object's apiVersion, or empty likewise.
        message: All causes in one line.
        pointers: The places in the object, as JSON pointers; empty where it was not judged.
    """

    file: Path
    kind: str
    name: str
    version: str
    message: str
    pointers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}: {self.version} {self.kind} {self.name}: {self.message}"


def problem(resource: Mapping[str, str], schemas: Path) -> Problem:
    """Read one entry of kubeconform's ``resources``.

    Args:
        resource: The entry; its status is invalid or error.
        schemas: The folder of the custom resources' schemas, to tell a missing from a broken one.
    """
    causes = _causes(resource["msg"])
    text = resource["msg"]
    if causes:
        text = "; ".join(f"{pointer or '/'}: {cause}" for pointer, cause in causes)
    elif resource["kind"] and not text.startswith("error "):
        text = _no_schema(resource["version"], resource["kind"], schemas)
    return Problem(
        file=Path(resource["filename"]),
        kind=resource["kind"],
        name=resource["name"],
        version=resource["version"],
        message=" ".join(text.split()),
        pointers=tuple(dict.fromkeys(pointer for pointer, _ in causes)),
    )


def _causes(message: str) -> list[tuple[str, str]]:
    """Pick the leaves out of the flattened tree: those that nothing deeper follows."""
    marks = list(_CAUSE.finditer(message))
    ends = [mark.start() for mark in marks[1:]] + [len(message)]
    depths = [len(mark[1]) for mark in marks] + [0]
    leaves = [
        (mark[2], message[mark.end() : end].strip())
        for mark, end, depth, following in zip(marks, ends, depths, depths[1:], strict=False)
        if following <= depth
    ]
    return sorted(set(leaves))


def _no_schema(version: str, kind: str, schemas: Path) -> str:
    # kubeconform says the same of a schema that is missing and of one that it cannot compile, and
    # of one that is cut short only "unexpected EOF". What ails the object itself is an "error ...".
    group, _, short = version.rpartition("/")
    path = Path(group) / f"{kind.lower()}_{short}.json"
    if group and (schemas / path).is_file():
        return f"its schema {schemas.name}/{path} does not compile"
    meant = _meant(version, kind, schemas) or "see docs/reference/schemas.md for how to add one"
    return f"no schema for {version} {kind}: {meant}"


def _meant(version: str, kind: str, schemas: Path) -> str:
    """What there is a schema of, where it is nearly what is asked for."""
    group = version.rpartition("/")[0]
    known: dict[str, list[str]] = {}
    for name in _names(schemas / "scopes.json"):
        api, _, other = name.rpartition("/")
        if api.rpartition("/")[0] == group:
            known.setdefault(other, []).append(api)
    if kind in known:
        return f"there is {kind} of {', '.join(known[kind])}"
    close = nearest(kind, known, cutoff=0.75)
    return f"did you mean {close}?" if close else ""


@cache
def _names(table: Path) -> tuple[str, ...]:
    """``group/version/Kind`` of all that there are schemas of, as `make schemas` lists them."""
    return tuple(json.loads(table.read_bytes())) if table.is_file() else ()
