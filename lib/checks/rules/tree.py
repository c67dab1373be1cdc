"""G: what holds for dist/ as a whole: it is what the sources say, and every rule has looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rule import By, Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem


def _once(document: Document, model: Model) -> Iterator[Problem]:
    # Folders of a part of a cluster may be alternatives, of which one is applied.
    folder = None if model.context.complete else document.file.folder_path
    same = (other for other in model.same(document) if folder in {None, other.file.folder_path})
    first = next(same, document)
    if document.name and first is not document:
        yield document.at("metadata", "name").problem(
            f"{document.identity} is there already, in {first.file.name}:{first.line()}"
        )


RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="G02",
        title="dist/ is what the sources say",
        severity=Severity.P0,
        reason="Argo CD applies what is committed, and the next synth takes a change by hand away.",
        source="a judgement",
        fix="Run make synth and commit dist/.",
        exempt=Exempt.NEVER,
        by=By.DRIFT,
    ),
    Rule(
        id="G04",
        title="yagura wrote every file in dist/",
        severity=Severity.P0,
        reason="Argo CD applies it like the others, and no source says what it is for.",
        source="a judgement",
        fix="Move it away, or delete it with make synth and --delete-unknown.",
        exempt=Exempt.NEVER,
        by=By.DRIFT,
    ),
    Rule(
        id="G06",
        title="An object is there once",
        severity=Severity.P0,
        reason="The one that is applied last wins, and two Applications undo each other's work.",
        source="Argo CD: RepeatedResourceWarning (docs/user-guide/sync-options.md)",
        fix="Remove or rename one of the two.",
        exempt=Exempt.NEVER,
        subjects=documents(),
        check=_once,
        good="""\
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: whoami}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: other}
""",
        bad="""\
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: whoami}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: whoami}
""",
    ),
    Rule(
        id="G20",
        title="Every rule examines what it is about",
        severity=Severity.P0,
        reason="A rule that looks at nothing is green whatever is committed.",
        source="a judgement",
        fix="Correct the rule's subjects in lib/checks/rules.",
        exempt=Exempt.NEVER,
        by=By.ENGINE,
    ),
)
