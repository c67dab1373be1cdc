"""L: the login loop closes: Dex, its clients, routes, certificates and names agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = ()
