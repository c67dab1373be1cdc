"""No rule stumbles over a value of an unexpected type, wherever it stands."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from lib.checks.catalogue import RULES
from lib.checks.document import Document, File
from lib.checks.loading import load
from lib.checks.model import Model
from lib.checks.rule import By, Rule
from tests.checks.rules.places import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD: tuple[Any, ...] = (None, 1, "x", [], {"a": 1}, [[{}], None])
# The example of A11 is large on purpose.
ASKED = [
    pytest.param(rule, id=rule.id)
    for rule in RULES.values()
    if rule.by is By.RULE and rule.id != "A11"
]


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in an object, but for the object itself."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for step, item in inside:
        yield (*way, step)
        if isinstance(item, dict | list):
            yield from ways(item, (*way, step))


def with_odd(value: Any, way: tuple[Any, ...], odd: Any) -> Any:
    changed = copy.deepcopy(value)
    place = changed
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = odd
    return changed


def sets(text: str) -> Iterator[list[Any]]:
    """Each set of objects that differs from the example's in one value."""
    objects = [document.object for document in load([File("0.yaml", text.encode())]).documents]
    for number, object_ in enumerate(objects):
        for way in ways(object_):
            for odd in ODD:
                changed = with_odd(object_, way, odd)
                yield [*objects[:number], changed, *objects[number + 1 :]]


@pytest.mark.parametrize("rule", ASKED)
def test_a_rule_only_ever_says_what_is_wrong(rule: Rule[Any]) -> None:
    for text in (rule.good, rule.bad):
        file = File("0.yaml", text.encode())
        for objects in sets(text):
            model = Model([Document(file, *each) for each in enumerate(objects)], WHOLE)
            for subject in rule.subjects(model):
                for problem in rule.check(subject, model):
                    assert problem.message
