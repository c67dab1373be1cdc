"""What policy/provided.yaml declares is what the charts make, and each part of it is needed."""

from __future__ import annotations

import datetime as dt
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from lib.checks.catalogue import RULES
from lib.checks.document import Document, File
from lib.checks.engine import judge
from lib.checks.model import Context, Model
from lib.checks.provided import provided
from lib.gate.policy_files import policy_files
from tests.checks.rules.telling import model, told_of
from tools.charts import HELM, UNPACKED, Installed, installed, read

if TYPE_CHECKING:
    from lib.checks.finding import Report

ROOT = Path(__file__).resolve().parents[3]
DECLARED = policy_files(ROOT).provided
# Made by what the chart installs, when it runs: no template shows it.
WHEN_IT_RUNS = {
    "DaemonSet/longhorn-csi-plugin",
    "Pod/share-manager",
    "Pod/support-bundle",
    "StorageClass/longhorn",
}


# --- as the charts make it ---------------------------------------------------------------------


@cache
def rendered(name: str) -> dict[str, Any]:
    """What helm makes of a chart with the values in dist/, as ``Kind/name``."""
    uses = [use for use in installed(read(ROOT / "dist")) if use.chart.name == name]
    use: Installed = uses[0]
    chart = UNPACKED / use.chart.folder
    if not (HELM.is_file() and chart.is_dir()):
        pytest.skip("no helm, or no chart: `make charts` fetches both")
    command: list[str | Path] = [HELM, "template", use.release, chart, "--include-crds"]
    result = subprocess.run(
        [*command, "--namespace", use.namespace, "--values", "-", "--kube-version", "1.36.3"],
        input=yaml.safe_dump(dict(use.values)),
        capture_output=True,
        text=True,
        check=True,
    )
    documents = yaml.load_all(result.stdout, yaml.CSafeLoader)
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in documents if each}


def differences(declared: Any, real: Any, path: str = "") -> list[str]:
    """What is declared and not so; the chart may make more of everything."""
    if isinstance(declared, dict):
        if not isinstance(real, dict):
            return [path]
        return [
            line
            for key, value in declared.items()
            for line in differences(value, real.get(key), f"{path}/{key}")
        ]
    if isinstance(declared, list):
        fits = [any(not differences(each, other) for other in real or []) for each in declared]
        return [] if all(fits) else [path]
    return [] if declared in {real, ""} else [path]


@pytest.mark.parametrize("document", DECLARED, ids=lambda document: str(document.identity))
def test_a_chart_makes_what_is_declared_of_it(document: Document) -> None:
    made = rendered(document.provided_by.partition(" ")[0])
    key = f"{document.kind}/{document.name}"
    if key in WHEN_IT_RUNS:
        assert key not in made
        return
    rest = {key: value for key, value in document.object.items() if key != "metadata"}
    assert differences(rest, made[key]) == []


# --- how the gate takes it ---------------------------------------------------------------------

CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: shop, namespace: kube-system}
spec: {chart: shop, version: 1.0.0, targetNamespace: shop}
"""
ROUTE = """\
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: shop}
spec: {forwardAuth: {address: "http://shop.shop.svc/"}}
"""


def declarations(*, version: str = "1.0.0", annotations: str = "") -> tuple[Document, ...]:
    text = f"""\
provided:
- chart: shop
  version: {version}
  objects:
  - apiVersion: v1
    kind: Service
    metadata: {{name: shop, namespace: shop{annotations}}}
    spec: {{ports: [{{port: 80}}]}}
"""
    return tuple(provided(Document(File("policy/provided.yaml", b""), 0, yaml.safe_load(text))))


def judged(
    *clusters: str, declared: tuple[Document, ...], one_of_several: bool = False
) -> dict[str, list[str]]:
    """The findings of G10, X06 and X07, by rule."""
    context = Context(complete=True, one_of_several=one_of_several)
    models = [
        Model(
            [
                Document(File(f"dist/{number}/shop/a.yaml", b""), at, value)
                for at, value in enumerate(yaml.safe_load_all(text))
                if value
            ],
            context,
            declared,
        )
        for number, text in enumerate(clusters)
    ]
    report: Report = judge(models, [*RULES.values()], as_of=dt.date(2026, 4, 1), catalogue=RULES)
    return {
        rule: [each.message for each in report.findings if each.rule == rule]
        for rule in ("G10", "X06", "X07")
    }


UNUSED = "no object needs Service/shop/shop of shop 1.0.0"


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        ((f"{CHART}---\n{ROUTE}",), {}),
        ((CHART,), {"X06": [UNUSED]}),
        (("",), {"X06": [UNUSED]}),
        ((ROUTE,), {"G10": ["there is no Service 'shop' in shop"], "X06": [UNUSED]}),
        # A cluster without the chart needs no declaration, and has none.
        ((f"{CHART}---\n{ROUTE}", ""), {}),
        ((f"{CHART}---\n{ROUTE}", ROUTE), {"G10": ["there is no Service 'shop' in shop"]}),
    ],
)
def test_a_declaration_holds_where_its_chart_is_installed(
    clusters: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    found = judged(*clusters, declared=declarations())
    assert found == {"G10": [], "X06": [], "X07": []} | expected


def test_a_declaration_of_another_version_is_found_and_still_holds() -> None:
    found = judged(f"{CHART}---\n{ROUTE}", declared=declarations(version="0.9.0"))
    assert found == {
        "G10": [],
        "X06": [],
        "X07": ["shop 0.9.0 is not installed; there is shop 1.0.0"],
    }


def test_of_one_cluster_alone_nobody_can_tell_what_the_others_install() -> None:
    assert judged("", declared=declarations(), one_of_several=True)["X06"] == []
    assert judged(CHART, declared=declarations(), one_of_several=True)["X06"] == [UNUSED]


def test_what_only_some_clusters_need_says_which() -> None:
    annotations = ", annotations: {policy.yagura/some-clusters: those with a shop}"
    assert judged(CHART, declared=declarations(annotations=annotations))["X06"] == []


# --- G15: definitions that a chart is told not to bring ------------------------------------------

DEFINITIONS = """\
provided:
- chart: shop
  version: 1.0.0
  objects:
  - apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: stalls.shop.example}
    spec: {group: shop.example, names: {kind: Stall}, versions: [{name: v1}]}
"""
OWN = """\
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: stalls.shop.example}
spec: {group: shop.example, names: {kind: Stall}, versions: [{name: v1}]}
"""


@pytest.mark.parametrize(
    ("values", "more", "pointers"),
    [
        ("crds: {enabled: false}", "", ["/spec/values/crds/enabled"]),
        ("crds: {install: false}", "", ["/spec/values/crds/install"]),
        ("installCRDs: false", "", ["/spec/values/installCRDs"]),
        ("crds: {enabled: true}", "", []),
        ("crds: {enabled: false}", OWN, []),
    ],
)
def test_a_chart_brings_the_definitions_that_are_declared_of_it(
    values: str, more: str, pointers: list[str]
) -> None:
    text = CHART.replace("targetNamespace: shop}", f"targetNamespace: shop, values: {{{values}}}}}")
    file = File("policy/provided.yaml", b"")
    declared = provided(Document(file, 0, yaml.safe_load(DEFINITIONS)))
    of = model(text + more, context=Context(complete=True), declared=declared)
    assert [place for place, _ in told_of("G15", of)] == pointers
