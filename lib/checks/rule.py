"""A rule: what it wants, why, how to put it right, and the function that decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.pods import Container, Pod

Subject = TypeVar("Subject", bound="Document | Place")


class Severity(Enum):
    """How bad it is; each is a finding, and each finding ends the check with 2."""

    P0 = "error"
    P1 = "warning"
    P2 = "note"


class Exempt(Enum):
    """Where an exception from a rule may be written."""

    ANNOTATION = "annotation"
    FILE = "file"
    NEVER = "never"


class By(Enum):
    """Who finds it: the rule's own function, or a step that no rule can do."""

    RULE = "the rule itself"
    READING = "reading the files"
    SCHEMA = "the schemas"
    DRIFT = "the comparison with a fresh synth"
    ENGINE = "the engine, when all rules have run"


def _nothing(_: Model) -> tuple[()]:
    return ()


def _never(_subject: Any, _model: Model) -> tuple[()]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[Subject]):
    """One rule of the catalogue.

    Attributes:
        id: A letter for the family and two digits.
        title: What holds where the rule is kept, as a sentence without a full stop.
        severity: P0 (breaks the cluster or opens it), P1, P2.
        reason: What happens otherwise; one or two sentences.
        source: Where that is said: a document or a file of the upstream, or "a judgement".
        fix: What to do; the default of each finding's ``fix``.
        exempt: Where an exception may be written.
        types: The types that it is about, such as ``Secret`` or ``Deployment.apps``. Where the set
            holds any of them and the rule has examined nothing, the gate says so.
        subjects: Gives what it examines; each counts. Look at everything of the kind here, and
            decide in ``check`` whether it matters: what is never examined cannot be wrong.
        check: Says what is wrong with one subject.
        good: YAML documents without a finding of this rule.
        bad: YAML documents with at least one.
        by: Who finds it; all but RULE have neither ``subjects`` nor ``check``.
    """

    id: str
    title: str
    severity: Severity
    reason: str
    source: str
    fix: str
    exempt: Exempt
    types: tuple[str, ...] = ()
    subjects: Callable[[Model], Iterable[Subject]] = _nothing
    check: Callable[[Subject, Model], Iterable[Problem]] = _never
    good: str = ""
    bad: str = ""
    by: By = By.RULE


def documents(*types: str) -> Callable[[Model], Iterable[Document]]:
    """``subjects`` of a rule about whole objects of some types; without types, of all."""

    def all_of_them(model: Model) -> Iterable[Document]:
        return model.of(*types) if types else model.documents

    return all_of_them


def pods(model: Model) -> Iterable[Pod]:
    """``subjects`` of a rule about pod templates."""
    return model.pods


def containers(model: Model) -> Iterable[Container]:
    """``subjects`` of a rule about containers, init ones included."""
    return (container for pod in model.pods for container in pod.containers)
