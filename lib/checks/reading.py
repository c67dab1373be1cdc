"""Reads a file of YAML or JSON the way the cluster's own reader does, and says what is wrong in it.

PyYAML keeps the last of two equal keys and takes ``2026-01-02`` for a date; kubectl, Argo CD and
RKE2 do neither. So the parser is libyaml's, and what a scalar means is decided here, as
go.yaml.in/yaml/v2 (resolve.go) decides it, which sigs.k8s.io/yaml uses.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from lib.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

# No request to the API server may be larger than 3 MiB, and a file may hold several objects.
LARGEST_FILE = 16 * 1024 * 1024
# A file of a few lines can stand for billions of values through aliases.
LARGEST_DOCUMENT = 1_000_000
DEEPEST = 200

_STRING = "tag:yaml.org,2002:str"
_PLAIN = "plain"
_WORDS: dict[str, Any] = {
    **dict.fromkeys(
        ("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"), True
    ),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("n", "N"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
_CLEAR = {"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"}
_NOTHING = {"", "~", "null", "Null", "NULL"}
_NOT_A_NUMBER = re.compile(r"[-+]?\.(?:nan|NaN|NAN|inf|Inf|INF)")
_INTEGER = re.compile(r"[-+]?(?:0b[01]+|0x[0-9a-fA-F]+|0o?[0-7]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
# Numbers for some readers, of YAML 1.1 or 1.2, and texts, or other numbers, for others.
_DISPUTED = re.compile(
    r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?0o[0-7]+|[-+]?[0-9]+_[0-9_]*|="
)


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
        found.faults.append(Fault("Y01", 0, line, "", f"not UTF-8: {error.reason}"))
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
        if self._depth > DEEPEST and parent is not None:
            raise Unreadable(parent, f"nested deeper than {DEEPEST} levels")

    def ascend_resolver(self) -> None:
        self._depth -= 1


def _read_yaml(text: str, found: Content) -> None:
    number = 0
    try:
        for node in compose(text):
            if node is not None and not (node.tag == _PLAIN and node.value in _NOTHING):
                value = _Builder(number, found.faults).value(node, "")
                found.documents.append((number, value))
            number += 1
    except Unreadable as error:
        found.faults.append(Fault("Y01", number, error.line, "", error.message))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = ": ".join(part for part in (error.context, error.problem) if part)
        found.faults.append(Fault("Y01", number, line, "", said))
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        said = " ".join(str(error).split())
        found.faults.append(Fault("Y01", number, line, "", said))


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
        if self._size > LARGEST_DOCUMENT:
            raise Unreadable(node, f"stands for more than {LARGEST_DOCUMENT} values")

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
        if node.tag == _PLAIN and text in _WORDS:
            self._dispute(node, f"{pointer}/{escape(text)}", text)
        return text

    def _scalar(self, node: yaml.ScalarNode, pointer: str) -> Any:
        text = str(node.value)
        if node.tag != _PLAIN:
            return text
        if text in _WORDS:
            if text not in _CLEAR:
                self._dispute(node, pointer, text)
            return _WORDS[text]
        if text[0] not in "0123456789+-.=":
            return text
        if _DISPUTED.fullmatch(text):
            self._dispute(node, pointer, text)
        return _number(text)

    def _dispute(self, node: yaml.Node, pointer: str, text: str) -> None:
        self._fault("Y03", node, pointer, f"readers disagree on {text} without quotes")

    def _fault(self, rule: str, node: yaml.Node, pointer: str, message: str) -> None:
        line = node.start_mark.line + 1
        self._faults.append(Fault(rule, self._document, line, pointer, message))


def _number(text: str) -> Any:
    """The number that ``text`` is, else the text itself."""
    plain = text.replace("_", "")
    if _INTEGER.fullmatch(plain):
        digits = plain.lstrip("+-")
        octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
        value = int(digits, 8) if octal else int(digits, 0)
        return -value if plain[0] == "-" else value
    if _FLOAT.fullmatch(plain):
        return float(plain)
    return float(text.replace(".", "", 1).lower()) if _NOT_A_NUMBER.fullmatch(text) else text


def _read_json(text: str, found: Content) -> None:
    """Read JSON values one after the other, as kubectl does."""
    place, number = 0, 0
    twice: list[str] = []

    def pairs(given: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(given)
        if len(made) < len(given):
            keys = [key for key, _ in given]
            twice.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return made

    decoder = json.JSONDecoder(object_pairs_hook=pairs)
    while (rest := re.compile(r"\s*").match(text, place)) and rest.end() < len(text):
        line = text.count("\n", 0, rest.end()) + 1
        try:
            value, place = decoder.raw_decode(text, rest.end())
        except json.JSONDecodeError as error:
            found.faults.append(Fault("Y01", number, error.lineno, "", error.msg))
            return
        except RecursionError:
            found.faults.append(Fault("Y01", number, line, "", "nested too deep"))
            return
        for key in twice:
            found.faults.append(Fault("Y02", number, line, "", f"the key {key!r} is given twice"))
        twice.clear()
        if value is not None:
            found.documents.append((number, value))
        number += 1
