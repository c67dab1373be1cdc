"""X: exceptions and declarations say what they are for, still hold, and are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.provided import FILE, installed
from lib.checks.rule import By, Exempt, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_SOURCE = "kube-linter and checkov ask for a reason; an end and a use are a judgement"
_GOOD = """\
apiVersion: v1
kind: Secret
metadata:
  name: robot
  namespace: whoami
  annotations:
    kubernetes.io/service-account.name: robot
    policy.yagura/exempt.S10: "the scanner asks for no short token; until=2099-12-31; ref=OPS-1"
type: kubernetes.io/service-account-token
"""


def _declared(model: Model) -> Iterable[Document]:
    return model.provided if model.context.complete else ()


def _of_installed_chart(declared: Document, model: Model) -> Iterator[Problem]:
    charts = model.derived(installed)
    if declared.provided_by not in charts:
        name = declared.provided_by.partition(" ")[0]
        others = sorted(chart for chart in charts if chart.startswith(f"{name} "))
        meant = f"; there is {others[0]}" if others else ""
        yield declared.root.problem(f"{declared.provided_by} is not installed{meant}")


def _rule(  # noqa: PLR0917 - a row of the table below
    id_: str, title: str, reason: str, fix: str, good: str, bad: str
) -> Rule[Any]:
    return Rule(
        id=id_,
        title=title,
        severity=Severity.P0,
        reason=reason,
        source=_SOURCE,
        fix=fix,
        exempt=Exempt.NEVER,
        by=By.ENGINE,
        good=good,
        bad=bad,
    )


RULES: tuple[Rule[Any], ...] = (
    _rule(
        "X01",
        "An exception gives a reason, an end and a reference",
        "Without them nobody can tell later whether it is still needed.",
        'Write "<reason of 15 characters or more>; until=YYYY-MM-DD; ref=<issue>".',
        _GOOD,
        _GOOD.replace("the scanner asks for no short token", "legacy"),
    ),
    _rule(
        "X02",
        "An exception names one rule that there is",
        "A wildcard also hides what nobody has looked at yet, and a wrong id hides nothing.",
        "Name one rule; yagura explain lists them.",
        _GOOD,
        _GOOD.replace("exempt.S10", "exempt.S100"),
    ),
    _rule(
        "X03",
        "An exception has not ended",
        "Its reason was good until that day.",
        "Put the object right, or give a new end that somebody stands for.",
        _GOOD,
        _GOOD.replace("2099-12-31", "2020-12-31"),
    ),
    _rule(
        "X04",
        "An exception is used",
        "It would hide the next fault of the same kind.",
        "Remove the exception.",
        _GOOD,
        _GOOD.replace("type: kubernetes.io/service-account-token\n", "type: Opaque\n"),
    ),
    _rule(
        "X05",
        "A rule allows the exception, in the place where it is written",
        "Some rules hold without exception, and some findings no annotation can follow.",
        "Put the object right, or write the exception where the rule allows it.",
        _GOOD,
        _GOOD.replace("exempt.S10", "exempt.Y03"),
    ),
    _rule(
        "X06",
        f"What {FILE} declares is needed",
        "A declaration that nothing needs would hide the next reference that leads nowhere.",
        "Remove the declaration.",
        "",
        "",
    ),
    Rule(
        id="X07",
        title=f"What {FILE} declares is of a chart that is installed, in that version",
        severity=Severity.P0,
        reason="Another version may make other objects.",
        source="a judgement",
        fix="Look at what the installed version makes, and correct the declaration.",
        exempt=Exempt.NEVER,
        subjects=_declared,
        check=_of_installed_chart,
    ),
)
