"""Every text of an object, also those inside of texts: chart values, configuration files, lists.

A credential hides as well in a ConfigMap's ``config.yaml`` or in a chart's ``valuesContent`` as in
a field of its own, so such texts are read and walked through like the object itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lib.checks.charts import APPLICATION, HELM_CHART, HELM_CHART_CONFIG
from lib.checks.place import Place
from lib.checks.reading import read
from lib.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document

# The way to a value, innermost step first: (way to its parent, step); empty at the top.
Way = tuple[Any, ...]

# Reading is for configuration; what is larger is data, and its text is searched as it is.
_LARGEST = 256 * 1024
_DEEPEST = 4
_FLAG = re.compile(r"--?([A-Za-z][\w.-]*)")
_PAIR_OF_YAML = re.compile(r"^[ -]*[\w.\"'/-]+:(?: |$)", re.MULTILINE)
HELM_TYPES = frozenset({HELM_CHART, HELM_CHART_CONFIG})
_VALUES = frozenset({"values", "valuesContent", "set"})


class Text:
    """A string, or a number, of an object.

    Attributes:
        document: The object's document.
        key: The nearest key around it; the name where it is the value of a ``name``, ``value``
            pair, and the flag where it follows one in a list.
        value: The text itself.
        is_setting: Whether the key is a setting's name: a chart's value, a variable of a container,
            a line of a configuration file; not a field of a Kubernetes object.
        is_read: Whether it was read as YAML or JSON; its own texts follow.
        top: The first key of the object on the way to it.
        inside: The JSON pointer inside of the text that holds it; empty for most.
    """

    __slots__ = ("_way", "document", "inside", "is_read", "is_setting", "key", "top", "value")

    def __init__(self, document: Document, value: str, step: _Step, *, is_read: bool) -> None:
        self.document = document
        self.value = value
        self.key = step.key
        self.is_setting = step.is_setting
        self.is_read = is_read
        self.top = step.top
        self.inside = _pointer(step.inside)
        self._way = step.way

    @classmethod
    def of_file(cls, document: Document, line: str) -> Text:
        """A line of a file that is no object."""
        return cls(document, line, _Step(is_setting=True), is_read=False)

    @property
    def place(self) -> Place:
        """The place of the text in the object, or of the text around it."""
        return Place(self.document, _pointer(self._way), self.value)

    @property
    def where(self) -> str:
        """For messages: which setting inside of the place, where it is inside of one."""
        return f"{self.inside} in it: " if self.inside else ""


class _Step:
    """What is known on the way down."""

    __slots__ = ("inside", "is_setting", "key", "reads", "top", "way")

    def __init__(
        self,
        way: Way = (),
        key: str = "",
        *,
        top: str = "",
        is_setting: bool = False,
        inside: Way = (),
        reads: int = 0,
    ) -> None:
        self.way = way
        self.key = key
        self.top = top
        self.is_setting = is_setting
        self.inside = inside
        self.reads = reads

    def to(self, step: str | int, key: str, *, is_setting: bool) -> _Step:
        outside = not self.reads
        return _Step(
            (self.way, step) if outside else self.way,
            key,
            top=self.top or key,
            is_setting=self.is_setting or is_setting,
            inside=self.inside if outside else (self.inside, step),
            reads=self.reads,
        )

    def into(self) -> _Step:
        """Go into the text that is here."""
        return _Step(
            self.way,
            self.key,
            top=self.top,
            is_setting=self.is_setting,
            inside=self.inside,
            reads=self.reads + 1,
        )


def texts(document: Document, *, settings: bool = False, inner: bool = True) -> Iterator[Text]:
    """All texts of an object.

    Args:
        document: The object.
        settings: Whether all of it is settings, as in a file for the nodes.
        inner: Whether to give the texts inside of texts too.
    """
    stack: list[tuple[Any, _Step]] = [(document.object, _Step(is_setting=settings))]
    while stack:
        value, step = stack.pop()
        if isinstance(value, dict):
            stack += _of_map(value, step, document)
        elif isinstance(value, list):
            stack += _of_list(value, step)
        elif isinstance(value, str):
            held = _read(value, step) if inner else None
            yield Text(document, value, step, is_read=held is not None)
            if held is not None:
                stack.append((held, step.into()))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield Text(document, str(value), step, is_read=False)


def _of_map(value: dict[str, Any], step: _Step, document: Document) -> Iterator[tuple[Any, _Step]]:
    name = value.get("name", value.get("key")) if "value" in value else None
    for key, item in value.items():
        if key == "value" and isinstance(name, str):
            yield item, step.to(key, name, is_setting=True)
        else:
            yield item, step.to(key, key, is_setting=_begins_settings(document, step, key))


def _begins_settings(document: Document, step: _Step, key: str) -> bool:
    if document.type == "ConfigMap":
        return key == "data" and not step.top
    if document.type == APPLICATION:
        return key == "helm"
    return document.type in HELM_TYPES and key in _VALUES and step.key == "spec"


def _of_list(value: list[Any], step: _Step) -> Iterator[tuple[Any, _Step]]:
    flag = None
    for number, item in enumerate(value):
        yield item, step.to(number, flag or step.key, is_setting=flag is not None)
        found = _FLAG.fullmatch(item) if isinstance(item, str) else None
        flag = found[1] if found else None


def _read(text: str, step: _Step) -> Any:
    """The map or list that a text holds; None where it holds none."""
    if step.reads >= _DEEPEST or len(text) > _LARGEST:
        return None
    if text[:1] in {"{", "["}:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict | list):
            return found
    if not step.is_setting and "\n" not in text:
        return None
    if text[:1] != "{" and _PAIR_OF_YAML.search(text) is None:
        return None
    content = read("text.yaml", text.encode("utf-8", "surrogatepass"))
    if any(fault.rule == "Y01" for fault in content.faults):
        return None
    found = [value for _, value in content.documents if isinstance(value, dict | list)]
    return found[0] if len(found) == 1 else found or None


def _pointer(way: Way) -> str:
    steps = []
    while way:
        way, step = way
        steps.append(step if isinstance(step, int) else escape(step))
    return "".join(f"/{step}" for step in reversed(steps))
