"""W01 and W02: every pod is within the Pod Security Standard that its namespace enforces."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lib.checks import pod_security
from lib.checks.charts import charts
from lib.checks.pod_security.levels import ENFORCE, EXEMPT, VERSION
from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity, documents, pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.pods import Pod

# Longhorn mounts and formats disks on the node, csi-driver-nfs mounts for other pods.
_PRIVILEGED = EXEMPT | {"longhorn-system"}
_STORAGE = frozenset({"longhorn", "csi-driver-nfs"})


def _within_its_level(pod: Pod, model: Model) -> Iterator[Problem]:
    level, minor = pod_security.demanded(model, pod.namespace)
    for violation in pod_security.violations(pod, level, minor):
        problem = violation.problem
        message = f"{problem.message} ({level} forbids it: {violation.control})"
        yield dataclasses.replace(problem, message=message)


def _enforces(namespace: Document, model: Model) -> Iterator[Problem]:
    level = namespace.at("metadata", "labels", ENFORCE)
    version = namespace.at("metadata", "labels", VERSION)
    if not level:
        if namespace.name not in EXEMPT:
            yield namespace.at("metadata", "labels").problem(
                f"namespace {namespace.name} enforces no Pod Security Standard"
            )
    elif level.text() not in pod_security.LEVELS:
        yield level.problem(f"{level.value!r} is none of {', '.join(pod_security.LEVELS)}")
    elif level.value == "privileged" and namespace.name not in _PRIVILEGED | _storage(model):
        yield level.problem(f"namespace {namespace.name} lets any pod be root on its node")
    if version and not pod_security.is_version(version.text()):
        yield version.problem(f"{version.value} is neither latest nor a version such as v1.36")


def _storage(model: Model) -> frozenset[str]:
    """The namespaces of the charts that are privileged by what they are for."""
    return frozenset(chart.namespace for chart in model.derived(charts) if chart.name in _STORAGE)


_POD = """\
apiVersion: v1
kind: Namespace
metadata:
  name: whoami
  labels: {pod-security.kubernetes.io/enforce: restricted}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami}
spec:
  securityContext:
    runAsNonRoot: true
    seccompProfile: {type: RuntimeDefault}
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    securityContext:
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL]}
"""
_NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata:
  name: whoami
  labels: {pod-security.kubernetes.io/enforce: restricted}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W01",
        title="A pod is within the Pod Security Standard of its namespace",
        severity=Severity.P0,
        reason="The API server refuses the pod, and its Deployment stands still without one; "
        "where nothing is enforced, a break-in is the node's.",
        source="Kubernetes: Pod Security Standards; policy/check_*.go of "
        "kubernetes/pod-security-admission",
        fix="Give the pod what the standard asks for, or its namespace the level that it needs.",
        exempt=Exempt.ANNOTATION,
        types=tuple(TEMPLATES),
        subjects=pods,
        check=_within_its_level,
        good=_POD,
        bad=_POD.replace("      allowPrivilegeEscalation: false\n", "      privileged: true\n"),
    ),
    Rule(
        id="W02",
        title="A namespace enforces a Pod Security Standard, and privileged only where it must",
        severity=Severity.P0,
        reason="Without the label a pod may be root on its node, unless the cluster's own default "
        "says otherwise; with privileged it always may.",
        source="rke2-docs, docs/security/pod_security_standards.md; Kubernetes: Enforce Pod "
        "Security Standards with Namespace Labels",
        fix="Set pod-security.kubernetes.io/enforce to restricted, or to baseline.",
        exempt=Exempt.FILE,
        types=("Namespace",),
        subjects=documents("Namespace"),
        check=_enforces,
        good=_NAMESPACE,
        bad=_NAMESPACE.replace("restricted", "privileged"),
    ),
)
