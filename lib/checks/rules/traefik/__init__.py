"""T: routes that are encrypted, unambiguous, and within what an app may reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rules.traefik import (
    dashboard,
    encryption,
    entry_points,
    hosts,
    names,
    tls,
    values,
)

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = (
    encryption.ENCRYPTED,
    dashboard.GUARDED,
    names.OWN_NAMESPACE,
    tls.OPTIONS,
    hosts.ONE_HOST,
    names.KNOWN_BACKENDS,
    values.CLOSED,
    entry_points.READ,
)
