"""No rule about routes and references crashes, whatever stands where it looks."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from lib.checks.catalogue import RULES
from lib.checks.document import Document, File
from lib.checks.model import Context, Model

if TYPE_CHECKING:
    from collections.abc import Iterator

MINE = [id_ for id_ in RULES if id_[0] == "T" or id_ in {"G08", "G09", "G29", "G30"}]
MINE += [f"G{number}" for number in range(10, 16)]
HOSTILE: tuple[Any, ...] = (None, 7, ["x", None, {}], {"x": {"name": ["y"]}}, "`(((")
WHOLE = Context(complete=True)


def ways(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The ways to everything in an object, itself excepted."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in pairs:
        yield (*way, key)
        if isinstance(below, dict | list):
            yield from ways(below, (*way, key))


def changed(value: Any, way: tuple[str | int, ...], new: Any) -> Any:
    result = copy.deepcopy(value)
    place = result
    for key in way[:-1]:
        place = place[key]
    place[way[-1]] = new
    return result


@pytest.mark.parametrize("id_", MINE)
def test_a_hostile_value_anywhere_in_an_example_crashes_nothing(id_: str) -> None:
    rule = RULES[id_]
    file = File("dist/production/shop/a.yaml", b"")
    objects = [*yaml.safe_load_all(rule.good), *yaml.safe_load_all(rule.bad)]
    examined = 0
    for number, one in enumerate(objects):
        for way in ways(one):
            for new in HOSTILE:
                hostile = changed(one, way, new)
                documents = [
                    Document(file, at, hostile if at == number else other)
                    for at, other in enumerate(objects)
                ]
                model = Model(documents, WHOLE)
                for subject in rule.subjects(model):
                    examined += 1
                    list(rule.check(subject, model))
    assert examined
