"""The values of charts against the charts' own schemas."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lib.checks.catalogue import RULES
from lib.checks.chart_schema import check_charts, relaxed
from lib.checks.document import File
from lib.checks.loading import load

CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: traefik, namespace: kube-system}
spec:
  repo: https://traefik.github.io/charts
  chart: traefik
  version: 41.3.0
"""


def problems(*texts: str) -> list[tuple[str, str]]:
    files = [File(f"{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    found = check_charts(load(files).documents).problems
    assert {rule for rule, _ in found} <= {"K03"}
    return [(problem.pointer, problem.message) for _, problem in found]


def test_the_rules_own_examples_are_one_good_and_one_bad() -> None:
    assert problems(RULES["K03"].good) == []
    assert [pointer for pointer, _ in problems(RULES["K03"].bad)] == [
        "/spec/values/deployment/kind",
        "/spec/values/hostNetworks",
    ]


def test_a_wrong_value_is_told_with_what_was_given_and_expected() -> None:
    assert problems(f"{CHART}  values: {{deployment: {{replicas: many}}}}\n") == [
        (
            "/spec/values/deployment/replicas",
            'traefik 41.3.0: deployment.replicas: got "many", expected a whole number',
        )
    ]


def test_an_unknown_key_is_told_with_what_was_meant() -> None:
    (found,) = problems(f"{CHART}  values: {{ports: {{web: {{exposedport: 80}}}}}}\n")
    assert found[0] == "/spec/values/ports/web/exposedport"
    assert found[1].endswith("unknown key 'exposedport': did you mean 'exposedPort'?")


def test_values_in_a_text_are_judged_and_blamed_on_the_text() -> None:
    text = f"{CHART}  valuesContent: |\n    deployment: {{kind: 3}}\n"
    assert problems(text) == [
        ("/spec/valuesContent", "traefik 41.3.0: deployment.kind: got 3, expected a text")
    ]


def test_values_of_an_application_are_judged() -> None:
    text = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: traefik, namespace: argocd}
spec:
  source:
    repoURL: https://traefik.github.io/charts/
    chart: traefik
    targetRevision: v41.3.0
    helm: {valuesObject: {deployment: {kind: 3}}}
"""
    assert [pointer for pointer, _ in problems(text)] == [
        "/spec/source/helm/valuesObject/deployment/kind"
    ]


def test_what_configures_a_chart_is_judged_with_it() -> None:
    config = """\
apiVersion: helm.cattle.io/v1
kind: HelmChartConfig
metadata: {name: traefik, namespace: kube-system}
spec: {values: {deployment: {kind: 3}}}
"""
    assert [pointer for pointer, _ in problems(CHART, config)] == ["/spec/values/deployment/kind"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("41.3.0", "41.3.1"),
        ("traefik.github.io", "charts.example"),
        ("chart: traefik", "chart: ../traefik"),
    ],
)
def test_of_a_chart_without_a_kept_schema_nothing_is_said(old: str, new: str) -> None:
    text = f"{CHART}  values: {{hostNetworks: true}}\n"
    assert problems(text.replace(old, new)) == []


def test_a_null_takes_a_key_away_and_is_no_wrong_value() -> None:
    assert problems(f"{CHART}  values: {{deployment: {{kind: null}}}}\n") == []


def test_a_text_that_is_no_yaml_is_blamed() -> None:
    assert problems(f"{CHART}  valuesContent: 'a: ['\n") == [
        ("/spec/valuesContent", "the values of traefik are no map of YAML")
    ]


def test_it_counts_the_charts_that_it_judged() -> None:
    documents = load([File("0.yaml", CHART.encode())]).documents
    assert check_charts(documents).examined == {"K03": 1}
    assert check_charts([]).examined == {"K03": 0}


STRICT: dict[str, Any] = {
    "type": "object",
    "required": ["a"],
    "additionalProperties": False,
    "properties": {
        "a": {"type": "integer"},
        "map": {"minProperties": 2, "properties": {"b": {"type": "string"}}},
        "list": {"items": {"required": ["name"], "properties": {"name": {"type": "string"}}}},
        "one": {"oneOf": [{"required": ["x"]}, {"properties": {"x": {"type": "integer"}}}]},
        "not": {"not": {"required": ["x"]}},
    },
}


@pytest.mark.parametrize(
    ("values", "accepted"),
    [
        ({}, True),
        ({"map": {}}, True),
        ({"one": {"x": 1}}, True),
        ({"not": {"x": 1}}, True),
        ({"a": "text"}, False),
        ({"unknown": 1}, False),
        ({"map": {"b": 1}}, False),
        ({"list": [{"name": "a"}]}, True),
        ({"list": [{}]}, False),
    ],
)
def test_what_a_default_may_bring_is_not_missing(values: dict[str, Any], *, accepted: bool) -> None:
    assert Draft202012Validator(relaxed(STRICT)).is_valid(values) is accepted


def test_a_schema_of_a_draft_that_there_is_not_judges_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    vault = CHART.replace("traefik.github.io/charts", "helm.releases.hashicorp.com")
    vault = vault.replace("traefik", "vault").replace("41.3.0", "0.34.1")
    assert problems(f"{vault}  values: {{server: {{ha: {{replicas: three}}}}}}\n") == [
        (
            "/spec/values/server/ha/replicas",
            'vault 0.34.1: server.ha.replicas: got "three", expected a whole number',
        )
    ]
    assert [*recwarn] == []
