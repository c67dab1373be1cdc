"""W11, W12 and W15: whose pods they are, and how they leave."""

from __future__ import annotations

from typing import Any

import pytest

from lib.checks.catalogue import RULES
from lib.checks.model import Context
from tests.checks.changing import DELETE, changed
from tests.checks.judging import findings

WHOLE = Context(complete=True)
POD = ("spec", "template", "spec")


def messages(rule: str, *texts: str, context: Context | None = None) -> list[str]:
    return [finding.message for finding in findings(rule, *texts, context=context)]


def deployment(name: str, labels: str, selector: str, *, namespace: str = "whoami") -> str:
    return (
        "apiVersion: apps/v1\nkind: Deployment\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {{selector: {{{selector}}}, template: {{metadata: {{labels: {{{labels}}}}}, "
        "spec: {containers: []}}}\n"
    )


# --- W11 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "selector", "right"),
    [
        ("app: web, tier: a", "matchLabels: {app: web}", True),
        ("app: web", "matchExpressions: [{key: app, operator: In, values: [web]}]", True),
        ("app: web", "matchLabels: {app: web, tier: a}", False),
        ("app: web", "matchExpressions: [{key: app, operator: NotIn, values: [web]}]", False),
        ("app: web", "", False),
    ],
)
def test_a_selector_finds_the_templates_own_labels(
    labels: str, selector: str, *, right: bool
) -> None:
    assert (messages("W11", deployment("web", labels, selector)) == []) is right


def test_a_replication_controllers_selector_is_a_plain_map_that_may_be_left_out() -> None:
    text = "apiVersion: v1\n" + deployment("web", "app: web", "app: web").partition("\n")[2]
    text = text.replace("Deployment", "ReplicationController")
    assert messages("W11", text) == []
    assert len(messages("W11", text.replace("selector: {app: web}", "selector: {app: a}"))) == 1
    assert messages("W11", text.replace("selector: {app: web}, ", "")) == []


def test_two_controllers_that_find_each_others_pods_are_one_finding() -> None:
    one = deployment("one", "app: web", "matchLabels: {app: web}")
    two = deployment("two", "app: web", "matchLabels: {app: web}")
    assert messages("W11", f"{one}---\n{two}") == [
        "the selector also finds the pods of Deployment one, in 0.yaml"
    ]


def test_a_wide_selector_that_finds_a_narrow_ones_pods_is_a_finding_of_the_wide_one() -> None:
    wide = deployment("wide", "app: web", "matchLabels: {app: web}")
    narrow = deployment("narrow", "app: web, tier: a", "matchLabels: {app: web, tier: a}")
    (finding,) = findings("W11", wide, narrow)
    assert finding.name == "wide"


@pytest.mark.parametrize(
    "other",
    [
        deployment("two", "app: web", "matchLabels: {app: web}", namespace="other"),
        deployment("one", "app: web", "matchLabels: {app: web}"),
        deployment("two", "app: web", "matchLabels: {app: web}").replace(
            "name: two,", "name: two, ownerReferences: [{kind: Rollout}],"
        ),
    ],
)
def test_another_namespace_a_copy_and_a_made_object_are_no_rivals(other: str) -> None:
    assert messages("W11", deployment("one", "app: web", "matchLabels: {app: web}"), other) == []


# --- W12 ------------------------------------------------------------------------------------------

JOBS = RULES["W12"].good


@pytest.mark.parametrize(
    ("document", "way", "value", "message"),
    [
        (
            0,
            ("spec", "startingDeadlineSeconds"),
            DELETE,
            "a run that was missed starts whenever it can, however late",
        ),
        (
            0,
            ("spec", "startingDeadlineSeconds"),
            5,
            "5 s: Kubernetes looks every 10 s, and may miss it",
        ),
        (
            0,
            ("spec", "concurrencyPolicy"),
            "Allow",
            "a run may start while the last one still runs",
        ),
        (
            0,
            ("spec", "jobTemplate", "spec", "template", "spec", "restartPolicy"),
            DELETE,
            "a Job's restartPolicy is Never or OnFailure: others are refused",
        ),
        (
            1,
            (*POD, "restartPolicy"),
            "Always",
            "a Job's restartPolicy is Never or OnFailure: others are refused",
        ),
        (
            1,
            ("spec", "ttlSecondsAfterFinished"),
            DELETE,
            "the finished Job and its pods stay for ever",
        ),
    ],
)
def test_what_makes_jobs_pile_up(
    document: int, way: tuple[Any, ...], value: Any, message: str
) -> None:
    assert messages("W12", changed(JOBS, document, *way, to=value)) == [message]


@pytest.mark.parametrize("hook", ["argocd.argoproj.io/hook", "helm.sh/hook"])
def test_a_hook_is_cleaned_up_by_whoever_runs_it(hook: str) -> None:
    text = changed(JOBS, 1, "spec", "ttlSecondsAfterFinished")
    assert messages("W12", changed(text, 1, "metadata", "annotations", hook, to="Sync")) == []


def test_argo_cd_would_run_a_job_again_that_goes_away() -> None:
    application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\n"
    found = messages("W12", JOBS, application, context=WHOLE)
    assert found == ["Argo CD makes the Job anew when it is gone, and it runs again and again"]
    stays = changed(JOBS, 1, "spec", "ttlSecondsAfterFinished")
    assert messages("W12", stays, application, context=WHOLE) == []


# --- W15 ------------------------------------------------------------------------------------------

STREAM = RULES["W15"].good


@pytest.mark.parametrize(
    ("way", "value", "message"),
    [
        (
            (*POD, "containers", 0, "lifecycle"),
            DELETE,
            "without preStop the pod ends while the load balancer still sends to it",
        ),
        (
            (*POD, "terminationGracePeriodSeconds"),
            20,
            "20 s: streams are cut after less than 30 s",
        ),
        (
            (*POD, "containers", 0, "lifecycle", "preStop", "sleep", "seconds"),
            75,
            "75 s: the pod is killed before preStop ends (75 s)",
        ),
        (
            ("spec", "strategy", "rollingUpdate", "maxUnavailable"),
            DELETE,
            "a rollout takes pods away before others can take their streams",
        ),
        (("spec", "strategy", "type"), "Recreate", "each rollout cuts all streams at once"),
    ],
)
def test_what_cuts_streams(way: tuple[Any, ...], value: Any, message: str) -> None:
    assert messages("W15", changed(STREAM, 0, *way, to=value)) == [message]


def test_thirty_seconds_are_kubernetes_own_and_enough() -> None:
    assert messages("W15", changed(STREAM, 0, *POD, "terminationGracePeriodSeconds")) == []


def test_a_workload_without_the_label_holds_no_streams() -> None:
    text = changed(STREAM, 0, "metadata", "labels")
    assert messages("W15", changed(text, 0, *POD, "containers", 0, "lifecycle")) == []
