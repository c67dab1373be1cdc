"""A fault: one change to one object of dist/, and what the gate has to say about it.

Changes work on the parsed object, which is written again as yagura writes it; ``text`` works on the
file itself, for what no parsed object can hold, and ``beside`` adds an object to the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lib import yaml_text

Change = Callable[[str], str]
Step = str | int

POD: tuple[Step, ...] = ("spec", "template", "spec")
CONTAINER: tuple[Step, ...] = (*POD, "containers", 0)
ANNOTATIONS = ("metadata", "annotations")
VALUES = ("spec", "values")  # of a HelmChart
CHART = ("spec", "sources", 0, "helm", "valuesObject")  # of an Application
ROUTE = ("spec", "routes", 0)
ON, OFF = True, False
# A file that cannot be read holds no object: the finding names the file.
FILE = "the file"


@dataclass(frozen=True)
class Fault:
    """A fault.

    Attributes:
        says: What is wrong, as a sentence; the test's name.
        where: The object whose file is changed, such as ``Deployment whoami/web``; or the path of
            a file that holds no object.
        change: From the file's text to the faulty one; empty where the file is taken away.
        rule: The rule that has to find it.
        shows: A part of the line that the finding leads to.
        named: The object that the finding names; empty for ``where``.
    """

    says: str
    where: str
    change: Change
    rule: str
    shows: str
    named: str = ""

    @property
    def object(self) -> str:
        """The object that the finding has to name."""
        return self.named or self.where


def put(*path: Any) -> Change:
    """Set the field that the steps lead to; the last argument is its value."""
    *steps, last, value = path

    def change(top: Any) -> None:
        _parent(top, steps)[last] = value

    return _on_object(change)


def drop(*path: Step) -> Change:
    """Take a field, or an entry of a list, away."""
    *steps, last = path

    def change(top: Any) -> None:
        del _parent(top, steps, make=False)[last]

    return _on_object(change)


def add(*path: Any) -> Change:
    """Put one more entry at the end of a list; the last argument is the entry."""
    *steps, last, entry = path

    def change(top: Any) -> None:
        _parent(top, steps).setdefault(last, []).append(entry)

    return _on_object(change)


def text(old: str, new: str) -> Change:
    """Replace a text, which stands in the file once."""

    def change(content: str) -> str:
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in the file"
        return content.replace(old, new)

    return change


def beside(manifest: str) -> Change:
    """Add an object, as a document of its own, to the end of the file."""
    return lambda content: f"{content}---\n{manifest}"


def away() -> Change:
    """Take the file away."""
    return lambda _: ""


def _on_object(change: Callable[[Any], None]) -> Change:
    def changed(content: str) -> str:
        top = yaml_text.load(content)
        change(top)
        heading = content.partition("\n")[0]
        return f"{heading}\n---\n{yaml_text.dump(top)}"

    return changed


def _parent(top: Any, steps: list[Step], *, make: bool = True) -> Any:
    for step in steps:
        if make and isinstance(top, dict) and step not in top:
            top[step] = {}
        top = top[step]
    return top
