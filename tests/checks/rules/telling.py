"""Asks one rule alone, and gives what it says: the pointer and the message of each problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.catalogue import RULES
from lib.checks.document import File
from lib.checks.loading import load
from lib.checks.model import Context, Model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lib.checks.document import Document

# All of a cluster: what is not in the set is missing.
WHOLE = Context(complete=True)


def model(*texts: str, context: Context | None = None, declared: Iterable[Document] = ()) -> Model:
    """A model of some YAML files in one folder."""
    files = [File(f"{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    return Model(load(files).documents, context, declared)


def told(rule: str, *texts: str, context: Context | None = None) -> list[tuple[str, str]]:
    """Pointer and message of each problem, in the order of the documents."""
    return told_of(rule, model(*texts, context=context))


def told_of(rule: str, of: Model) -> list[tuple[str, str]]:
    """The same, of a model."""
    return [
        (problem.pointer, problem.message)
        for subject in RULES[rule].subjects(of)
        for problem in RULES[rule].check(subject, of)
    ]
