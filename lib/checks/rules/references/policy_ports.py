"""G14: the ports that a NetworkPolicy opens are ports of the pods that it selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.pods import owners
from lib.checks.ports import opens, ports_of, tells_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem


def ports_are_theirs(policy: Document, model: Model) -> Iterator[Problem]:
    """The problems that what is opened is no port of any pod that is selected."""
    selector = policy.root.get("spec", "podSelector")
    pods = model.selected(policy.namespace, selector) if selector else []
    # One that a chart brings is declared without its containers.
    if not pods or not all(tells_all(pod) for pod in pods):
        return
    ports = sorted({port for pod in pods for port in ports_of(pod)}, key=lambda each: each[1])
    opened = [each for rule in policy.each("spec", "ingress") for each in rule.each("ports")]
    wrong = [each for each in opened if not any(opens(each, *port) for port in ports)]
    # What containers listen on they need not declare: in a part of a cluster only a policy that
    # opens none of their ports is a mistake.
    if not model.context.complete and len(wrong) < len(opened):
        return
    has = ", ".join(f"{number} ({name})" if name else str(number) for name, number in ports)
    for each in wrong:
        yield each.at("port").problem(
            f"{owners(pods)} has no port {each.get('port')!r}; it has {has}"
        )
