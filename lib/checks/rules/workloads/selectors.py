"""W11: a controller finds its own pods, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.pods import pod_of, selects
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_OLD = "ReplicationController"
_TYPES = (
    "DaemonSet.apps",
    "Deployment.apps",
    "ReplicaSet.apps",
    "StatefulSet.apps",
    "Rollout.argoproj.io",
    _OLD,
)


def _own_pods(workload: Document, model: Model) -> Iterator[Problem]:
    pod, selector = pod_of(workload), _selector(workload)
    place = workload.at("spec", "selector")
    if pod is None or selector is None:
        return
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        yield place.problem("the selector is empty: the API server refuses it")
    elif not selects(selector, pod.labels):
        yield place.problem(f"the selector does not find the template's own labels {pod.labels}")
    elif not _is_made(workload):
        for other in _others(workload, selector, model):
            where = f"{other.kind} {other.name}, in {other.file.name}"
            yield place.problem(f"the selector also finds the pods of {where}")


def _selector(workload: Document) -> dict[str, Any] | None:
    """Its LabelSelector; None where it has none, and the template's labels count."""
    given = workload.root.get("spec", "selector")
    if not isinstance(given, dict):
        return None
    return {"matchLabels": given} if workload.type == _OLD else given


def _others(workload: Document, selector: dict[str, Any], model: Model) -> Iterator[Document]:
    own = pod_of(workload)
    for pod in model.selected(workload.namespace, selector):
        other = pod.document
        if other.type not in _TYPES or other.identity == workload.identity or _is_made(other):
            continue
        # Folders of a part of a cluster may be alternatives, of which one is applied.
        apart = other.file.folder_path != workload.file.folder_path
        if apart and not model.context.complete:
            continue
        mutual = own is not None and selects(_selector(other) or {}, own.labels)
        if not mutual or str(other.identity) < str(workload.identity):
            yield other


def _is_made(workload: Document) -> bool:
    """Whether another controller made it: a ReplicaSet in a dump of a Deployment."""
    return bool(workload.root.items("metadata", "ownerReferences"))


_GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: whoami}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "docker.io/traefik/whoami:v1.11.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: job, namespace: whoami}
spec:
  selector: {matchLabels: {app: job}}
  template:
    metadata: {labels: {app: job}}
    spec:
      containers: [{name: job, image: "docker.io/traefik/whoami:v1.11.0"}]
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W11",
        title="A controller's selector finds its own pods, and no other controller's",
        severity=Severity.P0,
        reason="The API server refuses a selector that does not fit its template; where two "
        "controllers find the same pods, autoscalers and budgets count those of both.",
        source="Kubernetes: Deployments, Selector; kube-linter mismatching-selector",
        fix="Give each workload of a namespace a label of its own, in template and selector.",
        exempt=Exempt.NEVER,
        types=_TYPES,
        subjects=documents(*_TYPES),
        check=_own_pods,
        good=_GOOD,
        bad=_GOOD.replace("{labels: {app: job}}", "{labels: {app: jobs}}"),
    ),
)
