"""``yagura explain``: one rule in full, or all of them by title."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from lib.checks import catalogue
from lib.checks.policies import exemption, policies

if TYPE_CHECKING:
    from lib.checks.rule import Rule


def explain(id_: str | None, *, whole: bool = False) -> int:
    """Print a rule, or the list of all, or all that there is to read as docs/policies.md.

    Raises:
        ConfigError: There is no such rule.
    """
    if whole:
        sys.stdout.write(policies())
        return 0
    if id_ is None:
        for family in catalogue.FAMILIES:
            if family.rules:
                sys.stdout.write(f"{family.title}\n")
            for rule in family.rules:
                sys.stdout.write(f"  {rule.id}  {rule.severity.name}  {rule.title}\n")
        return 0
    for rule in catalogue.chosen([id_]):
        sys.stdout.write(_text(rule))
    return 0


def _text(rule: Rule[Any]) -> str:
    lines = [
        f"{rule.id}  {rule.title}",
        f"  severity   {rule.severity.name}, {rule.severity.value}",
        f"  why        {rule.reason}",
        f"  source     {rule.source}",
        f"  fix        {rule.fix}",
        f"  exception  {exemption(rule)}",
    ]
    for title, example in (("good", rule.good), ("bad", rule.bad)):
        if example:
            lines += ["", f"  {title}:", *(f"    {line}" for line in example.splitlines())]
    return "".join(f"{line}\n" for line in [*lines, ""])
