"""The engine: order, counts, crashes, and rules that look at nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NoReturn

from lib.checks.catalogue import RULES
from lib.checks.engine import judge
from tests.checks.judging import TODAY, judged, model_of

if TYPE_CHECKING:
    from lib.checks.finding import Report
    from lib.checks.rule import Rule

TWO_PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: one}
spec: {containers: [{name: a, image: "one:latest"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: two}
spec: {containers: [{name: a, image: "two:latest"}, {name: b, image: "two:1.0"}]}
"""


def ran(*rules: Rule[Any], text: str = TWO_PODS) -> Report:
    catalogue = {rule.id: rule for rule in rules} | {"G20": RULES["G20"]}
    return judge([model_of(text)], [*catalogue.values()], as_of=TODAY, catalogue=catalogue)


def test_a_finding_says_rule_object_place_and_what_to_do() -> None:
    report = ran(RULES["W03"])
    finding = report.findings[1]
    assert (finding.rule, finding.severity) == ("W03", "warning")
    assert (finding.file, finding.document, finding.line) == ("0.yaml", 1, 9)
    assert (finding.api_version, finding.kind, finding.namespace, finding.name) == (
        "v1",
        "Pod",
        "",
        "two",
    )
    assert finding.pointer == "/spec/containers/0/image"
    assert finding.fix == RULES["W03"].fix
    assert report.exit_code == 2


def test_every_subject_that_a_rule_examined_is_counted() -> None:
    report = ran(RULES["W03"])
    assert report.examined == {"W03": 3, "G20": 0}
    assert report.objects == 2


def test_a_rule_that_crashes_is_reported_and_the_others_still_run() -> None:
    def crash(_subject: Any, _model: Any) -> NoReturn:
        raise KeyError("spec")

    broken = dataclasses.replace(RULES["S10"], subjects=RULES["W03"].subjects, check=crash)
    report = ran(broken, RULES["W03"])
    assert report.exit_code == 5
    assert len(report.crashed) == 3
    assert report.crashed[0].startswith("the rule S10 crashed at Pod/one in 0.yaml: KeyError")
    assert "tests/checks/test_engine.py:" in report.crashed[0]
    assert {finding.rule for finding in report.findings} == {"W03"}


def test_a_rule_whose_subjects_crash_is_reported_too() -> None:
    def crash(_model: Any) -> NoReturn:
        raise ValueError("no")

    report = ran(dataclasses.replace(RULES["W03"], subjects=crash))
    assert report.crashed[0].startswith("the rule W03 crashed: ValueError: no")


def test_a_rule_that_examines_nothing_although_its_kind_is_there_is_a_finding() -> None:
    blind = dataclasses.replace(RULES["W03"], subjects=lambda _model: ())
    assert [finding.rule for finding in ran(blind).findings] == ["G20"]
    assert ran(blind, text=RULES["S10"].good).findings == ()


def test_findings_come_in_the_order_of_files_and_lines_whatever_the_order_of_the_input() -> None:
    report = judged(TWO_PODS, RULES["A01"].bad)
    assert [finding.order for finding in report.findings] == sorted(
        finding.order for finding in report.findings
    )
    assert judged(TWO_PODS, RULES["A01"].bad) == report
