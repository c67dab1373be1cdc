"""Judges YAML texts with the whole catalogue, as the gate does, but without schemas and synth."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lib.checks import catalogue
from lib.checks.document import File
from lib.checks.engine import judge
from lib.checks.loading import load
from lib.checks.model import Context, Model

if TYPE_CHECKING:
    from lib.checks.finding import Finding, Report

TODAY = dt.date(2026, 4, 1)


def model_of(*texts: str, context: Context | None = None) -> Model:
    """A model of some YAML files."""
    files = [File(f"{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    return Model(load(files).documents, context)


def judged(*texts: str, context: Context | None = None, as_of: dt.date = TODAY) -> Report:
    """Judge some YAML files, named 0.yaml, 1.yaml and so on."""
    files = [File(f"{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    loaded = load(files)
    return judge(
        [Model(loaded.documents, context)],
        catalogue.chosen([]),
        as_of=as_of,
        catalogue=catalogue.RULES,
        found=[loaded.found],
    )


def findings(rule: str, *texts: str, context: Context | None = None) -> tuple[Finding, ...]:
    """The findings of one rule."""
    report = judged(*texts, context=context)
    assert not report.crashed
    return tuple(finding for finding in report.findings if finding.rule == rule)
