"""Notes which fields of an example a rule reads.

Rules walk with Place, so a field is read where the value of its Place is asked for, and not where a
walk only comes by. Maps and lists that a rule takes out of a Place tell by themselves. What the
model reads for its indexes, before any rule asks, is no read of the rule.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lib.values import escape
from tools.mutation.fields import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# The number of an object in an example, and a pointer.
Spot = tuple[int, str]
_TELLING = "tools.mutation.telling"
_WALKERS = frozenset({__name__, _TELLING, "lib.checks.chart_values", "lib.checks.place"})
# They walk far more than a rule asks for.
_FINDERS = frozenset(
    {
        "lib.checks.applications",
        "lib.checks.charts",
        "lib.checks.document",
        "lib.checks.model",
        "lib.checks.scopes",
    }
)
_COMES_BY = frozenset(
    {"__init__", "at", "each", "fields", "leaves", "maps", "of", "_below", "_merged"}
)


class Watch:
    """What is read, while it is on.

    Attributes:
        reads: Each field that was read, by whatever code.
        asked: Those of them that a rule itself asked for, or code made for a few rules.
        on: Whether reads are noted.
    """

    def __init__(self) -> None:
        self.reads: set[Spot] = set()
        self.asked: set[Spot] = set()
        self.on = False

    def wrap(self, value: Any, document: int, pointer: str = "") -> Any:
        """The same value, which tells."""
        if isinstance(value, dict):
            return Map(self, document, pointer, value)
        if isinstance(value, list):
            return List(self, document, pointer, value)
        return value

    def read(self, document: int, pointer: str, value: Any) -> None:
        """Note a read, unless more is to come below."""
        if self.on and (not isinstance(value, dict | list) or not len(value)):
            self._note([(document, pointer)])

    def read_all(self, document: int, pointer: str, value: Any) -> None:
        """Note everything below as read."""
        if self.on:
            self._note([(document, each) for each, _ in leaves(_plain(value), pointer)])

    def _note(self, spots: list[Spot]) -> None:
        self.reads.update(spots)
        if _is_asked():
            self.asked.update(spots)

    @contextmanager
    def off(self) -> Iterator[None]:
        """Do not note what is read meanwhile."""
        before, self.on = self.on, False
        try:
            yield
        finally:
            self.on = before


class Map(dict[str, Any]):
    """A map that tells what is read in it."""

    def __init__(self, watch: Watch, document: int, pointer: str, value: dict[str, Any]) -> None:
        self.watch, self.document, self.pointer = watch, document, pointer
        super().__init__(
            (key, watch.wrap(item, document, f"{pointer}/{escape(key)}"))
            for key, item in dict.items(value)
        )

    def _note(self, key: Any) -> None:
        if dict.__contains__(self, key):
            value = dict.__getitem__(self, key)
            self.watch.read(self.document, f"{self.pointer}/{escape(str(key))}", value)

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        """One value."""
        self._note(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        return super().__iter__()

    def items(self) -> Any:
        """All keys and values."""
        for key in dict.keys(self):
            self._note(key)
        return super().items()

    def values(self) -> Any:
        """All values."""
        for key in dict.keys(self):
            self._note(key)
        return super().values()

    def __eq__(self, other: object) -> bool:
        self.watch.read_all(self.document, self.pointer, self)
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None


class List(list[Any]):
    """A list that tells what is read in it."""

    def __init__(self, watch: Watch, document: int, pointer: str, value: list[Any]) -> None:
        self.watch, self.document, self.pointer = watch, document, pointer
        super().__init__(
            watch.wrap(item, document, f"{pointer}/{place}")
            for place, item in enumerate(list.__iter__(value))
        )

    def _note(self, place: int) -> None:
        value = list.__getitem__(self, place)
        self.watch.read(self.document, f"{self.pointer}/{place}", value)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, int) and -len(self) <= place < len(self):
            self._note(place % len(self))
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[Any]:
        for place in range(len(self)):
            self._note(place)
            yield list.__getitem__(self, place)

    def __contains__(self, value: object) -> bool:
        self.watch.read_all(self.document, self.pointer, self)
        return super().__contains__(value)

    def __eq__(self, other: object) -> bool:
        self.watch.read_all(self.document, self.pointer, self)
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None


def _is_asked() -> bool:
    """Whether a rule asks, or code that is made for a few of them."""
    frame: FrameType | None = sys._getframe(3)  # noqa: SLF001 - inspect is slower
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name not in _WALKERS:
            return name not in _FINDERS
        if name not in {__name__, _TELLING} and frame.f_code.co_name in _COMES_BY:
            return False
        frame = frame.f_back
    return False


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in dict.items(value)}
    if isinstance(value, list):
        return [_plain(item) for item in list.__iter__(value)]
    return value
