"""``yagura check`` and ``yagura explain``."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.checks import catalogue
from lib.checks.engine import judge
from lib.checks.report import as_github, as_json, as_sarif, as_text
from lib.checks.rule import Severity
from lib.errors import ConfigError
from lib.gate import remembered
from lib.gate.foreign import given
from lib.gate.own import Judged, own
from lib.gate.policy_files import policy_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lib.checks.document import Document
    from lib.checks.finding import Report

KUBERNETES = "1.36"
OUTPUTS = {"text": as_text, "json": as_json, "github": as_github, "sarif": as_sarif}


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asks for; see ``yagura check --help``."""

    paths: tuple[Path, ...] = ()
    cluster: str | None = None
    rules: str = ""
    output: str = "text"
    kubernetes: str = KUBERNETES
    as_of: str | None = None
    exceptions: bool = False
    cache: bool = True

    @property
    def whole(self) -> bool:
        """Whether all of dist/ is judged by all rules."""
        return not (self.paths or self.cluster or self.rules)


def check(project: Path, options: Options, *, started: int) -> int:
    """Judge dist/, or the paths that are given, and print the report.

    Args:
        project: The checkout.
        options: What is asked for.
        started: When the run began, in nanoseconds.

    Returns:
        0, 2 for findings, 3 for drift, 5 for a rule that crashed.
    """
    rules = catalogue.chosen(part for part in options.rules.split(",") if part.strip())
    as_of = _day(options.as_of)
    policy = policy_files(project)
    judged = _judged(project, options, policy.provided)
    report = judge(
        judged.models,
        rules,
        as_of=as_of,
        catalogue=catalogue.RULES,
        exceptions_file=policy.exceptions,
        found=judged.found,
    )
    if options.whole:
        _remember(project, report, judged, options, started=started, as_of=as_of)
    if options.exceptions:
        _list_exceptions(report)
        return report.exit_code
    sys.stdout.write(OUTPUTS[options.output](report))
    sys.stdout.flush()
    _conclude(report)
    return report.exit_code


def _remember(
    project: Path,
    report: Report,
    judged: Judged,
    options: Options,
    *,
    started: int,
    as_of: dt.date,
) -> None:
    if judged.synthesis is None:
        return
    with suppress(OSError):  # what cannot be remembered is only slower
        remembered.remember(
            project,
            report,
            judged.synthesis,
            judged.files,
            started=started,
            day=as_of.isoformat(),
            kubernetes=options.kubernetes,
        )


def _judged(project: Path, options: Options, provided: Sequence[Document]) -> Judged:
    cluster, kubernetes = options.cluster, options.kubernetes
    if not options.paths:
        return own(
            project,
            cluster=cluster,
            kubernetes=kubernetes,
            provided=provided,
            cache=options.cache,
        )
    return given(project, options.paths, cluster=cluster, kubernetes=kubernetes, provided=provided)


def _day(given: str | None) -> dt.date:
    """The day for which exceptions have to be valid: the only thing that depends on a clock."""
    if given is None:
        return dt.datetime.now(tz=dt.UTC).date()
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise ConfigError(f"--as-of {given}: give a day as YYYY-MM-DD") from None


def _conclude(report: Report) -> None:
    for line in report.crashed:
        sys.stderr.write(f"yagura: {line}\n")
    counts = [
        f"{number} {severity.value}{'s' if number != 1 else ''}"
        for severity in Severity
        if (number := report.count(severity))
    ]
    examined = sum(number > 0 for number in report.examined.values())
    sys.stderr.write(
        f"{report.objects} objects, {len(report.examined)} rules ({examined} of them had something "
        f"to examine): {', '.join(counts) or 'no findings'}\n"
    )


def _list_exceptions(report: Report) -> None:
    for each in report.exemptions:
        place = each.place
        line = place.document.line(place.pointer)
        kind, namespace, name = each.target
        object_ = "/".join(part for part in (kind, namespace, name) if part)
        sys.stdout.write(
            f"{each.rule}  {object_}  until {each.until}  {each.ref}\n"
            f"  {each.reason}\n  {place.document.file.name}:{line}\n"
        )
