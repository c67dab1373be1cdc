"""The fields of JSON values by pointer, and copies of values with one field changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.place import steps
from lib.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

# Another value here makes another object, which no rule has to find wrong.
NAME = "/metadata/name"
IDENTITY = frozenset({"/apiVersion", "/kind", "/metadata/namespace", NAME})


class _Stand:
    """Stands for what no value of JSON can be."""

    def __init__(self, told: str) -> None:
        self._told = told

    def __repr__(self) -> str:
        return self._told


GONE = _Stand("nothing")
SAME = _Stand("the same")


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar and every empty map or list, by pointer, in the order of the file."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{escape(key)}")
    elif isinstance(value, list) and value:
        for place, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{place}")
    else:
        yield pointer, value


def at(value: Any, pointer: str) -> Any:
    """The value at a pointer, or GONE."""
    for step in steps(pointer):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return GONE
    return value


def changed(value: Any, pointer: str, new: Any) -> Any:
    """The value with another one at ``pointer``; with GONE, without what is there.

    What is missing on the way is made; where a scalar is in the way, nothing changes. All that is
    not on the way is shared with the original.
    """
    return _changed(value, steps(pointer), new)


def _changed(value: Any, way: list[str], new: Any) -> Any:
    if not way:
        return new
    step, *rest = way
    if isinstance(value, list):
        place = min(int(step), len(value))
        item = value[place] if place < len(value) else {}
        made = [] if not rest and new is GONE else [_changed(item, rest, new)]
        return [*value[:place], *made, *value[place + 1 :]]
    if not isinstance(value, dict):
        return value
    if not rest and new is GONE:
        return {key: item for key, item in value.items() if key != step}
    return {**value, step: _changed(value.get(step, {}), rest, new)}


def added(good: Any, bad: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """What ``bad`` has and ``good`` has not: the topmost pointers, with all below them."""
    if isinstance(good, dict) and isinstance(bad, dict):
        for key, item in bad.items():
            below = f"{pointer}/{escape(key)}"
            if key in good:
                yield from added(good[key], item, below)
            else:
                yield below, item
    elif isinstance(good, list) and isinstance(bad, list):
        for place, item in enumerate(bad):
            if place < len(good):
                yield from added(good[place], item, f"{pointer}/{place}")
            else:
                yield f"{pointer}/{place}", item
