"""The report for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.checks.finding import Finding, Report


def as_json(report: Report) -> str:
    """Write ``{"findings": [...], "rules": [{"rule", "examined"}], "objects": N}``."""
    value = {
        "findings": [_finding(finding) for finding in report.findings],
        "rules": [{"rule": id_, "examined": number} for id_, number in report.examined.items()],
        "objects": report.objects,
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    source = finding.source
    found = {
        "rule": finding.rule,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "document": finding.document,
        "apiVersion": finding.api_version,
        "kind": finding.kind,
        "namespace": finding.namespace,
        "name": finding.name,
        "pointer": finding.pointer,
        "message": finding.message,
        "fix": finding.fix,
        "source": {"file": source.file, "line": source.line} if source else None,
    }
    return found | ({"fingerprint": finding.fingerprint} if finding.fingerprint else {})
