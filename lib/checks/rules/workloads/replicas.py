"""How many pods a workload has at least: its own number, or its autoscaler's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.kinds import AUTOSCALER, type_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place

COUNTED = frozenset(
    {
        "Deployment.apps",
        "Deployment.extensions",
        "ReplicaSet.apps",
        "ReplicaSet.extensions",
        "ReplicationController",
        "Rollout.argoproj.io",
        "StatefulSet.apps",
    }
)


def target_type(reference: Place) -> str:
    """``Kind.group`` of what a ``scaleTargetRef`` names."""
    return type_of(reference.text("apiVersion"), reference.text("kind"))


def _autoscaler_of(workload: Document, model: Model) -> Document | None:
    """The HorizontalPodAutoscaler that counts a workload's pods."""
    return model.derived(_autoscalers).get((workload.type, workload.namespace, workload.name))


def least(workload: Document, model: Model) -> int | None:
    """The least number of pods; None where nobody can tell, as of a DaemonSet or a Job."""
    if workload.type == "Pod":
        return 1
    if workload.type not in COUNTED:
        return None
    autoscaler = _autoscaler_of(workload, model)
    number = (
        autoscaler.root.get("spec", "minReplicas")
        if autoscaler is not None
        else workload.root.get("spec", "replicas")
    )
    if number is None and not (workload.provided_by and autoscaler is None):
        return 1  # what is declared of a chart's workload need not tell its number
    return number if isinstance(number, int) else None


def _autoscalers(model: Model) -> Mapping[tuple[str, str, str], Document]:
    found: dict[tuple[str, str, str], Document] = {}
    for autoscaler in model.of(AUTOSCALER):
        target = autoscaler.at("spec", "scaleTargetRef")
        key = (target_type(target), autoscaler.namespace, target.text("name"))
        found.setdefault(key, autoscaler)
    return found
