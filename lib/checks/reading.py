"""Reads a file of YAML or JSON the way the cluster's own reader does, and says what is wrong in it.

PyYAML keeps the last of two equal keys and takes ``2026-01-02`` for a date; kubectl, Argo CD and
RKE2 do neither. So the parser is libyaml's, and what a scalar means ``lib.checks.scalars`` decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from lib.checks.json_values import json_values
from lib.checks.scalars import CLEAR, DISPUTED, NOTHING, WORDS, number
from lib.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

# No request to the API server may be larger than 3 MiB, and a file may hold several objects.
LARGEST_FILE = 16 * 1024 * 1024
# A file of a few lines can stand for billions of values through aliases.
_LARGEST_DOCUMENT = 1_000_000
_DEEPEST = 200

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_STRING = "tag:yaml.org,2002:str"
_PLAIN = "plain"
# Of Go, as in charts, or of Jinja, as in Ansible.
_TEMPLATE = re.compile(r"\{\{[-~]?\s*[^\s{}]|\{%")


class Fault(NamedTuple):
    """Something wrong in a file, whatever its objects mean.

    Attributes:
        rule: The rule's id: one of the family ``Y``.
        document: The document in the file, from 0.
        line: The line, from 1.
        pointer: The place in the document, where there is one.
        message: What is wrong.
    """

    rule: str
    document: int
    line: int
    pointer: str
    message: str


@dataclass
class Content:
    """What a file holds: a value per document that is not empty, with its number; and faults."""

    documents: list[tuple[int, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(name: str, content: bytes) -> Content:
    """Read all documents of a file; what cannot be read is a fault, never an exception."""
    found = Content()
    if len(content) > LARGEST_FILE:
        found.faults.append(
            Fault("Y01", 0, 1, "", f"{len(content)} bytes: at most {LARGEST_FILE} are read")
        )
        return found
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = "UTF-16" if content[:2] in _UTF_16 else error.reason
        found.faults.append(Fault("Y01", 0, line, "", f"not UTF-8: {what}"))
        return found
    if name.endswith(".json"):
        _read_json(text, found)
    else:
        _read_yaml(text, found)
    return found


def compose(text: str) -> Iterator[yaml.Node | None]:
    """Give each document's tree of nodes, which know their lines."""
    parser = _Parser(text)
    while parser.check_node():
        yield parser.get_node()


class Unreadable(Exception):
    """What is well-formed, and still no manifest: too deep, too large, or without end."""

    def __init__(self, node: yaml.Node, message: str) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1
        self.message = message


class _Parser(yaml.cyaml.CParser):  # type: ignore[name-defined, misc]
    """libyaml's parser; a scalar's tag only says whether it stood without quotes."""

    def __init__(self, text: str) -> None:
        yaml.cyaml.CParser.__init__(self, text)  # type: ignore[attr-defined]
        self._depth = 0

    def resolve(self, kind: type, _: str | None, implicit: Any) -> str:
        return _PLAIN if kind is yaml.ScalarNode and implicit and implicit[0] else _STRING

    def descend_resolver(self, parent: yaml.Node | None, _: Any) -> None:
        """Called before each node; libyaml itself nests on until the stack is full."""
        self._depth += 1
        if self._depth > _DEEPEST and parent is not None:
            raise Unreadable(parent, f"nested deeper than {_DEEPEST} levels")

    def ascend_resolver(self) -> None:
        self._depth -= 1


def _read_yaml(text: str, found: Content) -> None:
    number = 0
    try:
        for node in compose(text):
            if node is not None and not (node.tag == _PLAIN and node.value in NOTHING):
                value = _Builder(number, found.faults).value(node, "")
                found.documents.append((number, value))
            number += 1
    except (Unreadable, yaml.YAMLError) as error:
        line, said = _told(error, text)
        template = _TEMPLATE.search(text)
        if template:  # what a parser says of it helps nobody
            line = text.count("\n", 0, template.start()) + 1
            said = "a template, no manifest yet: render it first, as with helm template"
        found.faults.append(Fault("Y01", number, line, "", said))


def _told(error: Unreadable | yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line of a mistake, and what it is."""
    if isinstance(error, Unreadable):
        return error.line, error.message
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        # At the end of the file the mark is behind its last line.
        line = min(mark.line, text.rstrip().count("\n")) + 1 if mark else 1
        return line, ": ".join(part for part in (error.context, error.problem) if part)
    line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
    return line, " ".join(str(error).split())


class _Builder:
    """Makes one document's value, and counts what its aliases stand for."""

    def __init__(self, document: int, faults: list[Fault]) -> None:
        self._document = document
        self._faults = faults
        self._done: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()
        self._size = 0

    def value(self, node: yaml.Node, pointer: str) -> Any:
        self._size += 1
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, pointer)
        known = self._done.get(id(node))
        if known is not None:
            self._size += known[1]
            self._limit(node)
            return known[0]
        if id(node) in self._open:
            raise Unreadable(node, "an alias stands for something that it is part of")
        before = self._size
        self._open.add(id(node))
        value = self._collection(node, pointer)
        self._open.discard(id(node))
        self._done[id(node)] = (value, self._size - before)
        self._limit(node)
        return value

    def _limit(self, node: yaml.Node) -> None:
        if self._size > _LARGEST_DOCUMENT:
            raise Unreadable(node, f"stands for more than {_LARGEST_DOCUMENT} values")

    def _collection(self, node: yaml.Node, pointer: str) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{pointer}/{place}") for place, item in enumerate(node.value)]
        found: dict[str, Any] = {}
        merged: list[Any] = []
        for key_node, value_node in node.value:
            key = self._key(key_node, pointer)
            below = f"{pointer}/{escape(key)}"
            value = self.value(value_node, below)
            if key == "<<" and key_node.tag == _PLAIN:
                merged += value if isinstance(value, list) else [value]
                continue
            if key in found:
                self._fault("Y02", key_node, below, f"the key {key!r} is given twice")
            found[key] = value
        for each in merged:
            if isinstance(each, dict):
                found = {**each, **found}
        return found

    def _key(self, node: yaml.Node, pointer: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise Unreadable(node, "a key that is a map or a list")
        text = str(node.value)
        if node.tag == _PLAIN and text in WORDS:
            self._dispute(node, f"{pointer}/{escape(text)}", text)
        return text

    def _scalar(self, node: yaml.ScalarNode, pointer: str) -> Any:
        text = str(node.value)
        if node.tag != _PLAIN:
            return text
        if text in WORDS:
            if text not in CLEAR:
                self._dispute(node, pointer, text)
            return WORDS[text]
        if text[0] not in "0123456789+-.=":
            return text
        if DISPUTED.fullmatch(text):
            self._dispute(node, pointer, text)
        return number(text)

    def _dispute(self, node: yaml.Node, pointer: str, text: str) -> None:
        self._fault("Y03", node, pointer, f"readers disagree on {text!r} without quotes")

    def _fault(self, rule: str, node: yaml.Node, pointer: str, message: str) -> None:
        line = node.start_mark.line + 1
        self._faults.append(Fault(rule, self._document, line, pointer, message))


def _read_json(text: str, found: Content) -> None:
    for count, each in enumerate(json_values(text, deepest=_DEEPEST)):
        if each.wrong:
            found.faults.append(Fault("Y01", count, each.line, "", each.wrong))
        for key in each.twice:
            message = f"the key {key!r} is given twice"
            found.faults.append(Fault("Y02", count, each.line, "", message))
        if each.value is not None:
            found.documents.append((count, each.value))
