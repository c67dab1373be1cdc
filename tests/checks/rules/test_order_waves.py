"""G27 and G28: waves that wait for nothing, and waves that nothing heeds."""

from __future__ import annotations

import pytest

from tests.checks.judging import findings
from tests.checks.rules.order_sets import (
    HEALTH,
    application,
    config_map,
    found,
    namespace,
    root,
)

CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: web, namespace: kube-system}
spec: {chart: web, repo: "https://charts.festival.example", version: 1.0.0}
"""
TWO_WAVES = root(web=application("web", 0), other=application("other", 1)) | {
    "bootstrap/argocd.yaml": HEALTH,
    "web/chart.yaml": CHART,
}


def waved(wave: str) -> str:
    note = f"annotations: {{argocd.argoproj.io/sync-wave: {wave}}}"
    return config_map("a", "web").replace("{name: a,", f"{{name: a, {note},")


def test_waves_with_checks_of_both_kinds_are_good() -> None:
    assert found("G27", TWO_WAVES) == []


def test_waves_of_applications_without_a_check_of_their_health_start_together() -> None:
    blind = HEALTH.replace("argoproj.io_Application", "apps_Deployment")
    [finding] = found("G27", TWO_WAVES | {"bootstrap/argocd.yaml": blind})
    assert (finding.kind, finding.pointer) == ("ConfigMap", "/data")
    assert finding.message == (
        "no check of an Application's health: the 2 waves of Applications start together"
    )


def test_an_application_of_helm_charts_in_an_early_wave_needs_their_check() -> None:
    blind = HEALTH.replace("helm.cattle.io_HelmChart", "apps_Deployment")
    [finding] = found("G27", TWO_WAVES | {"bootstrap/argocd.yaml": blind})
    assert "Application web is healthy before its charts are there" in finding.message


def test_a_check_that_does_not_look_at_the_object_is_none() -> None:
    blind = HEALTH.replace("return obj.status.health", "return {status = 'Healthy'}", 1)
    assert len(found("G27", TWO_WAVES | {"bootstrap/argocd.yaml": blind})) == 1


def test_the_checks_of_all_kinds_in_one_text_count_too() -> None:
    old = HEALTH.partition("data:")[0] + (
        "data:\n  resource.customizations: |\n    argoproj.io/Application:\n      health.lua: x\n"
        "    helm.cattle.io/HelmChart:\n      health.lua: x\n"
    )
    assert found("G27", TWO_WAVES | {"bootstrap/argocd.yaml": old}) == []


def test_one_wave_needs_no_check() -> None:
    files = root(web=application("web", 0)) | {"bootstrap/a.yaml": HEALTH.partition("data:")[0]}
    assert found("G27", files) == []


# --- G28 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("wave", ["'first'", "'1.5'", "''", "' 1'", "1", "'0x1'"])
def test_a_wave_that_argo_cd_cannot_read_is_a_finding(wave: str) -> None:
    [finding] = findings("G28", waved(wave))
    assert finding.pointer == "/metadata/annotations/argocd.argoproj.io~1sync-wave"
    assert "takes it for 0" in finding.message


@pytest.mark.parametrize("wave", ["'1'", "'-1'", "'+1'", "'007'"])
def test_a_whole_number_is_a_wave(wave: str) -> None:
    assert findings("G28", waved(wave)) == ()


def test_a_wave_of_an_object_that_no_application_applies_is_a_finding() -> None:
    [finding] = found("G28", {"web/a.yaml": waved("'1'")})
    assert "no Application applies this object" in finding.message


def test_a_wave_that_all_objects_of_an_application_share_orders_nothing() -> None:
    files = root(web=application("web", 0)) | {"web/a.yaml": waved("'4'")}
    [finding] = found("G28", files)
    assert finding.message == "all that Application web applies is in wave 4: it orders nothing"
    assert found("G28", files | {"web/b.yaml": config_map("b", "web")}) == []


def test_a_namespace_does_not_come_after_its_first_object() -> None:
    files = root(web=application("web", 0))
    files |= {"web/a.yaml": config_map("a", "web"), "web/n.yaml": namespace("web", wave=5)}
    [finding] = found("G28", files)
    assert finding.message == "Argo CD applies it before its first object, in wave 0"


def test_a_wave_of_a_pod_template_has_no_effect() -> None:
    deployment = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web}
spec:
  template:
    metadata: {annotations: {argocd.argoproj.io/sync-wave: "1"}}
    spec: {containers: [{name: web}]}
"""
    [finding] = findings("G28", deployment)
    assert finding.pointer == ("/spec/template/metadata/annotations/argocd.argoproj.io~1sync-wave")
