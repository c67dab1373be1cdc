"""T: what the world reaches, and how it is protected on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = ()
