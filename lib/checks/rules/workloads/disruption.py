"""W09: a PodDisruptionBudget lets a node be drained."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from lib.checks.kinds import BUDGET
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.workloads.replicas import least

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem


def _lets_go(budget: Document, model: Model) -> Iterator[Problem]:
    spec = budget.at("spec")
    pods = _pods(budget, model)
    lost, kept = spec.at("maxUnavailable"), spec.at("minAvailable")
    if _share(lost.value, 1) == 0:
        yield lost.problem("no pod may ever go: a drain of its node never ends")
    if kept.value == "100%":
        yield kept.problem("every pod has to stay: a drain of its node never ends")
    elif pods and (_share(kept.value, pods) or 0) >= pods:
        yield kept.problem(
            f"{kept.value} of them have to stay, and there may be {pods}: a drain never ends"
        )
    if budget.version == "v1" and not spec.get("unhealthyPodEvictionPolicy"):
        yield spec.at("unhealthyPodEvictionPolicy").problem(
            "pods that are not ready may not be evicted, and hold their node for ever"
        )


def _pods(budget: Document, model: Model) -> int | None:
    """How many pods it is about, at least; None where nobody can tell."""
    found = model.selected(budget.namespace, budget.root.get("spec", "selector"))
    numbers = [least(pod.document, model) for pod in found]
    return None if None in numbers else sum(number or 0 for number in numbers)


def _share(value: Any, pods: int) -> int | None:
    """The number that a number or a percentage means, which Kubernetes rounds up."""
    if isinstance(value, str) and (match := re.fullmatch(r"(\d{1,9})%", value)):
        return math.ceil(int(match[1]) * pods / 100)
    return value if isinstance(value, int) else None


_GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: whoami}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "docker.io/traefik/whoami:v1.11.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: whoami}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: web}}
  unhealthyPodEvictionPolicy: AlwaysAllow
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W09",
        title="A PodDisruptionBudget lets a pod go",
        severity=Severity.P1,
        reason="A node that cannot be drained cannot be updated; somebody then kills its pods by "
        "hand, all at once.",
        source="Kubernetes: Specifying a Disruption Budget; kube-linter pdb-min-available, "
        "pdb-max-unavailable, pdb-unhealthy-pod-eviction-policy",
        fix="Set maxUnavailable: 1 and unhealthyPodEvictionPolicy: AlwaysAllow, and run two pods.",
        exempt=Exempt.ANNOTATION,
        types=(BUDGET,),
        subjects=documents(BUDGET),
        check=_lets_go,
        good=_GOOD,
        bad=_GOOD.replace("minAvailable: 1", "minAvailable: 2"),
    ),
)
