"""P01: where charts come from, and what a failed upgrade does."""

from __future__ import annotations

import pytest

from tests.checks.rules.places import WHOLE, places

CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: store, namespace: kube-system}
spec:
  repo: https://charts.example
  chart: longhorn
  version: 1.12.1
  targetNamespace: kube-system
  failurePolicy: abort
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: store, namespace: argocd}
spec: {source: {repoURL: charts.example/a, chart: longhorn, targetRevision: 1.12.1}}
"""


@pytest.mark.parametrize(
    ("old", "new", "pointers"),
    [
        ("", "", []),
        ("version: 1.12.1", "version: v1.12.1-rc.1+build.2", []),
        ("version: 1.12.1", "version: 40.1.009", []),
        ("version: 1.12.1", "version: '1.12'", ["/version"]),
        ("version: 1.12.1", "version: ^1.12.1", ["/version"]),
        ("version: 1.12.1\n", "x: 1\n", ["/version"]),
        ("https://charts.example", "http://charts.example", ["/repo"]),
        ("https://charts.example", "git+https://charts.example", ["/repo"]),
        ("failurePolicy: abort", "failurePolicy: retry", []),
        ("failurePolicy: abort", "failurePolicy: reinstall", ["/failurePolicy"]),
        ("failurePolicy: abort", "x: 1", ["/failurePolicy"]),
        ("abort", "abort\n  insecureSkipTLSVerify: true", ["/insecureSkipTLSVerify"]),
        ("abort", "abort\n  plainHTTP: true", ["/plainHTTP"]),
        ("abort", "abort\n  authPassCredentials: true", ["/authPassCredentials"]),
        ("abort", "abort\n  plainHTTP: false", []),
    ],
)
def test_a_helm_chart_is_exact_and_from_a_safe_place(
    old: str, new: str, pointers: list[str]
) -> None:
    text = CHART.replace(old, new, 1) if old else CHART
    assert places("P01", text) == [f"HelmChart/store /spec{each}" for each in pointers]


@pytest.mark.parametrize(
    ("source", "pointers"),
    [
        ("chart: oci://charts.example/longhorn\n  version: 1.12.1", []),
        ("chart: oci://charts.example/longhorn:1.12.1", []),
        ("chart: oci://charts.example/longhorn@sha256:0123", []),
        ("chart: https://charts.example/longhorn-1.12.1.tgz", []),
        ("chart: oci://charts.example/longhorn", ["/version"]),
        ("chart: http://charts.example/longhorn-1.12.1.tgz", ["/chart"]),
        ("chartContent: H4sI", []),
    ],
)
def test_a_charts_address_may_hold_its_version(source: str, pointers: list[str]) -> None:
    old = "repo: https://charts.example\n  chart: longhorn\n  version: 1.12.1"
    text = CHART.replace(old, source)
    assert places("P01", text) == [f"HelmChart/store /spec{each}" for each in pointers]


@pytest.mark.parametrize(
    ("name", "lasting"),
    [
        ("argo-cd", True), ("vault", True), ("cilium", True), ("csi-driver-nfs", True),
        ("democratic-csi", True), ("rook-ceph-cluster", True), ("whoami", False),
        ("traefik", False),
    ],
)  # fmt: skip
def test_what_holds_data_is_never_reinstalled(name: str, *, lasting: bool) -> None:
    text = CHART.replace("chart: longhorn", f"chart: {name}").replace("abort", "reinstall")
    assert places("P01", text) == (["HelmChart/store /spec/failurePolicy"] if lasting else [])


def config(policy: str, name: str = "store") -> str:
    return (
        "---\napiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\n"
        f"metadata: {{name: {name}, namespace: kube-system}}\nspec: {policy}\n"
    )


def test_what_configures_a_chart_decides_over_its_policy() -> None:
    text = CHART.replace("abort", "reinstall")
    assert places("P01", text + config("{failurePolicy: abort}")) == []
    assert places("P01", CHART + config("{failurePolicy: reinstall}")) == [
        "HelmChartConfig/store /spec/failurePolicy"
    ]


def test_a_packaged_chart_keeps_its_own_policy_and_version() -> None:
    assert places("P01", config("{values: {}}", "rke2-canal")) == []
    assert places("P01", config("{failurePolicy: reinstall}", "rke2-canal")) == [
        "HelmChartConfig/rke2-canal /spec/failurePolicy"
    ]


def test_the_namespace_is_there_or_made() -> None:
    text = CHART.replace("targetNamespace: kube-system", "targetNamespace: store")
    namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: store}\n"
    assert places("P01", text, WHOLE) == ["HelmChart/store /spec/targetNamespace"]
    assert places("P01", text) == []
    assert places("P01", text + namespace, WHOLE) == []
    assert places("P01", text + "  createNamespace: true\n", WHOLE) == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("", "", ""),
        ("1.12.1", "'*'", "targetRevision"),
        (", targetRevision: 1.12.1", "", "targetRevision"),
        ("charts.example/a", "https://charts.example", ""),
        ("charts.example/a", "http://charts.example", "repoURL"),
    ],
)
def test_an_application_s_chart_is_exact_too(old: str, new: str, key: str) -> None:
    text = APPLICATION.replace(old, new) if old else APPLICATION
    assert places("P01", text) == ([f"Application/store /spec/source/{key}"] if key else [])
