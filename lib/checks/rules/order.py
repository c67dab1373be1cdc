"""G16 and G17: what is needed comes up before what needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = ()
