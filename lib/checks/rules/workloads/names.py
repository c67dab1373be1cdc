"""W14: a name is given once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.pods import TEMPLATES, Pod
from lib.checks.rule import Exempt, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.pods import Container


def _subjects(model: Model) -> Iterable[Document | Pod]:
    return (*model.pods, *model.of("Service"))


def _once(subject: Document | Pod, _: Model) -> Iterator[Problem]:
    if isinstance(subject, Pod):
        yield from _in_pod(subject)
        return
    yield from _repeated("port name", subject.each("spec", "ports"), "name")
    seen: set[tuple[str, str]] = set()
    for port in subject.each("spec", "ports"):
        number = port.at("port")
        key = (str(number.value), port.text("protocol") or "TCP")
        if number and key in seen:
            yield number.problem(f"port {key[0]} ({key[1]}) is there already")
        seen.add(key)


def _in_pod(pod: Pod) -> Iterator[Problem]:
    yield from _repeated("container name", pod.containers, "name")
    yield from _repeated("volume name", pod.each("volumes"), "name")
    for container in pod.containers:
        of = f" of container {container.name}"
        yield from _repeated("variable", container.each("env"), "name", of)
        yield from _repeated("port name", container.each("ports"), "name", of)
        yield from _repeated("mount path", container.each("volumeMounts"), "mountPath", of)
    yield from _same_port(pod.containers)


def _repeated(what: str, places: Iterable[Place], key: str, of: str = "") -> Iterator[Problem]:
    seen: set[str] = set()
    for place in places:
        name = place.text(key)
        if name and name in seen:
            yield place.at(key).problem(f"the {what} {name}{of} is there already")
        seen.add(name)


def _same_port(containers: Iterable[Container]) -> Iterator[Problem]:
    """Containers that run at the same time share one network."""
    seen: dict[tuple[str, str], str] = {}
    for container in containers:
        if container.role == "main" or container.is_sidecar:
            for port in container.each("ports"):
                number = port.at("containerPort")
                key = (str(number.value), port.text("protocol") or "TCP")
                if number and key in seen:
                    yield number.problem(
                        f"port {key[0]} ({key[1]}) is container {seen[key]}'s already"
                    )
                seen.setdefault(key, container.name)


_GOOD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami}
spec:
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    env: [{name: LEVEL, value: info}, {name: FORMAT, value: json}]
    ports: [{name: http, containerPort: 80}, {name: metrics, containerPort: 9090}]
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W14",
        title="Containers, variables, ports, volumes and mount paths are there once",
        severity=Severity.P1,
        reason="Of two variables the last one counts; the rest the API server refuses, or "
        "server-side apply cannot merge.",
        source="Kubernetes API: the map keys of PodSpec, Container and ServiceSpec; kube-linter "
        "duplicate-env-var",
        fix="Remove or rename one of the two.",
        exempt=Exempt.NEVER,
        types=(*TEMPLATES, "Service"),
        subjects=_subjects,
        check=_once,
        good=_GOOD,
        bad=_GOOD.replace("name: FORMAT", "name: LEVEL"),
    ),
)
