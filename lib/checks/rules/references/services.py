"""G12: a Service leads to pods, and to a port that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.pods import owners
from lib.checks.ports import ports_of, tells_all
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.references.lookup import finds_no_pod

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.pods import Pod


def _leads_to_pods(service: Document, model: Model) -> Iterator[Problem]:
    selector = service.at("spec", "selector")
    if not selector.mapping() or service.text("spec", "type") == "ExternalName":
        return
    found = model.behind(service)
    if not found:
        if finds_no_pod(model, service, service.namespace, {"matchLabels": selector.mapping()}):
            labels = ", ".join(f"{key}={value}" for key, value in selector.mapping().items())
            yield selector.problem(f"no pod in {service.namespace or 'the set'} has {labels}")
        return
    told = [pod for pod in found if pod.containers]  # a declared one may come without them
    for port in service.each("spec", "ports"):
        if told:
            yield from _port(port, told)


def _port(port: Place, pods: list[Pod]) -> Iterator[Problem]:
    """Of several workloads behind a Service, one that has the port is enough."""
    target = port.at("targetPort") or port.at("port")
    ports = {port for pod in pods for port in ports_of(pod)}
    if target.text():
        names = {name for name, _ in ports if name}
        if target.text() not in names and not target.text().isdigit():
            has = ", ".join(sorted(names)) or "none with a name"
            yield target.problem(f"{owners(pods)} has no port {target.text()!r}; it has {has}")
    elif isinstance(target.value, int):
        numbers = {number for _, number in ports}
        # Only where every container tells its ports is one that is not told not there.
        if target.value not in numbers and all(tells_all(pod) for pod in pods):
            has = ", ".join(str(number) for number in sorted(numbers))
            yield target.problem(
                f"{owners(pods)} declares no containerPort {target.value}, but {has}"
            )


PODS: Rule[Document] = Rule(
    id="G12",
    title="A Service selects pods, and its target ports are theirs",
    severity=Severity.P0,
    reason="Requests end nowhere: Traefik answers 503 or drops the route, and a client within the "
    "cluster waits until it gives up.",
    source="Kubernetes: Service, port definitions; kube-linter dangling-service",
    fix="Make the selector the pods' labels, and targetPort a port of their containers.",
    exempt=Exempt.ANNOTATION,
    types=("Service",),
    subjects=documents("Service"),
    check=_leads_to_pods,
    good="""\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: whoami}
spec:
  selector: {app.kubernetes.io/name: web}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami, labels: {app.kubernetes.io/name: web}}
spec:
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    ports: [{name: http, containerPort: 8080}]
""",
    bad="""\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: whoami}
spec:
  selector: {app.kubernetes.io/name: web}
  ports: [{name: http, port: 80, targetPort: web}]
---
apiVersion: v1
kind: Service
metadata: {name: nowhere, namespace: whoami}
spec:
  selector: {app.kubernetes.io/name: wbe}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami, labels: {app.kubernetes.io/name: web}}
spec:
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    ports: [{name: http, containerPort: 8080}]
""",
)
