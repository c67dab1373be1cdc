"""P: the charts that the platform stands on, and APIs that go away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rules.platform import apis, charts, dex, longhorn, runners, vault

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = tuple(
    sorted(
        (
            *charts.RULES,
            *vault.RULES,
            *longhorn.RULES,
            *runners.RULES,
            *dex.RULES,
            *apis.RULES,
        ),
        key=lambda rule: rule.id,
    )
)
