"""P01: a chart is one exact version from a trusted place, and a failed upgrade deletes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.checks.charts import APPLICATION, EXACT_VERSION, HELM_CHART_CONFIG, TYPES, installed_by
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_UNSAFE = {
    "insecureSkipTLSVerify": "whoever stands between may send another chart",
    "plainHTTP": "whoever stands between may send another chart",
    "authPassCredentials": "the credentials go to every host that the repository points at",
}
# Charts that hold data, or without which nothing can be repaired.
_LASTING = re.compile(
    r"argo-cd|vault|openbao|longhorn|rook-ceph.*|csi-.*|.*-csi(?:-.*)?|cilium|canal|calico"
    r"|tigera-operator|flannel|rke2-(?:canal|cilium|calico|flannel|coredns)|etcd"
    r"|postgresql.*|mysql.*|mariadb.*|mongodb.*|minio|harbor"
)


def _chart(document: Document, model: Model) -> Iterator[Problem]:
    for chart in installed_by(document, model):
        if not chart.packaged:
            yield from _pinned(chart)
        yield from _safe(chart)
        if document.type != APPLICATION:
            yield from _kept(chart, model)
            yield from _target(chart, model)


def _pinned(chart: Chart) -> Iterator[Problem]:
    of_application = chart.document.type == APPLICATION
    version = chart.source.at("targetRevision" if of_application else "version")
    if (
        chart.name
        and not EXACT_VERSION.fullmatch(chart.version)
        and "@sha256:" not in str(chart.source.get("chart"))
    ):
        said = f"{chart.version} is" if chart.version else "no version is given: that is"
        yield version.problem(f"{said} whatever is newest on the day of the install")
    if chart.repo and not chart.repo.startswith(("https://", "oci://")):
        key = "repoURL" if of_application else "repo" if chart.source.text("repo") else "chart"
        yield chart.source.at(key).problem(f"{chart.repo} is neither https:// nor oci://")


def _safe(chart: Chart) -> Iterator[Problem]:
    for key, why in _UNSAFE.items():
        if chart.source.get(key) is True:
            yield chart.source.at(key).problem(f"{key}: {why}")


def _kept(chart: Chart, model: Model) -> Iterator[Problem]:
    config = model.get(HELM_CHART_CONFIG, chart.document.namespace, chart.document.name)
    given = chart.source.at("failurePolicy")
    if config is not None and config.text("spec", "failurePolicy"):
        given = config.at("spec", "failurePolicy")
    # What RKE2 packages has a policy of its own, unless another one is given.
    policy = given.text() or ("" if chart.packaged else "reinstall")
    if policy == "reinstall" and _LASTING.fullmatch(chart.name):
        default = "" if given.text() else ", the default,"
        yield given.problem(
            f"reinstall{default} uninstalls {chart.name} when an upgrade fails, with its "
            "definitions and all that they hold: abort or retry"
        )


def _target(chart: Chart, model: Model) -> Iterator[Problem]:
    place = chart.source.at("targetNamespace")
    made = chart.source.get("createNamespace") is True
    known = chart.namespace in model.namespaces or not model.decides("Namespace")
    if place.text() and not made and not known:
        yield place.problem(f"there is no namespace {chart.namespace}")


_GOOD = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: longhorn, namespace: kube-system}
spec:
  repo: https://charts.longhorn.io
  chart: longhorn
  version: 1.12.1
  targetNamespace: longhorn-system
  failurePolicy: abort
---
apiVersion: v1
kind: Namespace
metadata: {name: longhorn-system}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: cups, namespace: argocd}
spec:
  source: {repoURL: registry.example/charts, chart: cups, targetRevision: 1.2.3}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="P01",
        title="A chart is one exact version over TLS, and a failed upgrade uninstalls no data",
        severity=Severity.P0,
        reason="Otherwise somebody else decides what runs in the cluster, or a failed upgrade "
        "takes volumes, credentials or the network away.",
        source="k3s-io/helm-controller pkg/controllers/chart/chart.go and doc/helmchart.md",
        fix="Give the exact version, https:// or oci://, the namespace, and failurePolicy abort.",
        exempt=Exempt.ANNOTATION,
        types=TYPES,
        subjects=documents(*TYPES),
        check=_chart,
        good=_GOOD,
        bad=_GOOD.replace("1.12.1", '"1.12"')
        .replace("https://charts.longhorn.io", "http://charts.longhorn.io")
        .replace("failurePolicy: abort", "insecureSkipTLSVerify: true")
        .replace("name: longhorn-system}", "name: longhorn}")
        .replace("1.2.3", '"*"'),
    ),
)
