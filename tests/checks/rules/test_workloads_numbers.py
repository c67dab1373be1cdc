"""W08 to W10: how many pods there are at least, and who counts them."""

from __future__ import annotations

from typing import Any

import pytest

from lib.checks.catalogue import RULES
from tests.checks.changing import DELETE, changed
from tests.checks.judging import findings

POD = ("spec", "template", "spec")


def messages(rule: str, *texts: str) -> list[str]:
    return [finding.message for finding in findings(rule, *texts)]


# --- W08 ------------------------------------------------------------------------------------------

CRITICAL = RULES["W08"].good


@pytest.mark.parametrize(
    ("document", "way", "value", "message"),
    [
        (0, ("spec", "replicas"), DELETE, "1 pod: with its node it is gone"),
        (
            0,
            (*POD, "topologySpreadConstraints"),
            [],
            "nothing keeps its pods from standing on the same node",
        ),
        (
            0,
            ("spec", "strategy", "type"),
            "Recreate",
            "each rollout takes all of its pods down first",
        ),
        (
            1,
            ("spec", "selector", "matchLabels", "app"),
            "other",
            "no PodDisruptionBudget selects its pods: a drain may take all of them at once",
        ),
    ],
)
def test_what_a_critical_workload_lacks(
    document: int, way: tuple[Any, ...], value: Any, message: str
) -> None:
    assert messages("W08", changed(CRITICAL, document, *way, to=value)) == [message]


def test_a_constraint_that_counts_other_pods_spreads_nothing() -> None:
    other = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"a": "b"}}}
    text = changed(CRITICAL, 0, *POD, "topologySpreadConstraints", to=[other])
    assert messages("W08", text) == ["nothing keeps its pods from standing on the same node"]


def test_a_workload_that_nobody_calls_critical_may_be_alone() -> None:
    calm = changed(CRITICAL, 0, "metadata", "labels", "policy.yagura/tier", to="standard")
    assert messages("W08", changed(calm, 0, "spec", "replicas", to=1)) == []


def test_the_label_may_stand_on_the_pods_instead() -> None:
    text = changed(CRITICAL, 0, "metadata", "labels")
    labels = {"app": "web", "policy.yagura/tier": "critical"}
    text = changed(text, 0, "spec", "template", "metadata", "labels", to=labels)
    assert messages("W08", text) == []
    assert len(messages("W08", changed(text, 0, "spec", "replicas", to=1))) == 1


def test_an_autoscalers_least_number_counts_and_anti_affinity_spreads() -> None:
    scaled = changed(RULES["W10"].good, 0, "spec", "minReplicas", to=1)
    text = changed(CRITICAL, 0, "spec", "replicas")
    assert messages("W08", text, RULES["W10"].good.partition("---")[0]) == []
    assert len(messages("W08", text, scaled.partition("---")[0])) == 1
    apart: dict[str, Any] = {
        "podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{}]}
    }
    text = changed(CRITICAL, 0, *POD, "topologySpreadConstraints")
    assert messages("W08", changed(text, 0, *POD, "affinity", to=apart)) == []


# --- W09 ------------------------------------------------------------------------------------------

BUDGET = RULES["W09"].good


def budget(replicas: int | None, **spec: Any) -> str:
    text = changed(BUDGET, 1, "spec", "minAvailable")
    for key, value in spec.items():
        text = changed(text, 1, "spec", key, to=value)
    if replicas is None:
        return changed(text, 0, "spec", "replicas")
    return changed(text, 0, "spec", "replicas", to=replicas)


@pytest.mark.parametrize(
    ("replicas", "spec"),
    [
        (2, {"minAvailable": 1}),
        (2, {"minAvailable": "50%"}),
        (3, {"minAvailable": "66%"}),
        (2, {"maxUnavailable": 1}),
        (1, {"maxUnavailable": "1%"}),
        (0, {"minAvailable": 1}),
    ],
)
def test_a_budget_that_lets_a_pod_go(replicas: int, spec: dict[str, Any]) -> None:
    assert messages("W09", budget(replicas, **spec)) == []


@pytest.mark.parametrize(
    ("replicas", "spec"),
    [
        (2, {"minAvailable": 2}),
        (None, {"minAvailable": 1}),
        (1, {"minAvailable": "50%"}),
        # 67 % of three are 2.01, and Kubernetes rounds up.
        (3, {"minAvailable": "67%"}),
        (2, {"minAvailable": "100%"}),
        (2, {"maxUnavailable": 0}),
        (2, {"maxUnavailable": "0%"}),
    ],
)
def test_a_budget_that_never_lets_a_pod_go(replicas: int | None, spec: dict[str, Any]) -> None:
    assert len(messages("W09", budget(replicas, **spec))) == 1


def test_an_autoscalers_least_number_is_what_a_budget_has_to_live_with() -> None:
    scaler = RULES["W10"].good.partition("---")[0]
    text = changed(BUDGET, 0, "spec", "replicas")
    assert messages("W09", text, scaler) == []
    assert len(messages("W09", text, scaler.replace("minReplicas: 2", "minReplicas: 1"))) == 1


def test_nobody_knows_how_many_pods_a_daemon_set_has() -> None:
    text = BUDGET.replace("kind: Deployment", "kind: DaemonSet").replace("e: 1", "e: 9")
    assert messages("W09", text) == []


def test_a_budget_says_what_happens_to_pods_that_are_not_ready() -> None:
    text = changed(BUDGET, 1, "spec", "unhealthyPodEvictionPolicy")
    assert messages("W09", text) == [
        "pods that are not ready may not be evicted, and hold their node for ever"
    ]


# --- W10 ------------------------------------------------------------------------------------------

SCALED = RULES["W10"].good
UNMEASURED = (
    "container web reserves no cpu: its used share, by which the pods are counted, is not known"
)


@pytest.mark.parametrize(
    ("document", "way", "value", "message"),
    [
        (0, ("spec", "minReplicas"), DELETE, "1 pod at least: with its node it is gone"),
        (0, ("spec", "minReplicas"), 0, "0 pods at least: there may be none to answer"),
        (0, ("spec", "maxReplicas"), 1, "at most 1, and at least 2"),
        (
            1,
            ("spec", "replicas"),
            4,
            "each apply sets 4 pods, whatever HorizontalPodAutoscaler web has counted",
        ),
        (
            1,
            (*POD, "containers", 0, "resources"),
            DELETE,
            UNMEASURED,
        ),
    ],
)
def test_what_keeps_an_autoscaler_from_its_work(
    document: int, way: tuple[Any, ...], value: Any, message: str
) -> None:
    assert messages("W10", changed(SCALED, document, *way, to=value)) == [message]


def test_what_is_counted_by_something_else_need_not_be_reserved() -> None:
    text = changed(SCALED, 1, *POD, "containers", 0, "resources")
    metrics = [{"type": "Pods", "pods": {"metric": {"name": "streams"}}}]
    assert messages("W10", changed(text, 0, "spec", "metrics", to=metrics)) == []
