from __future__ import annotations

import json

import pytest

from tools.bench_rows import Growth, Row, as_json, as_table

FACTS = {"cores": "2", "python": "3.11.7", "node": "24.0.0"}


def row(objects: int, seconds: float, target: float | None = None) -> Row:
    return Row.of("gate", objects, [{"plain": 1.0, "gate": seconds}], target)


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    times = [{"plain": 1.0, "x": 2.0}, {"plain": 2.0, "x": 2.0}, {"plain": 10.0, "x": 30.0}]
    made = Row.of("x", 5, times, None)
    assert (made.plain, made.yagura, made.ratio, made.verdict) == (2.0, 2.0, 2.0, "")


@pytest.mark.parametrize(("seconds", "verdict"), [(2.5, "ok"), (2.51, "MISSED")])
def test_a_target_is_met_up_to_its_very_number(seconds: float, verdict: str) -> None:
    assert row(100, seconds, 2.5).verdict == verdict


@pytest.mark.parametrize(("last", "verdict"), [(50, "ok"), (50.5, "ok"), (80, "MISSED")])
def test_growth_is_linear_if_the_last_objects_cost_about_what_the_first_did(
    last: float, verdict: str
) -> None:
    growth = Growth.of([row(5000, last), row(100, 1.0), row(1000, 10.0)])
    assert growth.sizes == (100, 1000, 5000)
    assert growth.first == pytest.approx(0.01)
    assert growth.last == pytest.approx((last - 10) / 4000)
    assert growth.verdict == verdict


def test_both_outputs_say_what_was_missed() -> None:
    rows = [row(100, 1.0, 2.5), row(1000, 10.0, 2.5), row(5000, 100.0)]
    growth = Growth.of(rows)
    table = as_table(rows, growth, FACTS, 7).splitlines()
    assert [line.split()[-1] for line in table[1:4]] == ["ok", "MISSED", "100.000"]
    assert table[4].endswith(": MISSED")
    value = json.loads(as_json(rows, growth, FACTS, 7))
    assert [entry["met"] for entry in value["rows"]] == [True, False, None]
    assert value["growth"]["met"] is False
