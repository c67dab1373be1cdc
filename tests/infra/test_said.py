"""Statements are compared with the one that counts."""

from __future__ import annotations

from lib.infra.remedies import remedy
from lib.infra.said import By, Said, judge


def said(by: By, *values: str, what: str = "VIP", where: str = "somewhere") -> Said:
    return Said(what=what, values=values, by=by, where=where)


def test_terraform_counts_before_the_cluster_file() -> None:
    verdict = judge(
        [said(By.CLUSTER_FILE, "a"), said(By.DIST, "a"), said(By.TERRAFORM, "b")], remedy
    )
    assert {each.reference.by for each in verdict.disagreements} == {By.TERRAFORM}
    assert [each.other.by for each in verdict.disagreements] == [By.DIST, By.CLUSTER_FILE]


def test_what_only_one_speaks_of_is_not_compared() -> None:
    verdict = judge([said(By.TERRAFORM, "a"), said(By.DIST, "b", what="other")], remedy)
    assert verdict.compared == ()
    assert verdict.statements == 0


def test_one_value_in_common_is_enough() -> None:
    verdict = judge([said(By.TERRAFORM, "a"), said(By.DIST, "b", "a")], remedy)
    assert verdict.compared == ("VIP",)
    assert verdict.disagreements == ()


def test_silence_where_something_should_be_said_is_a_disagreement() -> None:
    (each,) = judge([said(By.TERRAFORM, "a"), said(By.DIST)], remedy).disagreements
    assert each.other.text == "nothing"


def test_long_lists_are_cut_short_for_people() -> None:
    assert said(By.DIST, *"abcdef").text == "a, b, c, d or one of 2 more"


def test_who_is_behind_the_cluster_file_is_to_be_brought_up_to_date() -> None:
    file, plan, dist = By.CLUSTER_FILE, By.TERRAFORM, By.DIST
    cases = {
        ("new", "new", "old"): {
            "run make synth; if it stays, `yagura where` names the app that says so"
        },
        ("new", "old", "new"): {"the plan is older than the cluster file: make it again"},
        ("new", "old", "older"): {
            "the plan is older than the cluster file: make it again",
            "neither is what the cluster file says: run make synth, then make the plan again",
        },
    }
    for (of_file, of_plan, of_dist), remedies in cases.items():
        verdict = judge([said(file, of_file), said(plan, of_plan), said(dist, of_dist)], remedy)
        assert {each.remedy for each in verdict.disagreements} == remedies


def test_terraform_may_contradict_itself() -> None:
    (each,) = judge([said(By.TERRAFORM, "a"), said(By.TERRAFORM, "b")], remedy).disagreements
    assert each.remedy.startswith("Terraform contradicts itself")
