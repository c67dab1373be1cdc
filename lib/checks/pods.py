"""The pods that a set's workloads make, whatever kind makes them, and how selectors find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lib.checks.document import Document

# Type -> the way to its pod template, whose own parts are `metadata` and `spec`.
TEMPLATES: dict[str, tuple[str, ...]] = {
    "Pod": (),
    "PodTemplate": ("template",),
    "ReplicationController": ("spec", "template"),
    "Deployment.apps": ("spec", "template"),
    "StatefulSet.apps": ("spec", "template"),
    "DaemonSet.apps": ("spec", "template"),
    "ReplicaSet.apps": ("spec", "template"),
    "Deployment.extensions": ("spec", "template"),
    "DaemonSet.extensions": ("spec", "template"),
    "ReplicaSet.extensions": ("spec", "template"),
    "Job.batch": ("spec", "template"),
    "CronJob.batch": ("spec", "jobTemplate", "spec", "template"),
    "Rollout.argoproj.io": ("spec", "template"),
    "Service.serving.knative.dev": ("spec", "template"),
    "AutoscalingRunnerSet.actions.github.com": ("spec", "template"),
    "EphemeralRunnerSet.actions.github.com": ("spec", "ephemeralRunnerSpec"),
    "EphemeralRunner.actions.github.com": (),
}
_ROLES = {"initContainers": "init", "containers": "main", "ephemeralContainers": "ephemeral"}


class Pod(Place):
    """A pod template: the place of its pod spec.

    Attributes:
        template: The place of the template, which holds ``metadata`` and ``spec``; it is the
            object itself for a plain Pod.
        namespace: The namespace of the object that makes it.
        labels: The pods' labels.
        annotations: The pods' annotations.
        containers: All containers, in the order in which they start: init ones first.
    """

    __slots__ = ("annotations", "containers", "labels", "namespace", "template")

    def __init__(self, document: Document, template: Place) -> None:
        spec = template.at("spec")
        super().__init__(document, spec.pointer, spec.value)
        self.template = template
        self.namespace = document.namespace
        self.labels = template.texts("metadata", "labels")
        self.annotations = template.texts("metadata", "annotations")
        self.containers = tuple(self._containers())

    @property
    def service_account(self) -> str:
        """The name of the ServiceAccount that it runs as."""
        given = self.text("serviceAccountName") or self.text("serviceAccount")
        return given or "default"

    def _containers(self) -> Iterator[Container]:
        for field, role in _ROLES.items():
            for place in self.each(field):
                yield Container(self, place, role)


class Container(Place):
    """A container of a pod template.

    Attributes:
        pod: The pod template that it is part of.
        role: ``init``, ``main`` or ``ephemeral``.
        name, image: Empty where they are not given.
    """

    __slots__ = ("image", "name", "pod", "role")

    def __init__(self, pod: Pod, place: Place, role: str) -> None:
        super().__init__(place.document, place.pointer, place.value)
        self.pod = pod
        self.role = role
        self.name = place.text("name")
        self.image = place.text("image")

    @property
    def is_sidecar(self) -> bool:
        """Whether it is an init container that keeps running (Kubernetes 1.29)."""
        return self.role == "init" and self.text("restartPolicy") == "Always"


def pod_of(document: Document) -> Pod | None:
    """The pod template of a workload; None where the object makes no pods."""
    way = TEMPLATES.get(document.type)
    if way is None:
        return None
    template = document.at(*way)
    return Pod(document, template) if isinstance(template.get("spec"), dict) else None


def owners(pods: Iterable[Pod]) -> str:
    """Who makes these pods, for messages: ``Deployment web, Job fill``."""
    return ", ".join(sorted({f"{pod.document.kind} {pod.document.name}" for pod in pods}))


def selects(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector (``matchLabels``, ``matchExpressions``) fits; an empty one fits all.

    What is no selector at all fits nothing.
    """
    if not isinstance(selector, dict):
        return False
    wanted = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or []
    if not isinstance(wanted, dict) or not isinstance(expressions, list):
        return False
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _fits(expression, labels) for expression in expressions
    )


def _fits(expression: Any, labels: Mapping[str, str]) -> bool:
    if not isinstance(expression, dict):
        return False
    key, values = str(expression.get("key")), expression.get("values") or []
    has = key in labels
    match expression.get("operator"):
        case "In":
            return has and labels[key] in values
        case "NotIn":
            return not has or labels[key] not in values
        case "Exists":
            return has
        case "DoesNotExist":
            return not has
    return False
