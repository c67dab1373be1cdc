"""W04 and W06: what a container reserves, and where it may write."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity, containers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.pods import Container

_NOTHING = (None, "", 0, "0")
_QUANTITY = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?P<unit>m|[KMGTPE]i|[kMGTPE])?")
_UNITS: dict[str | None, Decimal] = {
    None: Decimal(1),
    "m": Decimal("0.001"),
    "k": Decimal(1000),
    **{unit: Decimal(1000) ** power for power, unit in enumerate("MGTPE", 2)},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)},
}


def reserves(container: Container, resource: str, model: Model) -> bool:
    """Whether CPU or memory is reserved: by the container, its pod, or its namespace's default.

    Where only a limit is given Kubernetes reserves as much.
    """
    return f"requests.{resource}" in _given(container, model) or any(
        owner.get("resources", kind, resource) not in _NOTHING
        for owner in (container, container.pod)
        for kind in ("requests", "limits")
    )


def _sized(container: Container, model: Model) -> Iterator[Problem]:
    if container.role == "ephemeral":  # they may not have any
        return
    missing = [
        f"reserves no {resource}"
        for resource in ("cpu", "memory")
        if not reserves(container, resource, model)
    ]
    limits = [owner.get("resources", "limits", "memory") for owner in (container, container.pod)]
    if all(limit in _NOTHING for limit in limits) and (
        "limits.memory" not in _given(container, model)
    ):
        missing.append("has no limit of memory")
    if missing:
        place = container.at("resources")
        yield place.problem(f"container {container.name} {' and '.join(missing)}")
    yield from _fits(container)


def _fits(container: Container) -> Iterator[Problem]:
    for resource, limit in container.fields("resources", "limits"):
        request = container.get("resources", "requests", resource)
        most, least = _amount(limit.value), _amount(request)
        if most is not None and least is not None and least > most:
            yield limit.problem(
                f"container {container.name} reserves {request} of {resource}, more than its "
                f"limit of {limit.value}: no such pod is started"
            )


def _amount(quantity: object) -> Decimal | None:
    """A quantity as a number; None where it is none, or written with an exponent."""
    match = _QUANTITY.fullmatch(str(quantity))
    return Decimal(match["number"]) * _UNITS[match["unit"]] if match else None


def _given(container: Container, model: Model) -> frozenset[str]:
    return model.derived(_defaults).get(container.pod.namespace, frozenset())


def _defaults(model: Model) -> Mapping[str, frozenset[str]]:
    """What the LimitRanges of a namespace give to containers that say nothing themselves."""
    found: dict[str, set[str]] = {}
    for document in model.of("LimitRange"):
        names = found.setdefault(document.namespace, set())
        for limit in document.each("spec", "limits"):
            if limit.text("type") == "Container":
                names |= {f"limits.{key}" for key in limit.mapping("default")}
                reserved = limit.mapping("default") | limit.mapping("defaultRequest")
                names |= {f"requests.{key}" for key in reserved}
    return {namespace: frozenset(names) for namespace, names in found.items()}


def _read_only(container: Container, _: Model) -> Iterator[Problem]:
    if container.role == "ephemeral" or container.pod.text("os", "name") == "windows":
        return
    flag = container.at("securityContext", "readOnlyRootFilesystem")
    if flag.value is not True:
        yield flag.problem(f"container {container.name} can write to its root file system")


_SIZED = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami}
spec:
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    resources:
      requests: {cpu: 10m, memory: 32Mi}
      limits: {memory: 32Mi}
"""
_READ_ONLY = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami}
spec:
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    securityContext: {readOnlyRootFilesystem: true}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W04",
        title="A container reserves CPU and memory, and has a limit of memory",
        severity=Severity.P1,
        reason="The scheduler puts what reserves nothing anywhere, it is the first to be evicted, "
        "and without a limit one leak takes the node.",
        source="Kubernetes: Resource Management for Pods and Containers; kube-linter "
        "unset-cpu-requirements, unset-memory-requirements",
        fix="Give resources.requests cpu and memory, and resources.limits memory.",
        exempt=Exempt.ANNOTATION,
        types=tuple(TEMPLATES),
        subjects=containers,
        check=_sized,
        good=_SIZED,
        bad=_SIZED.replace("      limits: {memory: 32Mi}\n", ""),
    ),
    Rule(
        id="W06",
        title="A container cannot write to its root file system",
        severity=Severity.P2,
        reason="Who breaks in cannot change the program or leave another one behind.",
        source="kube-linter no-read-only-root-fs; polaris notReadOnlyRootFilesystem",
        fix="Set securityContext.readOnlyRootFilesystem, and mount an emptyDir where it writes.",
        exempt=Exempt.ANNOTATION,
        types=tuple(TEMPLATES),
        subjects=containers,
        check=_read_only,
        good=_READ_ONLY,
        bad=_READ_ONLY.replace("true", "false"),
    ),
)
