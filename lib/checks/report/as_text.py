"""The report for people: by the Python line to change, then what is wrong and what to do."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.finding import Finding, Report


def as_text(report: Report) -> str:
    """Write a paragraph per Python line and object; empty where there is no finding."""
    lines: list[str] = []
    findings = sorted(report.findings, key=lambda finding: (_place(finding), finding.order))
    for (file, line, object_, manifest), group in groupby(findings, _title):
        lines.append(f"{file}:{line}  {object_}" + ("" if manifest == file else f"  {manifest}"))
        for finding in group:
            lines += _lines(finding)
        lines.append("")
    return "".join(f"{line}\n" for line in lines)


def _place(finding: Finding) -> tuple[str, int]:
    return finding.source or (finding.file, finding.line)


def _title(finding: Finding) -> tuple[str, int, str, str]:
    return *_place(finding), finding.object, finding.file


def _lines(finding: Finding) -> Iterator[str]:
    where = f" {finding.pointer}" if finding.pointer else ""
    yield f"  {finding.severity} {finding.rule} line {finding.line}{where}"
    yield f"    {finding.message}"
    yield f"    fix: {finding.fix}"
    if finding.fingerprint:
        yield f"    fingerprint: {finding.fingerprint}"
