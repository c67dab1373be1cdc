"""Asks one rule alone, and says in short which places it blames."""

from __future__ import annotations

from pathlib import Path

from lib.checks.catalogue import RULES
from lib.checks.document import File
from lib.checks.loading import load
from lib.checks.model import Context, Model
from lib.config import load_cluster

CLUSTER = load_cluster(Path(__file__).resolve().parents[3] / "clusters" / "production.yaml")
# All of a cluster, whose facts are not known, or those of our own.
WHOLE = Context(complete=True)
OURS = Context(complete=True, cluster=CLUSTER)


def in_files(rule: str, files: dict[str, str], context: Context | None = None) -> list[str]:
    """``Kind/name pointer`` of each problem, in the order of the documents.

    Args:
        rule: The rule's id.
        files: Path from the top of the repository -> YAML.
        context: What is known beside the objects.
    """
    loaded = load([File(path, text.encode()) for path, text in files.items()])
    model = Model(loaded.documents, context)
    asked = RULES[rule]
    return [
        f"{problem.document.kind}/{problem.document.name} {problem.pointer}".strip()
        for subject in asked.subjects(model)
        for problem in asked.check(subject, model)
    ]


def places(rule: str, text: str, context: Context | None = None) -> list[str]:
    """The same, of one file at the top."""
    return in_files(rule, {"0.yaml": text}, context)
