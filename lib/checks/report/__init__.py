"""The report for whoever reads it: a person, a program, GitHub, a code scanner."""

from lib.checks.report.as_github import as_github
from lib.checks.report.as_json import as_json
from lib.checks.report.as_sarif import as_sarif
from lib.checks.report.as_text import as_text

__all__ = ["as_github", "as_json", "as_sarif", "as_text"]
