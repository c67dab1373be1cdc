"""K: every object against the schema of its kind; nothing is skipped."""

from __future__ import annotations

from typing import Any

from lib.checks.rule import By, Exempt, Rule, Severity

_CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: traefik, namespace: kube-system}
spec:
  repo: https://traefik.github.io/charts
  chart: traefik
  version: 41.3.0
  values:
    deployment: {kind: DaemonSet}
    hostNetwork: true
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="K01",
        title="An object has the fields of its kind, of the right types",
        severity=Severity.P0,
        reason="The API server refuses it, or silently drops what it does not know.",
        source="the OpenAPI schemas of Kubernetes and of each CustomResourceDefinition",
        fix="Correct the field.",
        exempt=Exempt.NEVER,
        by=By.SCHEMA,
        good="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: one}\n",
        bad="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndate: {a: one}\n",
    ),
    Rule(
        id="K02",
        title="There is a schema for the object's kind and version",
        severity=Severity.P0,
        reason="What no schema describes nobody has checked, and in a cluster without its "
        "definition the object cannot be applied.",
        source="kubeconform; docs/reference/schemas.md",
        fix="Correct apiVersion and kind, or add the schema (docs/reference/schemas.md).",
        exempt=Exempt.NEVER,
        by=By.SCHEMA,
        good="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
        bad="apiVersion: nobody.example/v1\nkind: Thing\nmetadata: {name: web}\n",
    ),
    Rule(
        id="K03",
        title="A chart's values are ones that its own schema accepts",
        severity=Severity.P0,
        reason="Helm refuses the install when the cluster waits for it already; or the key is "
        "unknown, and nobody notices that it does nothing.",
        source="Helm, Schema Files: values.schema.json of the chart, kept in schemas/charts/",
        fix="Correct the value; the chart's values.yaml tells what it takes.",
        exempt=Exempt.NEVER,
        by=By.SCHEMA,
        good=_CHART,
        bad=_CHART.replace("kind: DaemonSet", "kind: 3").replace("hostNetwork", "hostNetworks"),
    ),
)
