"""The report as GitHub's workflow commands: an annotation on each Python line.

Source: "Workflow commands for GitHub Actions"; the escapes are those of actions/toolkit
(packages/core/src/command.ts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.checks.finding import Finding, Report

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_DATA, ":": "%3A", ",": "%2C"}


def as_github(report: Report) -> str:
    """Write one command per finding, and one per rule that crashed."""
    crashes = [f"::error::{_escaped(line, _IN_DATA)}" for line in report.crashed]
    return "".join(f"{line}\n" for line in [*map(_command, report.findings), *crashes])


def _command(finding: Finding) -> str:
    file, line = finding.source or (finding.file, finding.line)
    title = f"{finding.rule} {finding.object}"
    properties = ",".join(
        f"{key}={_escaped(str(value), _IN_PROPERTY)}"
        for key, value in (("file", file), ("line", line), ("title", title))
    )
    where = f"{finding.file}:{finding.line} {finding.pointer}".rstrip()
    text = f"{finding.message}\n{where}\nFix: {finding.fix}"
    return f"::{_COMMANDS[finding.severity]} {properties}::{_escaped(text, _IN_DATA)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
