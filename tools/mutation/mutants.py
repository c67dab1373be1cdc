"""The guarding fields of a rule, and the mutants of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.mutation.fields import GONE, IDENTITY, NAME, SAME, added, at, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.mutation.watching import Spot, Watch

_MOST = 50
_ENTRY = re.compile(r"(?P<entry>.*/[0-9]+)/[^/]+")
_HUGE = 2**31 - 1
_LONG = "x" * 300_000


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """Stands for a value that is moved to another key."""

    pointer: str


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """Stands for the entry of a list that holds the field, dropped as a whole."""

    pointer: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """A field that the rule reads.

    Attributes:
        place: The number of the object in the good example, and the pointer.
        value: What the good example has there; GONE where only the bad one has anything.
        wrong: What the bad example has there, or where it has moved it; SAME where it is the same.
        twin: The same field in the bad example; None where that has no such object.
    """

    place: Spot
    value: Any
    wrong: Any = SAME
    twin: Spot | None = None

    @property
    def differs(self) -> bool:
        """Whether the bad example has something else there, or nothing, or alone has anything."""
        return self.wrong is not SAME

    def __str__(self) -> str:
        return f"{self.place[1]} of object {self.place[0]}, {self.value!r}"


def fields(good: Sequence[Any], bad: Sequence[Any], watch: Watch, on_bad: Watch) -> list[Field]:
    """The fields of the examples that may be guarding ones, by what the rule reads in each."""
    partners = _partners(good, bad)
    found = []
    for number, value in enumerate(good):
        partner = partners.get(number)
        other = value if partner is None else bad[partner]
        found += [
            field
            for field in _of_object(number, value, partner, other)
            if _may_guard(field, watch, on_bad)
        ]
    return found


def _may_guard(field: Field, watch: Watch, on_bad: Watch) -> bool:
    pointer = field.place[1]
    if pointer in {"/kind", NAME}:
        return False
    if not field.differs:
        return pointer not in IDENTITY and field.place in watch.asked
    return (
        pointer in IDENTITY
        or _is_read(field.place, watch.reads)
        or _is_read(field.twin, on_bad.reads)
    )


def _of_object(number: int, good: Any, partner: int | None, bad: Any) -> Iterator[Field]:
    new = dict(added(good, bad))
    for pointer, leaf in leaves(good):
        wrong = at(bad, pointer)
        if wrong == leaf and type(wrong) is type(leaf):
            wrong = SAME
        elif wrong is GONE:
            holder = pointer.rpartition("/")[0]
            moved = (
                to for to, each in new.items() if to.rpartition("/")[0] == holder and each == leaf
            )
            to = next(moved, None)
            if to is not None:
                wrong = Renamed(pointer=to)
                del new[to]
        twin = None if partner is None else (partner, pointer)
        yield Field(place=(number, pointer), value=leaf, wrong=wrong, twin=twin)
    for pointer, item in new.items():
        twin = (partner or 0, pointer)
        yield Field(place=(number, pointer), value=GONE, wrong=item, twin=twin)


def _is_read(spot: Spot | None, read: set[Spot]) -> bool:
    """Whether a field, or anything below it, is among those that are read."""
    if spot is None:
        return False
    number, pointer = spot
    below = f"{pointer}/"
    return spot in read or any(n == number and p.startswith(below) for n, p in read)


def _partners(good: Sequence[Any], bad: Sequence[Any]) -> dict[int, int]:
    """For each object of the good example the one of the bad example that it is compared with."""
    left = [*range(len(bad))]
    found: dict[int, int] = {}
    for named in (True, False):
        for number, value in enumerate(good):
            same = (each for each in left if _is_same(value, bad[each], named=named))
            partner = None if number in found else next(same, None)
            if partner is not None:
                found[number] = partner
                left.remove(partner)
    return found


def _is_same(one: Any, other: Any, *, named: bool) -> bool:
    pointers = ["/kind", "/metadata/namespace", NAME] if named else ["/kind"]
    return all(at(one, pointer) == at(other, pointer) for pointer in pointers)


def values(field: Field, elsewhere: Sequence[tuple[str, Any]]) -> Iterator[Any]:
    """What to put in the field's place, the likeliest faults first.

    Args:
        field: The field.
        elsewhere: Values of other fields (see ``from_elsewhere``).
    """
    if field.value is not GONE:
        yield GONE
    if field.wrong not in (GONE, SAME):
        yield field.wrong
    yield from _flipped(field.value)
    key = field.place[1].rpartition("/")[2]
    fitting = (value for other, value in elsewhere if other in {"", key})
    yield from (value for value in fitting if type(value) is type(field.value))
    entry = _ENTRY.fullmatch(field.place[1])
    if entry:
        yield Dropped(pointer=entry["entry"])


def _flipped(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (0, -1, value + 1, _HUGE)
    elif isinstance(value, str):
        yield from (f"{value}-x", "", "*", f"x{value}", "true", "0", _LONG)
    elif value == {}:
        yield {"x": "x"}
    elif value == []:
        yield from (["x"], ["*"])
    elif value is None:
        yield "x"


def from_elsewhere(good: Sequence[Any], bad: Sequence[Any]) -> list[tuple[str, Any]]:
    """Values that may stand in a field by mistake, each with the last key of such a field.

    What stands in the good example under the same key; and, for any key (``""``), what only the bad
    example has.
    """
    known = [(pointer.rpartition("/")[2], leaf) for each in good for pointer, leaf in leaves(each)]
    good_ones = {(type(leaf), str(leaf)) for _, leaf in known}
    other = [
        ("", leaf)
        for each in bad
        for pointer, leaf in leaves(each)
        if pointer not in IDENTITY and (type(leaf), str(leaf)) not in good_ones
    ]
    return known[:_MOST] + other[:_MOST]
