"""The stages in which a cluster comes up, and what each thing in them waits for; for people.

RKE2 applies its bootstrap folder at once and tries again until each file holds, so there the needs
alone make the order. Argo CD then applies the Applications, wave by wave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.checks.applications import APPLICATION
from lib.checks.ordering.carriers import BOOTSTRAP, carriers
from lib.checks.ordering.graph import graph
from lib.checks.ordering.need import Need, Strength, Unit, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.ordering.carriers import Rank, Step
    from lib.checks.ordering.graph import Graph


_DEFINITION = "the definition of "


@dataclass(frozen=True, kw_only=True)
class Wait:
    """What an item waits for.

    Attributes:
        on: Whom: ``HelmChart traefik``, ``Application dex``, or what is done by hand.
        what: What of it, in words; empty where that is clear.
    """

    on: str
    what: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.on}: {', '.join(self.what)}" if self.what else self.on


@dataclass(frozen=True, kw_only=True)
class Item:
    """An object of a stage, or what is done by hand.

    Attributes:
        document: The object; what it is done to, where it is done by hand.
        name: As people say it.
        waits: What has to be ready before; without what these wait for in their turn.
        later: What it works in full only with.
        objects: How many objects come with it, where it is an Application.
    """

    document: Document
    name: str
    waits: tuple[Wait, ...] = ()
    later: tuple[Wait, ...] = ()
    objects: int = 0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What comes up together.

    Attributes:
        by: Who does it: ``RKE2``, ``by hand``, ``Argo CD``.
        when: The wave, or empty.
        items: In the order of their names.
    """

    by: str
    when: str = ""
    items: tuple[Item, ...] = ()


def stages(model: Model) -> list[Stage]:
    """All stages of a cluster, from the first object on."""
    return _Stages(model.derived(graph), model).all()


