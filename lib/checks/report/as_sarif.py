"""The report as SARIF 2.1.0, which code scanners and editors read.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lib.checks.catalogue import RULES

if TYPE_CHECKING:
    from lib.checks.finding import Finding, Report
    from lib.checks.rule import Rule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_sarif(report: Report) -> str:
    """Write one run with the rules that ran, a result per finding, and what crashed."""
    ids = list(report.examined)
    places = {id_: number for number, id_ in enumerate(ids)}
    run = {
        "tool": {"driver": {"name": "yagura", "rules": [_rule(RULES[id_]) for id_ in ids]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.crashed,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": line}} for line in report.crashed
                ],
            }
        ],
        "results": [_result(finding, places) for finding in report.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule[Any]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.reason},
        "help": {"text": f"{rule.fix} Source: {rule.source}."},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: Finding, places: dict[str, int]) -> dict[str, Any]:
    manifest = _location(finding.file, finding.line)
    manifest["logicalLocations"] = [
        {"fullyQualifiedName": f"{finding.object}{finding.pointer}", "kind": "resource"}
    ]
    what = f"{finding.rule} {finding.file} {finding.object} {finding.pointer} {finding.message}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": f"{finding.object}: {finding.message}. {finding.fix}"},
        "locations": [manifest],
        "partialFingerprints": {"finding/v1": hashlib.sha256(what.encode()).hexdigest()},
    }
    if finding.rule in places:
        result["ruleIndex"] = places[finding.rule]
    if finding.source:
        result["locations"] = [_location(finding.source.file, finding.source.line)]
        result["relatedLocations"] = [manifest]
    return result


def _location(file: str, line: int) -> dict[str, Any]:
    path = PurePath(file)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}
