"""Y: files that every reader reads alike, and that hold Kubernetes objects and nothing else."""

from __future__ import annotations

from typing import Any

from lib.checks.rule import By, Exempt, Rule, Severity

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="Y01",
        title="A file of manifests can be read",
        severity=Severity.P0,
        reason="kubectl, Argo CD and RKE2 stop at the first file that they cannot read, and what "
        "stands behind it is not applied.",
        source="YAML 1.2.2, RFC 8259",
        fix="Correct the file at this line; a template is rendered before it is checked.",
        exempt=Exempt.NEVER,
        by=By.READING,
        good="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: whoami}\n",
        bad="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web\n",
    ),
    Rule(
        id="Y02",
        title="A key is given once",
        severity=Severity.P0,
        reason="Some readers take the last value, some the first, and strict ones refuse the file.",
        source="YAML 1.2.2, section 3.2.1.3: keys of a mapping are unique",
        fix="Remove one of the two.",
        exempt=Exempt.NEVER,
        by=By.READING,
        good="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: one, b: two}\n",
        bad="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: one, a: two}\n",
    ),
    Rule(
        id="Y03",
        title="A value without quotes means the same to every reader",
        severity=Severity.P2,
        reason="on, no, y, 0o17, 1_000 and 12:30 are booleans and numbers in YAML 1.1, which the "
        "cluster reads, and texts or other numbers in YAML 1.2.",
        source="go.yaml.in/yaml/v2 resolve.go; YAML 1.1 types; YAML 1.2.2, section 10.3.2",
        fix="Put quotes around it, or write true, false or the decimal number.",
        exempt=Exempt.NEVER,
        by=By.READING,
        good='apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {log: "on"}\n',
        bad="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {log: on}\n",
    ),
    Rule(
        id="Y04",
        title="Every document is a Kubernetes object",
        severity=Severity.P0,
        reason="Without apiVersion, kind and a name it cannot be applied, and whoever applies the "
        "folder stops there.",
        source="Kubernetes API conventions: Types, Metadata",
        fix="Give it apiVersion, kind and metadata.name, or move it out of the folder.",
        exempt=Exempt.NEVER,
        by=By.READING,
        good="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
        bad="name: web\n",
    ),
)
