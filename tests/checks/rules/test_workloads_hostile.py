"""Anyone's manifests may hold any value anywhere: no rule of pods, access or network crashes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from lib.checks.document import Document, File
from lib.checks.model import Context, Model
from lib.checks.rules import network, rbac, workloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.rule import Rule

HOSTILE: tuple[Any, ...] = (None, True, 0, -1, 2.5, "", "²", "*", [], [None], [[]], {}, {"": None})
RULES = (*workloads.RULES, *rbac.RULES, *network.RULES)


def ways(value: Any) -> Iterator[tuple[Any, ...]]:
    """The path to everything in a value."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield (key,)
            for rest in ways(value[key]):
                yield (key, *rest)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_any_value_in_any_place_of_an_example(rule: Rule[Any]) -> None:
    documents = list(yaml.safe_load_all(rule.bad))
    for way in ways(documents):
        for hostile in HOSTILE:
            changed = copy.deepcopy(documents)
            place: Any = changed
            for step in way[:-1]:
                place = place[step]
            place[way[-1]] = hostile
            found = [Document(File("a.yaml", b""), n, each) for n, each in enumerate(changed)]
            model = Model(found, Context(complete=True))
            for subject in rule.subjects(model):
                for problem in rule.check(subject, model):
                    assert isinstance(problem.message, str)
