"""How many guarding fields of a rule are caught, and which are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.checks.rule import By
from tools.mutation.fields import GONE, at, changed, leaves
from tools.mutation.judging import Crash, findings, objects, watched
from tools.mutation.mutants import Dropped, Renamed, fields, from_elsewhere, values
from tools.mutation.watching import Watch

if TYPE_CHECKING:
    from lib.checks.rule import Rule
    from tools.mutation.mutants import Field
    from tools.mutation.watching import Spot


_MOST = 60


@dataclass(frozen=True, kw_only=True)
class Score:
    """The result of one rule.

    Attributes:
        rule: Its id.
        caught: The guarding fields of which a mutant was found.
        missed: Those of which none was.
        idle: Fields that the rule reads, and that decide nothing in its examples.
        crashes: What the rule raised, which it must not.
    """

    rule: str
    caught: tuple[Field, ...]
    missed: tuple[Field, ...]
    idle: tuple[Field, ...]
    crashes: tuple[str, ...]

    @property
    def fields(self) -> int:
        """How many guarding fields there are."""
        return len(self.caught) + len(self.missed)


def is_scored(rule: Rule[Any]) -> bool:
    """Whether a rule has fields to guard: it judges objects, and shows how."""
    return rule.by in {By.RULE, By.ENGINE} and bool(rule.good)


def score(rule: Rule[Any]) -> Score:
    """Try all mutants of a rule's good example."""
    return _Trial(rule).score()


def _some(all_: list[Field]) -> list[Field]:
    """All fields of a usual example; of one with thousands some from each part of it."""
    step = max(1, len(all_) // _MOST)
    return [field for place, field in enumerate(all_) if field.differs or place % step == 0][:_MOST]


class _Trial:
    def __init__(self, rule: Rule[Any]) -> None:
        self._rule = rule
        self._good, self._bad = objects(rule.good), objects(rule.bad)
        self._crashes: list[str] = []
        self._wrong = self._judged("the bad example", self._bad)
        self._elsewhere = from_elsewhere(self._good, self._bad)

    def score(self) -> Score:
        caught: list[Field] = []
        missed: list[Field] = []
        idle: list[Field] = []
        good, bad = self._good, self._bad
        for field in _some(fields(good, bad, self._watched(good), self._watched(bad))):
            if any(self._is_found(field, value) for value in values(field, self._elsewhere)):
                caught.append(field)
            elif not self._is_condition(field):
                (missed if field.differs else idle).append(field)
        return Score(
            rule=self._rule.id,
            caught=tuple(caught),
            missed=tuple(missed),
            idle=tuple(idle),
            crashes=tuple(self._crashes),
        )

    def _watched(self, example: list[Any]) -> Watch:
        """What the rule reads; all, where the engine does its work."""
        if self._rule.by is By.RULE:
            return watched(self._rule, example)
        watch = Watch()
        for number, value in enumerate(example):
            watch.reads.update((number, pointer) for pointer, _ in leaves(value))
        return watch

    def _is_found(self, field: Field, value: Any) -> bool:
        return bool(self._findings(self._good, field.place, value))

    def _is_condition(self, field: Field) -> bool:
        """Whether another value there takes a finding from the bad example."""
        if field.twin is None:
            return False
        instead = [field.value] if field.differs else values(field, self._elsewhere)
        return any(self._wrong - self._findings(self._bad, field.twin, each) for each in instead)

    def _findings(self, example: list[Any], place: Spot, value: Any) -> set[Spot]:
        number, pointer = place
        given = [*example]
        given[number] = _mutant(given[number], pointer, value)
        return self._judged(f"{pointer} = {str(value)[:40]}", given)

    def _judged(self, what: str, given: list[Any]) -> set[Spot]:
        try:
            return findings(self._rule, given)
        except Crash as crash:
            self._crashes.append(f"{what}: {crash}")
            return set()


def _mutant(value: Any, pointer: str, new: Any) -> Any:
    if isinstance(new, Dropped):
        return changed(value, new.pointer, GONE)
    if isinstance(new, Renamed):
        moved = changed(value, new.pointer, at(value, pointer))
        return changed(moved, pointer, GONE)
    return changed(value, pointer, new)
