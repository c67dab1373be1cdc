"""The charts of a set and their values, from every kind of object that installs one."""

from __future__ import annotations

import pytest

from lib.checks.charts import Chart, charts
from tests.checks.judging import model_of


def only(*texts: str) -> Chart:
    (chart,) = charts(model_of(*texts))
    return chart


def helm_chart(spec: str, kind: str = "HelmChart", name: str = "store") -> str:
    return (
        f"apiVersion: helm.cattle.io/v1\nkind: {kind}\n"
        f"metadata: {{name: {name}, namespace: kube-system}}\nspec: {spec}\n"
    )


def application(source: str) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: store, namespace: argocd}}
spec:
  destination: {{namespace: there}}
  source: {source}
"""


@pytest.mark.parametrize(
    ("spec", "name", "version", "repo"),
    [
        ("{repo: 'https://a.example', chart: cups, version: 1.2.3}", "cups", "1.2.3",
         "https://a.example"),
        ("{chart: 'oci://a.example/charts/cups', version: 1.2.3}", "cups", "1.2.3",
         "oci://a.example/charts"),
        ("{chart: 'oci://a.example:5000/cups:1.2.3'}", "cups", "1.2.3", "oci://a.example:5000"),
        ("{chart: 'https://a.example/big-cups-1.2.3.tgz'}", "big-cups", "1.2.3",
         "https://a.example"),
        ("{chartContent: H4sI}", "", "", ""),
        ("{chart: [1]}", "", "", ""),
        ("text", "", "", ""),
    ],
)  # fmt: skip
def test_a_helm_chart_says_which_chart_it_installs(
    spec: str, name: str, version: str, repo: str
) -> None:
    chart = only(helm_chart(spec))
    assert (chart.name, chart.version, chart.repo) == (name, version, repo)
    assert (chart.release, chart.namespace) == ("store", "kube-system")


def test_an_application_says_which_chart_it_installs() -> None:
    chart = only(application("{repoURL: a.example/charts, chart: cups, targetRevision: 1.2.3}"))
    assert (chart.name, chart.version, chart.repo) == ("cups", "1.2.3", "oci://a.example/charts")
    assert (chart.release, chart.namespace) == ("store", "there")


def test_each_source_of_an_application_may_be_a_chart() -> None:
    text = application("{}").replace(
        "source: {}",
        "sources: [{chart: cups}, {path: dist}, {chart: mugs, helm: {releaseName: mug}}]",
    )
    assert [(each.name, each.release) for each in charts(model_of(text))] == [
        ("cups", "store"),
        ("mugs", "mug"),
    ]


def test_a_source_beside_others_is_never_read() -> None:
    text = application("{chart: cups}") + "  sources: [{chart: mugs}]\n"
    assert only(text).name == "mugs"


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (helm_chart("{values: {a: {b: 1}}}"), "/spec/values/a/b"),
        (helm_chart("{valuesContent: 'a: {b: 1}'}"), "/spec/valuesContent"),
        (helm_chart("{set: {a.b: 1}, values: {a: {b: 2}}}"), "/spec/set/a.b"),
        (helm_chart("{values: {a: {b: 1}}, valuesContent: 'a: {b: 2}'}"), "/spec/values/a/b"),
        (helm_chart("{values: {a: {c: 1}}, valuesContent: 'a: {b: 1}'}"), "/spec/valuesContent"),
        (application("{chart: cups, helm: {valuesObject: {a: {b: 1}}}}"),
         "/spec/source/helm/valuesObject/a/b"),
        (application("{chart: cups, helm: {values: 'a: {b: 1}'}}"), "/spec/source/helm/values"),
        (application("{chart: cups, helm: {valuesObject: {a: {b: 1}}, values: 'a: {b: 2}'}}"),
         "/spec/source/helm/valuesObject/a/b"),
        (application("{chart: cups, helm: {parameters: [{name: a.b, value: '1'}], "
                     "valuesObject: {a: {b: 2}}}}"),
         "/spec/source/helm/parameters/0/value"),
    ],
)  # fmt: skip
def test_a_value_is_found_where_it_is_written(text: str, pointer: str) -> None:
    values = only(text).values
    found = values.at("a", "b")
    assert (found.value, found.pointer) == (1, pointer)


def test_what_configures_a_chart_is_stronger_than_the_chart() -> None:
    chart = only(
        helm_chart("{chart: cups, values: {a: 1, b: 1}}"),
        helm_chart("{valuesContent: 'a: 2'}", "HelmChartConfig"),
    )
    assert [(chart.values.get(key), chart.values.at(key).document.kind) for key in "ab"] == [
        (2, "HelmChartConfig"),
        (1, "HelmChart"),
    ]
    assert not chart.packaged


def test_what_configures_a_packaged_chart_stands_for_it() -> None:
    chart = only(helm_chart("{values: {a: 1}}", "HelmChartConfig", "rke2-traefik"))
    assert chart.packaged
    assert (chart.name, chart.version, chart.values.value) == ("rke2-traefik", "", {"a": 1})


def test_maps_are_put_together_and_lists_replaced() -> None:
    chart = only(helm_chart("{values: {a: {b: [1]}}, valuesContent: 'a: {b: [2, 3], c: 4}'}"))
    assert chart.values.value == {"a": {"b": [1], "c": 4}}
    assert [(each.value, each.pointer) for each in chart.values.each("a", "b")] == [
        (1, "/spec/values/a/b/0")
    ]
    assert [(key, place.pointer) for key, place in chart.values.fields("a")] == [
        ("b", "/spec/values/a/b"),
        ("c", "/spec/valuesContent"),
    ]


def test_a_null_takes_a_default_of_a_weaker_layer_away() -> None:
    chart = only(helm_chart("{values: {}, set: {a.b: 'null'}, valuesContent: 'a: {b: 1}'}"))
    assert chart.values.value == {"a": {"b": None}}


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("'true'", True), ("'12'", 12), ("12", 12), ("'012'", "012"), ("text", "text"),
        ("'{a,b}'", ["a", "b"]),
    ],
)  # fmt: skip
def test_a_parameter_has_the_type_that_helm_gives_it(given: str, value: object) -> None:
    assert only(helm_chart(f"{{set: {{a.b: {given}}}}}")).values.get("a", "b") == value


def test_a_parameter_may_be_a_text_whatever_it_looks_like() -> None:
    text = "{chart: cups, helm: {parameters: [{name: 'a\\.b', value: 'true', forceString: true}]}}"
    assert only(application(text)).values.value == {"a.b": "true"}


@pytest.mark.parametrize(
    "text",
    [
        helm_chart("{valuesSecrets: [{name: more}]}"),
        helm_chart("{set: {'a[0]': 1}}"),
        helm_chart("{valuesContent: 'a: ['}"),
        helm_chart("{valuesContent: '- a'}"),
        application("{chart: cups, helm: {valueFiles: [more.yaml]}}"),
        application("{chart: cups, helm: {fileParameters: [{name: a, path: b}]}}"),
    ],
)
def test_values_that_are_not_all_here_are_not_complete(text: str) -> None:
    assert not only(text).complete


def test_a_text_that_is_no_map_is_named() -> None:
    chart = only(helm_chart("{valuesContent: '- a'}"))
    assert [each.pointer for each in chart.unreadable] == ["/spec/valuesContent"]


def test_a_chart_without_values_has_none_and_says_where_they_would_be() -> None:
    chart = only(helm_chart("{chart: cups}"))
    assert chart.complete
    assert not chart.values
    assert chart.values.at("a").pointer == "/spec/values/a"
