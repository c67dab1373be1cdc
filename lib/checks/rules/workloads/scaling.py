"""W10: an autoscaler that can work, and that nothing works against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.kinds import AUTOSCALER
from lib.checks.pods import pod_of
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.workloads.replicas import target_type
from lib.checks.rules.workloads.resources import reserves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem


def _can_scale(autoscaler: Document, model: Model) -> Iterator[Problem]:
    spec = autoscaler.at("spec")
    least, most = spec.get("minReplicas"), spec.get("maxReplicas")
    least = 1 if least is None else least
    if isinstance(least, int) and least < 2:  # noqa: PLR2004 - one goes, one stays
        only = "1 pod at least: with its node it is gone"
        said = only if least == 1 else f"{least} pods at least: there may be none to answer"
        yield spec.at("minReplicas").problem(said)
    if isinstance(least, int) and isinstance(most, int) and most < least:
        yield spec.at("maxReplicas").problem(f"at most {most}, and at least {least}")
    reference = spec.at("scaleTargetRef")
    target = model.get(target_type(reference), autoscaler.namespace, reference.text("name"))
    if target is None:
        return
    fixed = target.at("spec", "replicas")
    if fixed and not target.provided_by:
        yield fixed.problem(
            f"each apply sets {fixed.value} pods, whatever HorizontalPodAutoscaler "
            f"{autoscaler.name} has counted"
        )
    for resource in _measured(autoscaler):
        yield from _unmeasurable(target, resource, model)


def _measured(autoscaler: Document) -> Iterator[str]:
    """The resources of which it looks at the used share."""
    if autoscaler.at("spec", "targetCPUUtilizationPercentage"):
        yield "cpu"
    for metric in autoscaler.each("spec", "metrics"):
        target = metric.at("resource", "target")
        # autoscaling/v2beta1 has it beside the name.
        old = metric.at("resource", "targetAverageUtilization")
        if target.get("type") == "Utilization" or old:
            yield metric.text("resource", "name")


def _unmeasurable(target: Document, resource: str, model: Model) -> Iterator[Problem]:
    pod = pod_of(target)
    for container in pod.containers if pod else ():
        runs = container.role == "main" or container.is_sidecar
        if runs and not target.provided_by and not reserves(container, resource, model):
            yield container.at("resources").problem(
                f"container {container.name} reserves no {resource}: its used share, by which the "
                "pods are counted, is not known"
            )


_GOOD = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: whoami}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 6
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: whoami}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: docker.io/traefik/whoami:v1.11.0
        resources: {requests: {cpu: 10m}}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W10",
        title="An autoscaler has what it needs, and nobody else sets the number of pods",
        severity=Severity.P1,
        reason="Each sync sets the number in git, and in the middle of the load most pods go.",
        source="Kubernetes: Horizontal Pod Autoscaling; kube-score "
        "deployment-targeted-by-hpa-does-not-have-replicas-configured",
        fix="Leave spec.replicas out, set minReplicas to 2 or more, and let every container "
        "reserve what is measured.",
        exempt=Exempt.ANNOTATION,
        types=(AUTOSCALER,),
        subjects=documents(AUTOSCALER),
        check=_can_scale,
        good=_GOOD,
        bad=_GOOD.replace("spec:\n  selector:", "spec:\n  replicas: 2\n  selector:"),
    ),
)
