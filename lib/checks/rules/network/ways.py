"""N03: the pods that a route leads to let somebody in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.beside import decides_beside
from lib.checks.charts import charts
from lib.checks.kinds import INGRESS, NETWORK_POLICY
from lib.checks.network_policies import for_ingress, is_for, is_for_all
from lib.checks.pods import owners
from lib.checks.ports import opens, port_of, ports_of
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.network.isolation import OTHERS
from lib.checks.traefik_objects import HTTP_ROUTES, TCP_ROUTES, backends

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.pods import Pod

_TYPES = (*HTTP_ROUTES, *TCP_ROUTES, INGRESS)
# Since 1.12 its components have policies of its own, which no value has to ask for.
_HAS_POLICIES = frozenset({"longhorn"})


def _let_in(route: Document, model: Model) -> Iterator[Problem]:
    if model.of(*OTHERS):
        return
    for name, port, namespace in _services(route):
        service = model.get("Service", namespace, name.text())
        if service is None or service.text("spec", "type") == "ExternalName":
            continue
        closing = model.derived(for_ingress).get(namespace, ())
        if service.provided_by and not service.at("spec", "selector"):
            if _is_shut(service, closing, model):
                yield name.problem(
                    f"no NetworkPolicy in {namespace} lets anybody in, and one closes all of it"
                )
            continue
        pods = [pod for pod in model.behind(service) if pod.containers]
        if pods and all(_refuses(pod, service, port, closing, model) for pod in pods):
            yield name.problem(
                f"{owners(pods)} is closed by a NetworkPolicy, and none lets anybody in at the "
                f"port {port.value} of {name.text()}"
            )


def _services(route: Document) -> Iterator[tuple[Place, Place, str]]:
    """Where a route names a Service and the port, and the Service's namespace."""
    if route.type != INGRESS:
        for each in backends(route):
            if each.type == "Service" and each.backend is not None:
                yield each.place, each.backend.at("port"), each.namespace
        return
    for rule in route.each("spec", "rules"):
        for path in rule.each("http", "paths"):
            service = path.at("backend", "service")
            key = "name" if service.text("port", "name") else "number"
            yield service.at("name"), service.at("port", key), route.namespace


def _is_shut(service: Document, closing: Sequence[Document], model: Model) -> bool:
    """Whether nothing is let into the namespace of a chart's Service, by the chart neither."""
    if not model.context.complete or not any(is_for_all(policy) for policy in closing):
        return False
    beside = [each for each in model.derived(charts) if each.namespace == service.namespace]
    if any(_has_policies(chart) for chart in beside):
        return False
    return not any(policy.root.items("spec", "ingress") for policy in closing)


def _has_policies(chart: Chart) -> bool:
    """Whether a chart brings policies of its own, or may bring them."""
    if chart.name in _HAS_POLICIES or not chart.complete:
        return True
    stack = [chart.values]
    while stack:
        for key, place in stack.pop().fields():
            if "networkpolic" in key.lower() and True in {*_switches(place)}:
                return True
            stack.append(place)
    return False


def _switches(place: Place) -> Iterator[object]:
    yield place.value if isinstance(place.value, bool) else None
    yield from (below.value for _, below in place.fields() if isinstance(below.value, bool))


def _refuses(
    pod: Pod, service: Document, port: Place, closing: Sequence[Document], model: Model
) -> bool:
    """Whether policies close a pod and none of them lets anybody in at a Service's port."""
    if pod.get("hostNetwork") is True or not decides_beside(model, NETWORK_POLICY, pod.document):
        return False
    about = [each for each in closing if is_for(each, pod.labels)]
    targets = _targets(pod, service, port)
    rules = [rule for policy in about for rule in policy.each("spec", "ingress")]
    return bool(about) and not any(_opens(rule, targets) for rule in rules)


def _targets(pod: Pod, service: Document, port: Place) -> list[tuple[str, int]] | None:
    """The pod's ports that a Service's port leads to; None where that cannot be told."""
    its_own = port_of(service, port.value)
    if its_own is None:
        return None
    target = its_own.get("targetPort") or its_own.get("port")
    found = [item for item in ports_of(pod) if target in item]
    if isinstance(target, int):
        return found or [("", target)]
    return found or None


def _opens(rule: Place, targets: list[tuple[str, int]] | None) -> bool:
    entries = [*rule.each("ports")]
    if targets is None or not entries:
        return True
    return any(opens(entry, *target) for entry in entries for target in targets)


_GOOD = """\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: whoami}
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: whoami}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress: [{ports: [{port: 8080}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami, labels: {app: web}}
spec:
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: whoami}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`whoami.festival.example`)
    services: [{name: web, port: http}]
  tls: {}
"""

LET_IN: Rule[Document] = Rule(
    id="N03",
    title="The pods that a route leads to are let in to",
    severity=Severity.P0,
    reason="Policies add up to what is let in: where one closes a pod and none opens the port, "
    "Traefik waits in vain, and visitors get 504.",
    source="Kubernetes: Network Policies, isolation for ingress",
    fix="Add a NetworkPolicy that selects the pods and lets Traefik in at the port of the pods.",
    exempt=Exempt.ANNOTATION,
    types=_TYPES,
    subjects=documents(*_TYPES),
    check=_let_in,
    good=_GOOD,
    bad=_GOOD.replace("[{port: 8080}]", "[{port: 80}]"),
)
