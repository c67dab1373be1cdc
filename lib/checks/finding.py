"""A finding: a rule that one place breaks, with all that a person or a program needs to act."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.checks.exceptions import Exemption
    from lib.checks.place import Problem
    from lib.checks.rule import Rule, Severity
    from lib.manifests import Source


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        rule: The rule's id.
        severity: ``error``, ``warning`` or ``note``.
        file: The file that holds the object.
        line: The line in it, from 1.
        document: The document in it, from 0.
        api_version, kind, namespace, name: The object; empty where there is none.
        pointer: The JSON pointer within the document.
        message: What is there, and what should be.
        fix: What to do.
        source: The Python line that made the object; None where it is not known.
        fingerprint: Of a value that is not shown; empty for most rules.
    """

    rule: str
    severity: str
    file: str
    line: int
    document: int
    api_version: str
    kind: str
    namespace: str
    name: str
    pointer: str
    message: str
    fix: str
    source: Source | None = None
    fingerprint: str = ""

    @classmethod
    def of(cls, rule: Rule[Any], problem: Problem) -> Finding:
        """Make the finding of a problem."""
        document = problem.document
        return cls(
            rule=rule.id,
            severity=rule.severity.value,
            file=document.file.name,
            line=problem.line or document.line(problem.pointer),
            document=document.index,
            api_version=document.api_version,
            kind=document.kind,
            namespace=document.namespace,
            name=document.name,
            pointer=f"{document.base}{problem.pointer}",
            message=problem.message,
            fix=problem.fix or rule.fix,
            source=document.source,
            fingerprint=problem.fingerprint,
        )

    @property
    def order(self) -> tuple[Any, ...]:
        """By file, then from top to bottom."""
        return (self.file, self.document, self.line, self.rule, self.pointer, self.message)

    @property
    def object(self) -> str:
        """The object as a person names it: ``Deployment whoami/web``."""
        name = "/".join(part for part in (self.namespace, self.name) if part)
        return f"{self.kind} {name}".strip() or self.file


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that the gate has to say.

    Attributes:
        findings: In a fixed order.
        examined: Rule id -> how many subjects it examined.
        objects: How many objects were judged.
        exemptions: All exceptions that were read, used or not.
        crashed: A line for each rule, or schema, that could not do its work.
        drifted: Whether dist/ is not what the sources say.
    """

    findings: tuple[Finding, ...] = ()
    examined: dict[str, int] = field(default_factory=dict)
    objects: int = 0
    exemptions: tuple[Exemption, ...] = ()
    crashed: tuple[str, ...] = ()
    drifted: bool = False

    @property
    def exit_code(self) -> int:
        """0, 2 for findings, 3 for drift, 5 for a rule that crashed: the worst of them."""
        if self.crashed:
            return 5
        if self.drifted:
            return 3
        return 2 if self.findings else 0

    def count(self, severity: Severity) -> int:
        """How many findings are this bad."""
        return sum(finding.severity == severity.value for finding in self.findings)
