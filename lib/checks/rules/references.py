"""G08 to G15: what an object names is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = ()
