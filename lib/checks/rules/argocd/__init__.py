"""A: what Argo CD may do, and that it does neither too much nor nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rules.argocd import applications, contents, permissions, projects, roles, settings

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = tuple(
    sorted(
        (
            *projects.RULES,
            *permissions.RULES,
            *applications.RULES,
            *contents.RULES,
            *settings.RULES,
            *roles.RULES,
        ),
        key=lambda rule: rule.id,
    )
)
