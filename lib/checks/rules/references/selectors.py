"""G14: what selects or names workloads finds one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks import kinds
from lib.checks.kinds import AUTOSCALER, BUDGET, NETWORK_POLICY, type_of
from lib.checks.pods import selects
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.references.lookup import decides, finds_no_pod, missing
from lib.checks.rules.references.policy_ports import ports_are_theirs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_VERTICAL = "VerticalPodAutoscaler.autoscaling.k8s.io"
_SERVICE_MONITOR = "ServiceMonitor.monitoring.coreos.com"
_POD_MONITOR = "PodMonitor.monitoring.coreos.com"
_TYPES = (AUTOSCALER, _VERTICAL, BUDGET, NETWORK_POLICY, _SERVICE_MONITOR, _POD_MONITOR)
_NAME_LABEL = "kubernetes.io/metadata.name"
# RKE2 fills it with pods that no manifest shows: DNS, the pod network, the control plane.
_OF_THE_DISTRIBUTION = "kube-system"


def _finds(document: Document, model: Model) -> Iterator[Problem]:
    match document.type:
        case kinds.BUDGET:
            yield from _pods(document.at("spec", "selector"), document.namespace, model)
        case kinds.NETWORK_POLICY:
            yield from _pods(document.at("spec", "podSelector"), document.namespace, model)
            yield from _peers(document, model)
            yield from ports_are_theirs(document, model)
        case "ServiceMonitor.monitoring.coreos.com":
            yield from _monitored(document, model)
        case "PodMonitor.monitoring.coreos.com":
            selector = document.at("spec", "selector")
            for namespace in _namespaces(document):
                yield from _pods(selector, namespace, model)
        case _:
            yield from _target(document, model)


def _target(scaler: Document, model: Model) -> Iterator[Problem]:
    key = "targetRef" if scaler.type == _VERTICAL else "scaleTargetRef"
    target = scaler.at("spec", key)
    kind, name = target.text("kind"), target.at("name")
    if kind and name.text():
        type_ = type_of(target.text("apiVersion"), kind)
        yield from missing(name, model, type_, scaler.namespace, name.text())


def _pods(selector: Place, namespace: str, model: Model) -> Iterator[Problem]:
    """The problem that a selector finds no pod; an empty one is for those that may come."""
    value = selector.value
    if not isinstance(value, dict) or not (
        value.get("matchLabels") or value.get("matchExpressions")
    ):
        return
    if finds_no_pod(model, selector.document, namespace, value):
        yield selector.problem(f"no pod in {namespace or 'the set'} has {_told(value)}")


def _told(selector: Mapping[str, Any]) -> str:
    labels = selector.get("matchLabels")
    found = [f"{key}={value}" for key, value in labels.items()] if isinstance(labels, dict) else []
    if selector.get("matchExpressions"):
        found.append("what matchExpressions ask for")
    return ", ".join(found)


def _peers(policy: Document, model: Model) -> Iterator[Problem]:
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for rule in policy.each("spec", direction):
            for peer in rule.each(side):
                yield from _peer(peer, policy, model)


def _peer(peer: Place, policy: Document, model: Model) -> Iterator[Problem]:
    other = peer.at("namespaceSelector")
    if not other:
        yield from _pods(peer.at("podSelector"), policy.namespace, model)
        return
    labels = other.mapping("matchLabels")
    name = labels.get(_NAME_LABEL)
    if set(labels) != {_NAME_LABEL} or other.items("matchExpressions") or not isinstance(name, str):
        return  # several namespaces, by labels that may be set by hand
    if name not in model.namespaces and model.context.complete:
        yield other.problem(f"there is no Namespace {name!r}")
    elif name != _OF_THE_DISTRIBUTION:
        yield from _pods(peer.at("podSelector"), name, model)


def _monitored(monitor: Document, model: Model) -> Iterator[Problem]:
    selector = monitor.at("spec", "selector")
    namespaces = _namespaces(monitor)
    found = [
        service
        for namespace in namespaces
        for service in model.derived(_services).get(namespace, ())
        if selects(selector.value, service.labels)
    ]
    model.used.update(service for service in found if service.provided_by)
    if not found:
        if namespaces and all(decides(model, "Service", namespace) for namespace in namespaces):
            where = ", ".join(namespaces)
            yield selector.problem(f"no Service in {where} has {_told(selector.mapping())}")
        return
    names = {port.text("name") for service in found for port in service.each("spec", "ports")}
    for endpoint in monitor.each("spec", "endpoints"):
        port = endpoint.at("port")
        if port.text() and port.text() not in names:
            has = ", ".join(sorted(filter(None, names))) or "none with a name"
            yield port.problem(f"the Services have no port {port.text()!r}; they have {has}")


def _namespaces(monitor: Document) -> tuple[str, ...]:
    """Where it looks; none where that is everywhere."""
    chosen = monitor.at("spec", "namespaceSelector")
    if chosen.get("any") is True:
        return ()
    names = tuple(each.text() for each in chosen.each("matchNames") if each.text())
    return names or (monitor.namespace,)


def _services(model: Model) -> Mapping[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    declared = (each for each in model.provided if each.type == "Service")
    for service in (*model.of("Service"), *declared):
        found.setdefault(service.namespace, []).append(service)
    return found


_WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: whoami}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: web}}
  template:
    metadata: {labels: {app.kubernetes.io/name: web}}
    spec: {containers: [{name: web, image: "docker.io/traefik/whoami:v1.11.0"}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: whoami}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: whoami}
spec: {maxUnavailable: 1, selector: {matchLabels: {app.kubernetes.io/name: web}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: whoami}
spec:
  podSelector: {matchLabels: {app.kubernetes.io/name: web}}
  ingress:
  - from: [{podSelector: {matchLabels: {app.kubernetes.io/name: web}}}]
"""

SELECTED: Rule[Document] = Rule(
    id="G14",
    title="An autoscaler, budget, network policy or monitor finds what it is for",
    severity=Severity.P0,
    reason="What selects nothing does nothing and says nothing: the pods stay as many, unprotected "
    "or cut off.",
    source="kube-linter dangling-horizontalpodautoscaler, dangling-networkpolicy; kube-score",
    fix="Make name, labels and ports those of the workload.",
    exempt=Exempt.ANNOTATION,
    types=_TYPES,
    subjects=documents(*_TYPES),
    check=_finds,
    good=_WORKLOAD,
    bad=_WORKLOAD.replace("kind: Deployment, name: web", "kind: Deployment, name: wbe")
    .replace(
        "maxUnavailable: 1, selector: {matchLabels: {app.kubernetes.io/name: web",
        ("maxUnavailable: 1, selector: {matchLabels: {app.kubernetes.io/name: wbe"),
    )
    .replace(
        "  - from: [{podSelector: {matchLabels: {app.kubernetes.io/name: web",
        ("  - from: [{podSelector: {matchLabels: {app.kubernetes.io/name: wbe"),
    ),
)
