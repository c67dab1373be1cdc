"""Ports: those that pods declare, that a Service leads to, and that a NetworkPolicy opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.place import Place
    from lib.checks.pods import Pod


def ports_of(pod: Pod) -> Iterator[tuple[str, int]]:
    """Name (which may be empty) and number of each port that the containers declare."""
    for container in pod.containers:
        for port in container.each("ports"):
            number = port.get("containerPort")
            if isinstance(number, int):
                yield port.text("name"), number


def tells_all(pod: Pod) -> bool:
    """Whether every container declares its ports: then one that is not declared is not there."""
    main = [container for container in pod.containers if container.role == "main"]
    return bool(main) and all(container.items("ports") for container in main)


def port_of(service: Document, wanted: Any) -> Place | None:
    """The port of a Service that a route means: by its number, or by its name."""
    ports = service.each("spec", "ports")
    return next((each for each in ports if wanted in (each.get("port"), each.text("name"))), None)


def opens(entry: Place, name: str, number: int) -> bool:
    """Whether one entry of a policy's ``ports`` is about this port of a pod."""
    port, last = entry.get("port"), entry.get("endPort")
    if isinstance(port, int):
        return port <= number <= (last if isinstance(last, int) else port)
    return port is None or port == name
