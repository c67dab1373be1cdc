"""docs/policies.md: the catalogue as a page, from nothing but the rules themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.catalogue import FAMILIES
from lib.checks.exceptions import FILE, PREFIX, SHORTEST_REASON
from lib.checks.provided import FILE as PROVIDED
from lib.checks.rule import Exempt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.rule import Rule

_HEADING = f"""\
# The rules of the gate

Written by `make docs` from `lib/checks/rules/`; `yagura explain ID` prints one rule.

Every finding ends `yagura check` with 2, whatever its severity: P0 breaks the cluster or opens it,
P1 will do so some day, P2 makes work.

An exception is an annotation on the object, `{PREFIX}<ID>: "<reason>; until=YYYY-MM-DD;
ref=<issue>"`, or, where the rule says so, an entry in `{FILE}` with `id`, `kind`, `namespace`,
`name`, `reason`, `until`, `ref`, and the `fingerprint` where the finding gives one. The reason has
{SHORTEST_REASON} characters or more; `until` is its last day. `yagura check --exceptions` lists
all of them.

What Helm charts bring, and our own objects refer to, is declared in `{PROVIDED}`.
"""


def policies() -> str:
    """Write the page."""
    return "\n".join([_HEADING, *_table(), *_sections()])


def exemption(rule: Rule[Any]) -> str:
    """Say how an exception from a rule is written."""
    if rule.exempt is Exempt.NEVER:
        return "none is allowed"
    if rule.exempt is Exempt.FILE:
        return f"an entry in {FILE}"
    return f'{PREFIX}{rule.id}: "<reason>; until=YYYY-MM-DD; ref=<issue>" on the object'


def _table() -> Iterator[str]:
    yield "| | Rule | Severity |"
    yield "|---|---|---|"
    for family in FAMILIES:
        for rule in family.rules:
            yield f"| [{rule.id}](#{rule.id.lower()}) | {rule.title} | {rule.severity.name} |"
    yield ""


def _sections() -> Iterator[str]:
    for family in FAMILIES:
        if family.rules:
            yield f"## {family.title}\n"
        for rule in family.rules:
            yield from _section(rule)


def _section(rule: Rule[Any]) -> Iterator[str]:
    yield f"### {rule.id}\n"
    yield f"**{rule.title}.** {rule.reason} {rule.fix}\n"
    exception = exemption(rule).replace("<", "\\<")
    yield f"Severity: {rule.severity.name}. Exception: {exception}. Source: {rule.source}.\n"
    for title, example in (("Good", rule.good), ("Bad", rule.bad)):
        if example:
            yield f"{title}:\n\n```yaml\n{example}```\n"
