"""Runs rules over models: counts, catches what crashes, applies exceptions, sorts the findings."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lib.checks.exempting import Exempting
from lib.checks.finding import Finding, Report
from lib.checks.provided import SOME_CLUSTERS
from lib.checks.rule import By
from lib.manifests import PROJECT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a step outside of the rules found: problems by rule id, counts and failures."""

    problems: tuple[tuple[str, Problem], ...] = ()
    examined: Mapping[str, int] = field(default_factory=dict)
    crashed: tuple[str, ...] = ()
    drifted: bool = False


def judge(
    models: Sequence[Model],
    rules: Sequence[Rule[Any]],
    *,
    as_of: dt.date,
    catalogue: Mapping[str, Rule[Any]],
    exceptions_file: Document | None = None,
    found: Sequence[Found] = (),
) -> Report:
    """Judge all models.

    Args:
        models: One per cluster, or one for a folder of anyone's.
        rules: The rules to run.
        as_of: The day for which exceptions have to be valid; nothing else depends on it.
        catalogue: All rules by id, which exceptions may name.
        exceptions_file: The document of ``policy/exceptions.yaml``.
        found: What reading, schemas and the comparison with a synth found.
    """
    run = _Run()
    for model in models:
        for rule in rules:
            run.rule(rule, model)
    chosen = {rule.id for rule in rules}
    if chosen >= catalogue.keys():
        run.problems += _unused(models)
    for step in found:
        run.add(step)
    exempting = Exempting(models, catalogue, as_of, exceptions_file)
    problems = [*exempting.remaining(run.problems), *exempting.problems(chosen)]
    findings = {
        Finding.of(catalogue[id_], each)
        for id_, each in problems
        if id_ in chosen and each.document.file.judged
    }
    return Report(
        findings=tuple(sorted(findings, key=lambda finding: finding.order)),
        examined={rule.id: run.examined.get(rule.id, 0) for rule in rules},
        objects=sum(each.file.judged for model in models for each in model.documents),
        exemptions=exempting.all,
        crashed=tuple(run.crashed),
        drifted=any(step.drifted for step in found),
    )


def _unused(models: Sequence[Model]) -> Iterator[tuple[str, Problem]]:
    """Declared objects that no rule asked for in any cluster.

    Of a chart that no cluster here installs, one that nobody looked at may need them.
    """
    whole = [model for model in models if model.context.complete]
    used = {id(document) for model in whole for document in model.used}
    installed = {id(document) for model in whole for document in model.provided}
    partly = any(model.context.one_of_several for model in whole)
    for document in whole[0].declared if whole else ():
        if SOME_CLUSTERS in document.annotations:
            continue
        if id(document) not in used and (id(document) in installed or not partly):
            message = f"no object needs {document.identity} of {document.provided_by}"
            yield "X06", document.root.problem(message)


class _Run:
    """What running the rules one after the other brings together."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, Problem]] = []
        self.examined: dict[str, int] = {}
        self.crashed: list[str] = []

    def add(self, step: Found) -> None:
        self.problems += step.problems
        self.crashed += step.crashed
        for id_, number in step.examined.items():
            self._count(id_, number)

    def _count(self, id_: str, number: int) -> None:
        self.examined[id_] = self.examined.get(id_, 0) + number

    def rule(self, rule: Rule[Any], model: Model) -> None:
        if rule.by is not By.RULE:
            return
        number = 0
        try:
            for number, subject in enumerate(rule.subjects(model), 1):  # noqa: B007 - counted below
                self._check(rule, subject, model)
        except Exception as error:  # noqa: BLE001 - one rule's bug is no reason to hide the others
            self._crash(rule, None, error)
        self._count(rule.id, number)
        there = model.of(*rule.types) if rule.types else ()
        if not number and there:
            message = f"{rule.id} examined nothing, though there is a {there[0].type} to examine"
            self.problems.append(("G20", there[0].root.problem(message)))

    def _check(self, rule: Rule[Any], subject: Any, model: Model) -> None:
        try:
            self.problems += [(rule.id, problem) for problem in rule.check(subject, model)]
        except Exception as error:  # noqa: BLE001 - the same
            self._crash(rule, subject, error)

    def _crash(self, rule: Rule[Any], subject: Any, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename.removeprefix(f'{PROJECT}/')}:{frame.lineno}"
        document = getattr(subject, "document", subject)
        at = f" at {document.identity} in {document.file.name}" if document is not None else ""
        self.crashed.append(
            f"the rule {rule.id} crashed{at}: {type(error).__name__}: {error} ({where})"
        )
