"""The mutation test itself: which fields it counts, and that it notices a rule that got weaker."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lib.checks.catalogue import RULES
from lib.checks.rule import Exempt, Rule, Severity, documents
from tools.mutation.__main__ import share, table, weakened
from tools.mutation.fields import GONE, added, changed, leaves
from tools.mutation.scoring import is_scored, score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

GOOD = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: web, labels: {tier: critical}}
data: {colour: red, size: large, note: anything}
"""


def both(document: Document, _: Model) -> Iterator[Problem]:
    """Of critical objects: colour and size are given, and the colour is red."""
    if document.labels.get("tier") != "critical":
        return
    if document.text("data", "colour") != "red":
        yield document.at("data", "colour").problem("not red")
    if not document.text("data", "size"):
        yield document.at("data", "size").problem("no size")


def colour_alone(document: Document, _: Model) -> Iterator[Problem]:
    """The same, but the size is forgotten."""
    if document.labels.get("tier") == "critical" and document.text("data", "colour") != "red":
        yield document.at("data", "colour").problem("not red")


def size_ignored(document: Document, _: Model) -> Iterator[Problem]:
    """The same, but the size is read and anything is right."""
    yield from (each for each in both(document, _) if each.pointer != "/data/size")


def blind(document: Document, _: Model) -> Iterator[Problem]:
    """Reads the note, and does nothing with it."""
    document.text("data", "note")
    yield from both(document, _)


def raising(document: Document, _: Model) -> Iterator[Problem]:
    """Does not bear that the size is away."""
    if not document.object["data"]["size"]:
        yield document.root.problem("no size")


def rule(check: Any) -> Rule[Any]:
    return Rule(
        id="Z01",
        title="Colour and size are given",
        severity=Severity.P0,
        reason="A test.",
        source="a test",
        fix="Give both.",
        exempt=Exempt.NEVER,
        subjects=documents("ConfigMap"),
        check=check,
        good=GOOD,
        bad=GOOD.replace("colour: red, size: large, ", "colour: blue, "),
    )


def pointers(found: Any) -> list[str]:
    return [field.place[1] for field in found]


def test_fields_that_the_rule_guards_are_caught() -> None:
    found = score(rule(both))
    assert pointers(found.caught) == ["/data/colour", "/data/size"]
    assert found.missed == ()


def test_a_field_that_says_whether_the_rule_applies_is_not_counted() -> None:
    found = score(rule(both))
    fields = pointers((*found.caught, *found.missed, *found.idle))
    assert "/metadata/labels/tier" not in fields


def test_a_rule_that_reads_a_wrong_value_and_accepts_it_gets_a_worse_score() -> None:
    found = score(rule(size_ignored))
    assert pointers(found.caught) == ["/data/colour"]
    assert pointers(found.missed) == ["/data/size"]
    assert share([found]) == 0.5


def test_a_rule_that_no_longer_looks_catches_less_than_it_did() -> None:
    strong, weak = score(rule(both)), score(rule(colour_alone))
    before = {"Z01": len(strong.caught)}
    assert [*weakened([strong], before)] == []
    assert [*weakened([weak], before)] == ["Z01 catches 1 fields, and once caught 2: is it weaker?"]


def test_a_field_that_is_read_in_vain_is_told_and_not_counted() -> None:
    found = score(rule(blind))
    assert pointers(found.idle) == ["/data/note"]
    assert found.fields == 2
    assert "Z01 reads in vain /data/note of object 0" in [*table([found], [])]


def test_a_mutant_on_which_the_rule_crashes_is_told() -> None:
    found = score(rule(raising))
    assert any("KeyError: 'size'" in crash for crash in found.crashes)
    assert any(line.startswith("Z01 crashes: /data/size") for line in table([found], []))


def test_the_classes_of_the_checks_are_as_before_when_it_is_done() -> None:
    from lib.checks.place import Place  # noqa: PLC0415 - the class as it is now

    slot = Place.__dict__["value"]
    score(rule(both))
    assert Place.__dict__["value"] is slot


def test_a_rule_of_ours_gets_a_worse_score_when_its_check_is_weakened() -> None:
    ours = RULES["A03"]

    def looks_away(document: Document, model: Model) -> Iterator[Problem]:
        yield from [*ours.check(document, model)][:0]

    weak = dataclasses.replace(ours, check=looks_away)
    assert share([score(ours)]) == 1
    assert score(weak).caught == ()
    assert share([score(weak)]) == 0


def test_over_all_rules_nine_fields_of_ten_are_caught_and_none_crashes() -> None:
    scores = [score(each) for each in RULES.values() if is_scored(each)]
    assert share(scores) >= 0.9
    assert [crash for each in scores for crash in each.crashes] == []


def test_leaves_are_scalars_and_what_is_empty() -> None:
    assert [*leaves({"a": {"b~/": [1, {}]}, "c": None})] == [
        ("/a/b~0~1/0", 1),
        ("/a/b~0~1/1", {}),
        ("/c", None),
    ]


def test_a_changed_copy_leaves_the_original_alone() -> None:
    value = {"a": [{"b": 1}, 2], "c": 3}
    assert changed(value, "/a/0/b", GONE) == {"a": [{}, 2], "c": 3}
    assert changed(value, "/a/1", GONE) == {"a": [{"b": 1}], "c": 3}
    assert changed(value, "/d/e", 4) == {"a": [{"b": 1}, 2], "c": 3, "d": {"e": 4}}
    assert value == {"a": [{"b": 1}, 2], "c": 3}


def test_what_the_other_value_has_in_addition_is_found_at_the_top() -> None:
    assert [*added({"a": [1], "b": {}}, {"a": [1, 2], "b": {"c": {"d": 1}}})] == [
        ("/a/1", 2),
        ("/b/c", {"d": 1}),
    ]
