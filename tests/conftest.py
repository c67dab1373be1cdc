"""What tests of several folders share: a copy of the project, and a line for what is not run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.synth.project import pristine, project

if TYPE_CHECKING:
    from pytest import TerminalReporter  # noqa: PT013 - for its type alone

__all__ = ["pristine", "project"]


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say once for each reason how many tests were not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, number in sorted(reasons.items()):
        terminalreporter.write_line(f"not run: {number} tests: {reason}")