class _Stages:
    def __init__(self, found: Graph, model: Model) -> None:
        self._graph = found
        self._carriers = model.derived(carriers)
        self._level: dict[Document, int] = {}
        self._known: dict[Document, frozenset[Document]] = {}
        # Unit of the order -> the units that come with it: an Application, and all in it.
        self._within: dict[Document, list[Unit]] = {}
        self._waves: dict[tuple[Rank, ...], list[Document]] = {}
        self._first: list[Document] = []
        for unit in dict.fromkeys([*map(Unit, model.documents), *found.needs]):
            self._sort(unit)

    def all(self) -> list[Stage]:
        levels: dict[int, list[Document]] = {}
        for document in self._first:
            levels.setdefault(self._level_of(document, ()), []).append(document)
        made = [
            Stage(by="RKE2", items=tuple(map(self._item, levels[level])))
            for level in sorted(levels)
        ]
        for ranks in sorted(self._waves):
            when = ", then ".join(map(str, ranks))
            items = tuple(map(self._item, self._waves[ranks]))
            made.append(Stage(by="Argo CD", when=when, items=items))
        return [*self._with_hands(made)]

    def _sort(self, unit: Unit) -> None:
        """Into the bootstrap folder, or the wave of the last Application on its way."""
        way = self._carriers.way(unit)
        owner = self._owner(unit, way)
        self._within.setdefault(owner, []).append(unit)
        if unit.content or unit.document is not owner:
            return
        if len(way) == 1 and owner.folder == BOOTSTRAP:
            self._first.append(owner)
        else:
            ranks = tuple(step.rank for step in way[1:]) or (way[0].rank,)
            self._waves.setdefault(ranks, []).append(owner)

    def _owner(self, unit: Unit, way: Sequence[Step]) -> Document:
        """What stands for the unit: itself, where an Application of Applications applies it."""
        applications = [each for each in way if each.document and each.document.type == APPLICATION]
        last = applications[-1].document if applications else None
        if last is None or unit.document.type == APPLICATION:
            return unit.document
        holds = any(each.type == APPLICATION for each in self._carriers.applied.get(last, ()))
        return unit.document if holds else last

    def _level_of(self, document: Document, waiting: tuple[Document, ...]) -> int:
        """How many stages of the bootstrap folder come before; circles are G17's to tell."""
        if document not in self._level:
            below = (*waiting, document)
            before = [
                self._level_of(need.provider.document, below)
                for need in self._graph.hard(Unit(document))
                if need.provider.document.folder == BOOTSTRAP
                and need.provider.document not in below
            ]
            self._level[document] = max(before, default=-1) + 1
        return self._level[document]

    def _item(self, document: Document) -> Item:
        units = self._within[document]
        return Item(
            document=document,
            name=f"{document.kind} {named(document)}",
            waits=_waits(self._direct(document)),
            later=_waits(self._outside(document, hard=False)),
            objects=sum(not unit.content for unit in units) - 1,
        )

    def _outside(self, document: Document, *, hard: bool) -> list[tuple[Document, Need]]:
        """The needs of all that comes with an item, each with whom it waits for."""
        needs = (
            need for unit in self._within[document] for need in self._graph.needs.get(unit, ())
        )
        found = ((self._owner_of(need.provider), need) for need in needs)
        return [
            (owner, need)
            for owner, need in found
            if owner is not document and (need.strength is not Strength.LATER) is hard
        ]

    def _direct(self, document: Document) -> list[tuple[Document, Need]]:
        """The needs of an item that do not follow from its others, or from who applies it."""
        needs = self._outside(document, hard=True)
        carrier = self._carriers.of(document)
        owners = {owner for owner, _ in needs} | ({carrier} if carrier is not None else set())
        implied = {each for owner in owners for each in self._before(owner, ()) - {owner}}
        return [(owner, need) for owner, need in needs if owner not in implied]

    def _before(self, document: Document, waiting: tuple[Document, ...]) -> frozenset[Document]:
        """All that has to be ready before an item, the item itself included."""
        if document in waiting:
            return frozenset()
        if document not in self._known:
            below = (*waiting, document)
            carrier = self._carriers.of(document)
            owners = {owner for owner, _ in self._outside(document, hard=True)}
            owners |= {carrier} if carrier is not None else set()
            before = (self._before(owner, below) for owner in owners)
            self._known[document] = frozenset({document}).union(*before)
        return self._known[document]

    def _owner_of(self, unit: Unit) -> Document:
        return self._owner(unit, self._carriers.way(unit))

    def _with_hands(self, made: Sequence[Stage]) -> Iterator[Stage]:
        """Put what is done by hand before the first stage that cannot do without."""
        done: set[str] = set()
        for stage in made:
            hands = {
                need.by_hand: need
                for item in stage.items
                for unit in self._within[item.document]
                for need in self._graph.hard(unit)
                if need.by_hand not in {"", *done}
            }
            if hands:
                done.update(hands)
                yield Stage(by="by hand", items=tuple(map(_hand, hands.values())))
            yield stage


def _hand(need: Need) -> Item:
    provider = need.provider.document
    wait = Wait(on=f"{provider.kind} {named(provider)}", what=("its pods have to run",))
    return Item(document=provider, name=need.by_hand, waits=(wait,))


def _waits(needs: Iterable[tuple[Document, Need]]) -> tuple[Wait, ...]:
    found: dict[str, dict[str, None]] = {}
    for owner, need in needs:
        what = found.setdefault(need.by_hand or f"{owner.kind} {named(owner)}", {})
        if not need.by_hand and need.what not in {"its namespace", f"{owner.kind} {owner.name}"}:
            what[need.what] = None
    return tuple(Wait(on=on, what=_joined([*what])) for on, what in sorted(found.items()))


def _joined(what: Sequence[str]) -> tuple[str, ...]:
    """Several definitions in one breath."""
    kinds = [each.removeprefix(_DEFINITION) for each in what if each.startswith(_DEFINITION)]
    others = [each for each in what if not each.startswith(_DEFINITION)]
    if len(kinds) > 1:
        kinds = [f"the definitions of {', '.join(kinds[:-1])} and {kinds[-1]}"]
    elif kinds:
        kinds = [f"{_DEFINITION}{kinds[0]}"]
    return (*others, *kinds)
