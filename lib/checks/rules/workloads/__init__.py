"""W: pods that are confined, reproducible, sized and able to move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rules.workloads import (
    account,
    availability,
    disruption,
    host_paths,
    images,
    jobs,
    names,
    pod_security,
    probes,
    resources,
    scaling,
    selectors,
    streams,
)

if TYPE_CHECKING:
    from lib.checks.rule import Rule

_MODULES = (
    pod_security,
    images,
    resources,
    probes,
    account,
    availability,
    disruption,
    scaling,
    selectors,
    jobs,
    host_paths,
    names,
    streams,
)
RULES: tuple[Rule[Any], ...] = tuple(
    sorted((rule for module in _MODULES for rule in module.RULES), key=lambda rule: rule.id)
)
