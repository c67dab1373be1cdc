"""A place in a document: a value, the pointer to it, and where it stands in its file.

Rules walk with it instead of with the values themselves, so that every finding has its pointer, and
so that a value of an unexpected type (anyone's manifests may hold any) is absent, no crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document


def steps(pointer: str) -> list[str]:
    """The steps of a JSON pointer (RFC 6901)."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What a rule says of one place; the engine makes a finding of it, unless it is exempted.

    Attributes:
        document: The document that it is in.
        pointer: The JSON pointer (RFC 6901) within the object.
        message: What is there, and what should be, in one line.
        fix: What to do, where it is more exact than the rule's own ``fix``.
        line: The line in the file, where the pointer cannot tell it.
        fingerprint: Names a value that must not be shown; an exception in the file must name it.
    """

    document: Document
    pointer: str
    message: str
    fix: str = ""
    line: int = 0
    fingerprint: str = ""


class Place:
    """A value in a document, or its absence.

    Attributes:
        document: The document.
        pointer: The JSON pointer within the object; empty for the object itself.
        value: The JSON value; None where there is nothing.
    """

    __slots__ = ("document", "pointer", "value")

    def __init__(self, document: Document, pointer: str, value: Any) -> None:
        self.document = document
        self.pointer = pointer
        self.value = value

    def __bool__(self) -> bool:
        """Whether there is anything, be it an empty map."""
        return self.value is not None

    def at(self, *steps: str | int) -> Place:
        """The place some keys or list indexes further down."""
        value, pointer = self.value, self.pointer
        for step in steps:
            pointer = f"{pointer}/{step if isinstance(step, int) else escape(step)}"
            if isinstance(step, int):
                inside = isinstance(value, list) and step < len(value)
                value = value[step] if inside else None
            else:
                value = value.get(step) if isinstance(value, dict) else None
        return Place(self.document, pointer, value)

    def at_pointer(self, pointer: str) -> Place:
        """The place that a JSON pointer leads to from here, whether anything is there or not."""
        place = self
        for step in steps(pointer):
            is_index = isinstance(place.value, list) and step.isdigit()
            place = place.at(int(step) if is_index else step)
        return place

    def get(self, *steps: str | int) -> Any:
        """The value some steps further down, or None."""
        return self.at(*steps).value if steps else self.value

    def each(self, *steps: str | int) -> Iterator[Place]:
        """The entries of the list some steps further down; none where there is no list."""
        start = self.at(*steps)
        if isinstance(start.value, list):
            for number, item in enumerate(start.value):
                yield Place(self.document, f"{start.pointer}/{number}", item)

    def fields(self, *steps: str | int) -> Iterator[tuple[str, Place]]:
        """The keys and values of the map some steps further down; none where there is no map."""
        start = self.at(*steps)
        if isinstance(start.value, dict):
            for key, item in start.value.items():
                yield key, Place(self.document, f"{start.pointer}/{escape(key)}", item)

    def maps(self) -> Iterator[Place]:
        """Every map from here down, this one first, in the file's order."""
        stack = [self]
        while stack:
            place = stack.pop()
            if isinstance(place.value, dict):
                yield place
            below = (*place.each(), *(item for _, item in place.fields()))
            stack += reversed([item for item in below if isinstance(item.value, dict | list)])

    def leaves(self) -> Iterator[Place]:
        """Everything below that is neither a map nor a list, in the file's order."""
        stack = [self]
        while stack:
            place = stack.pop()
            below = [*place.each(), *(item for _, item in place.fields())]
            if below:
                stack += reversed(below)
            elif not isinstance(place.value, dict | list) and place.value is not None:
                yield place

    def text(self, *steps: str | int) -> str:
        """The string there; empty where there is none."""
        value = self.get(*steps)
        return value if isinstance(value, str) else ""

    def mapping(self, *steps: str | int) -> dict[str, Any]:
        """The map there; empty where there is none."""
        value = self.get(*steps)
        return value if isinstance(value, dict) else {}

    def items(self, *steps: str | int) -> list[Any]:
        """The list there; empty where there is none."""
        value = self.get(*steps)
        return value if isinstance(value, list) else []

    def texts(self, *steps: str | int) -> dict[str, str]:
        """The map there with those of its values that are strings, such as labels."""
        return {key: value for key, value in self.mapping(*steps).items() if isinstance(value, str)}

    def problem(self, message: str, *, fix: str = "", fingerprint: str = "") -> Problem:
        """Say that something is wrong here."""
        return Problem(
            document=self.document,
            pointer=self.pointer,
            message=message,
            fix=fix,
            fingerprint=fingerprint,
        )
