"""A chart's values as Helm puts them together, and where each of them is written.

They may be a map, a text of YAML, single parameters, or several of these on top of each other; a
rule sees one Place, whose pointers lead to what was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lib.checks.place import Place
from lib.checks.reading import read
from lib.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lib.checks.document import Document

# A key of `helm --set`: names between dots, where a backslash keeps a dot in the name.
_NAME = re.compile(r"(?:[^.\\\[\],={}]|\\.)+")
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]*")
_WORDS = {"true": True, "false": False, "null": None}


class Layer(NamedTuple):
    """Values that are written in one place.

    Attributes:
        document: The document.
        pointer: The place in it.
        value: The values there; None where there are none.
        whole: Whether no pointer leads into the place, because it is a text.
    """

    document: Document
    pointer: str
    value: Any
    whole: bool = False

    def at(self, step: str | int) -> Layer:
        """The part of the values one step further down."""
        name = step if isinstance(step, int) else escape(step)
        pointer = self.pointer if self.whole else f"{self.pointer}/{name}"
        return Layer(self.document, pointer, _below(self.value, step), self.whole)


class Values(Place):
    """Values, strongest layer first; the pointer leads to the layer that decides."""

    __slots__ = ("layers",)

    def __init__(self, layers: Sequence[Layer], value: Any) -> None:
        there = (layer for layer in layers if layer.value is not None)
        decides = next(there, layers[0])
        super().__init__(decides.document, decides.pointer, value)
        self.layers = layers

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> Values:
        """Put layers together, of which there is one at least."""
        value = None
        for layer in reversed(layers):
            value = _merged(value, layer.value) if layer.value is not None else value
        return cls(layers, value)

    def at(self, *steps: str | int) -> Place:
        """The place some keys or list indexes further down."""
        value, layers = self.value, self.layers
        for step in steps:
            value = _below(value, step)
            layers = [layer.at(step) for layer in layers]
        return Values(layers, value)

    def each(self, *steps: str | int) -> Iterator[Place]:
        """The entries of the list some steps further down; none where there is no list."""
        for number in range(len(self.items(*steps))):
            yield self.at(*steps, number)

    def fields(self, *steps: str | int) -> Iterator[tuple[str, Place]]:
        """The keys and values of the map some steps further down; none where there is no map."""
        for key in self.mapping(*steps):
            yield key, self.at(*steps, key)


def _below(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def _merged(weaker: Any, stronger: Any) -> Any:
    """Maps key by key, all else as a whole; Helm's null takes a value away."""
    if not (isinstance(weaker, dict) and isinstance(stronger, dict)):
        return stronger
    return weaker | {key: _merged(weaker.get(key), value) for key, value in stronger.items()}


def written(place: Place) -> Layer | None:
    """The layer of a map of values, or of a text of YAML; None where the text cannot be read."""
    value = place.value
    if not isinstance(value, str):
        return Layer(place.document, place.pointer, value if isinstance(value, dict) else None)
    content = read("values.yaml", value.encode("utf-8", "surrogatepass"))
    found = [each for _, each in content.documents]
    fits = len(found) <= 1 and all(isinstance(each, dict) for each in found)
    if not fits or any(fault.rule == "Y01" for fault in content.faults):
        return None
    return Layer(place.document, place.pointer, found[0] if found else {}, whole=True)


def parameter(name: str, place: Place, *, text: bool = False) -> Layer | None:
    """The layer of one parameter, as ``helm --set`` takes it; None where its key is not plain.

    Args:
        name: The key, such as ``server.ha.enabled``.
        place: Where its value stands.
        text: Whether the value is a text whatever it looks like.
    """
    steps = _NAME.findall(name)
    if not steps or ".".join(steps) != name:
        return None
    value = place.value if text else _typed(place.value)
    for step in reversed(steps):
        value = {re.sub(r"\\(.)", r"\1", step): value}
    return Layer(place.document, place.pointer, value, whole=True)


def _typed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value in _WORDS:
        return _WORDS[value]
    if value.startswith("{") and value.endswith("}"):
        return [_typed(each) for each in value[1:-1].split(",") if each]
    return int(value) if _WHOLE_NUMBER.fullmatch(value) else value
