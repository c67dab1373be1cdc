"""N: which pods can be reached, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rules.network import isolation, ways

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = (*isolation.RULES, ways.LET_IN)
