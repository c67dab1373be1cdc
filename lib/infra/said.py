"""Statements about the cluster's machines and networks, and where two of them contradict.

The cluster file, Terraform's plan and dist/ each say what they know about the same things. Nothing
here knows what the things are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Remedy = Callable[["Said", "Said", "Said | None"], str]

SHOWN = 4


class By(StrEnum):
    """Who says it."""

    TERRAFORM = "Terraform"
    CLUSTER_FILE = "the cluster file"
    DIST = "dist/"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One statement.

    Attributes:
        what: The thing, in the same words for everyone who speaks of it.
        values: What it is. With several, each alone would be right: a statement fits another if
            they share one. Empty where something should be said and is not.
        by: Who says it.
        where: The place, for people: ``FILE:LINE``, or an address in Terraform's plan.
    """

    what: str
    values: tuple[str, ...]
    by: By
    where: str

    @property
    def text(self) -> str:
        """The values, for people."""
        if not self.values:
            return "nothing"
        more = len(self.values) - SHOWN
        return ", ".join(self.values[:SHOWN]) + (f" or one of {more} more" if more > 0 else "")

    def fits(self, other: Said) -> bool:
        """Whether both can be true."""
        return not set(self.values).isdisjoint(other.values)


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """Two statements of which one is wrong.

    Attributes:
        reference: What counts: Terraform's word, as machines follow it; else the cluster file's.
        other: What contradicts it.
        places: Where the same contradiction stands.
        remedy: What to do.
    """

    reference: Said
    other: Said
    places: tuple[str, ...]
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came out.

    Attributes:
        compared: The things that two or more spoke of.
        statements: How many statements were compared.
        disagreements: By thing, then by place.
    """

    compared: tuple[str, ...]
    statements: int
    disagreements: tuple[Disagreement, ...]


def judge(statements: Iterable[Said], remedy: Remedy) -> Verdict:
    """Compare every statement with the one that counts.

    Args:
        statements: All of them, of everyone.
        remedy: Says what to do, from the statement that counts, the one that contradicts it, and
            the cluster file's, if there is one.
    """
    by_thing: dict[str, list[Said]] = defaultdict(list)
    for said in statements:
        by_thing[said.what].append(said)
    compared, count = [], 0
    found: list[Disagreement] = []
    for what in sorted(by_thing):
        every = by_thing[what]
        reference = _reference(every)
        others = [said for said in every if said is not reference]
        if reference is None or not others:
            continue
        compared.append(what)
        count += len(every)
        found += _disagreements(reference, others, every, remedy)
    return Verdict(compared=tuple(compared), statements=count, disagreements=tuple(found))


def _reference(every: list[Said]) -> Said | None:
    for by in (By.TERRAFORM, By.CLUSTER_FILE):
        for said in every:
            if said.by is by and said.values:
                return said
    return None


def _of_file(every: list[Said]) -> Said | None:
    return next((said for said in every if said.by is By.CLUSTER_FILE), None)


def _disagreements(
    reference: Said, others: list[Said], every: list[Said], remedy: Remedy
) -> list[Disagreement]:
    places: dict[tuple[By, tuple[str, ...]], list[Said]] = defaultdict(list)
    for said in others:
        if not said.fits(reference):
            places[said.by, said.values].append(said)
    return [
        Disagreement(
            reference=reference,
            other=same[0],
            places=tuple(sorted({said.where for said in same})),
            remedy=remedy(reference, same[0], _of_file(every)),
        )
        for _, same in sorted(places.items())
    ]
