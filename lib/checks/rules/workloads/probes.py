"""W05: a pod gets requests when it can answer, and is restarted only when it never will."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity, pods

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.pods import Container, Pod

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
_RUNS_TO_AN_END = ("Job.batch", "CronJob.batch")


def _probed(pod: Pod, model: Model) -> Iterator[Problem]:
    running = [each for each in pod.containers if each.role == "main" or each.is_sidecar]
    for container in running:
        yield from _declared_ports(container)
        yield from _restarted_too_soon(container)
    if pod.document.type in _RUNS_TO_AN_END:
        return
    unready: dict[str, tuple[Container, str]] = {}
    for service in model.derived(_services).get(id(pod), ()):
        for container in _serving(service, running):
            unready.setdefault(container.pointer, (container, service.name))
    for container, name in unready.values():
        yield container.at("readinessProbe").problem(
            f"Service {name} sends requests to container {container.name} before it is ready"
        )


def _services(model: Model) -> Mapping[int, Sequence[Document]]:
    """The Services that send to each pod template, and only when it is ready."""
    found: dict[int, list[Document]] = defaultdict(list)
    for service in model.of("Service"):
        if service.root.get("spec", "publishNotReadyAddresses") is not True:
            for pod in model.behind(service):
                found[id(pod)].append(service)
    return found


def _serving(service: Document, running: Sequence[Container]) -> list[Container]:
    """The containers without readiness probe that get a Service's requests.

    Where no container declares the port it can be any of them, and a probe of one is enough.
    """
    found: dict[str, Container] = {}
    for port in service.each("spec", "ports"):
        target = port.get("targetPort") or port.get("port")
        owners = [each for each in running if _listens(each, target)]
        if not owners and not any(each.get("readinessProbe") for each in running):
            owners = list(running[:1])
        found.update({each.pointer: each for each in owners if not each.get("readinessProbe")})
    return list(found.values())


def _listens(container: Container, target: Any) -> bool:
    key = "name" if isinstance(target, str) else "containerPort"
    return any(port.get(key) == target for port in container.each("ports"))


def _declared_ports(container: Container) -> Iterator[Problem]:
    ports = [*container.each("ports")]
    declared = {str(port.get(key)) for port in ports for key in ("name", "containerPort")}
    for probe in _PROBES:
        for handler in ("httpGet", "tcpSocket"):
            port = container.at(probe, handler, "port")
            named = isinstance(port.value, str) and not port.value.isdecimal()
            # A number works undeclared; beside declared ones it is more likely the wrong one.
            if port and (named or ports) and str(port.value) not in declared:
                if container.text(probe, handler, "host"):
                    continue
                yield port.problem(
                    f"{probe} of container {container.name} asks port {port.value}, "
                    "which the container does not declare"
                )


def _restarted_too_soon(container: Container) -> Iterator[Problem]:
    alive, ready = container.at("livenessProbe"), container.at("readinessProbe")
    same = [alive.get(handler) == ready.get(handler) for handler in _HANDLERS]
    given = any(alive.get(handler) for handler in _HANDLERS)
    if given and all(same) and _patience(alive) <= _patience(ready):
        yield alive.problem(
            f"container {container.name} is restarted as soon as it is not ready: "
            "livenessProbe asks the same as readinessProbe, and has no more patience"
        )


def _patience(probe: Place) -> int:
    """Seconds of failures until it acts."""
    period, failures = probe.get("periodSeconds"), probe.get("failureThreshold")
    return (period if isinstance(period, int) else 10) * (
        failures if isinstance(failures, int) else 3
    )


_GOOD = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: whoami}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
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
        ports: [{name: http, containerPort: 80}]
        readinessProbe: {httpGet: {path: /health, port: http}}
        livenessProbe: {tcpSocket: {port: http}, failureThreshold: 6}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W05",
        title="A pod behind a Service has a readiness probe, and none that restarts it too soon",
        severity=Severity.P1,
        reason="Without it each rollout sends requests to pods that cannot answer yet; a liveness "
        "probe of the same kind restarts all pods at once when they are merely busy.",
        source="Kubernetes: Configure Liveness, Readiness and Startup Probes; kube-score "
        "pod-probes; kube-linter readiness-port, liveness-port",
        fix="Add a readinessProbe; let livenessProbe ask for less, or fail more often before it "
        "acts; ask a port that the container declares.",
        exempt=Exempt.ANNOTATION,
        types=tuple(TEMPLATES),
        subjects=pods,
        check=_probed,
        good=_GOOD,
        bad=_GOOD.replace("        readinessProbe: {httpGet: {path: /health, port: http}}\n", ""),
    ),
)
