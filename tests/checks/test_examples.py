"""Every rule's own examples: the good one is without a finding of it, the bad one is not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lib.checks.catalogue import FAMILIES, RULES
from lib.checks.rule import By, Exempt, Rule
from tests.checks.judging import findings

# What YAML alone cannot show: a comparison with the sources, the project's own files, a crash.
WITHOUT_EXAMPLES = {"G02", "G04", "G20", "X06", "X07"}
ALL = [pytest.param(rule, id=rule.id) for rule in RULES.values()]
WITH_EXAMPLES = [
    pytest.param(rule, id=rule.id)
    for rule in RULES.values()
    if rule.id not in WITHOUT_EXAMPLES and rule.by is not By.SCHEMA
]


@pytest.mark.parametrize("rule", WITH_EXAMPLES)
def test_the_good_example_has_no_finding(rule: Rule[Any]) -> None:
    assert findings(rule.id, rule.good) == ()


@pytest.mark.parametrize("rule", WITH_EXAMPLES)
def test_the_bad_example_has_a_finding(rule: Rule[Any]) -> None:
    assert findings(rule.id, rule.bad)


@pytest.mark.parametrize("rule", WITH_EXAMPLES)
def test_every_finding_points_at_something_that_a_person_can_look_up(rule: Rule[Any]) -> None:
    lines = rule.bad.count("\n")
    for finding in findings(rule.id, rule.bad):
        assert 1 <= finding.line <= lines + 1
        assert finding.message
        assert finding.fix
        assert "\n" not in finding.message


@pytest.mark.parametrize("rule", ALL)
def test_a_rule_says_what_it_is_about(rule: Rule[Any]) -> None:
    assert re.fullmatch(r"[A-Z][0-9]{2}", rule.id)
    assert not rule.title.endswith(".")
    assert rule.reason.endswith(".")
    assert rule.fix.endswith(".")
    assert rule.source
    assert rule.id in WITHOUT_EXAMPLES or (rule.good and rule.bad)


def test_no_two_rules_have_the_same_id() -> None:
    ids = [rule.id for family in FAMILIES for rule in family.rules]
    assert len(ids) == len(set(ids))


def test_what_the_gate_says_of_itself_allows_no_exception() -> None:
    steps = [rule for rule in RULES.values() if rule.by is not By.RULE]
    assert all(rule.exempt is Exempt.NEVER for rule in steps)
