"""W08: what must not fail stands on more than one node, and is never taken down at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.beside import decides_beside
from lib.checks.kinds import BUDGET
from lib.checks.pods import pod_of, selects
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.workloads.replicas import COUNTED, least

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.pods import Pod

TIER = "policy.yagura/tier"
_TYPES = tuple(sorted(COUNTED))


def _stays_up(workload: Document, model: Model) -> Iterator[Problem]:
    pod = pod_of(workload)
    if pod is None or "critical" not in {workload.labels.get(TIER), pod.labels.get(TIER)}:
        return
    number = least(workload, model)
    if number is not None and number < 2:  # noqa: PLR2004 - one goes, one stays
        yield workload.at("spec", "replicas").problem(f"{number} pod: with its node it is gone")
    if not _is_spread(pod):
        yield pod.at("topologySpreadConstraints").problem(
            "nothing keeps its pods from standing on the same node"
        )
    strategy = workload.at("spec", "strategy", "type")
    if strategy.value == "Recreate":
        yield strategy.problem("each rollout takes all of its pods down first")
    if not _has_budget(pod, model) and decides_beside(model, BUDGET, workload):
        yield workload.at("metadata", "labels").problem(
            "no PodDisruptionBudget selects its pods: a drain may take all of them at once"
        )


def _is_spread(pod: Pod) -> bool:
    if any(pod.mapping("affinity", "podAntiAffinity").values()):
        return True
    return any(
        rule.get("topologyKey") and selects(rule.get("labelSelector"), pod.labels)
        for rule in pod.each("topologySpreadConstraints")
    )


def _has_budget(pod: Pod, model: Model) -> bool:
    return any(
        document.type == BUDGET and selects(document.root.get("spec", "selector"), pod.labels)
        for document in model.in_namespace(pod.namespace)
    )


_GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: whoami
  labels: {policy.yagura/tier: critical}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: ScheduleAnyway
        labelSelector: {matchLabels: {app: web}}
      containers: [{name: web, image: "docker.io/traefik/whoami:v1.11.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: whoami}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
---
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W08",
        title=f"A workload with the label {TIER}: critical survives a node and a rollout",
        severity=Severity.P1,
        reason="A node fails, is drained, or is replaced, and the service is gone with it.",
        source="kube-score deployment-has-host-podantiaffinity, "
        "deployment-has-poddisruptionbudget; polaris deploymentMissingReplicas",
        fix="Give it two replicas or more, topologySpreadConstraints over the nodes, a rolling "
        "update and a PodDisruptionBudget; or take the label away.",
        exempt=Exempt.ANNOTATION,
        types=_TYPES,
        subjects=documents(*_TYPES),
        check=_stays_up,
        good=_GOOD,
        bad=_GOOD.replace("replicas: 2", "replicas: 1"),
    ),
)
