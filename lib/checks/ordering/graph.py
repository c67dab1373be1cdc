"""All needs of a model, against the order in which things are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lib.checks.applications import APPLICATION
from lib.checks.charts import HELM_CHART
from lib.checks.kinds import DEFINITION
from lib.checks.ordering.carriers import BOOTSTRAP, carriers
from lib.checks.ordering.cycles import cycles
from lib.checks.ordering.health import waits_for
from lib.checks.ordering.need import Need, Strength, Unit, named
from lib.checks.ordering.needs import needs
from lib.checks.projects import PROJECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lib.checks.model import Model
    from lib.checks.ordering.carriers import Carriers, Step

# Argo CD brings these forward to the first object that needs them, whatever their waves
# (adjustDeps in gitops-engine/pkg/sync/sync_tasks.go).
BROUGHT_FORWARD = frozenset({"Namespace", DEFINITION})
# Leaves an object's health out of its Application's (docs/user-guide/annotations-and-labels.md).
_IGNORE_HEALTH = "argocd.argoproj.io/ignore-healthcheck"
# Argo CD's own: where an Application brings Argo CD itself, it was there before, by other means.
_ARGO = frozenset({APPLICATION, PROJECT, "ApplicationSet.argoproj.io"})


# Units, each with why it waits for the next, and the last for the first.
Circle = list[tuple[Unit, str]]


class Inversion(NamedTuple):
    """A need that comes up after what needs it, and how a person says so."""

    need: Need
    message: str


class Graph:
    """The needs of each unit; ask for ``model.derived(graph)``.

    Attributes:
        carriers: Who applies what.
        needs: Unit -> its needs, one per provider, the strongest.
    """

    def __init__(self, found: Sequence[Need], carried: Carriers) -> None:
        self.carriers = carried
        best: dict[tuple[Unit, Unit], Need] = {}
        for need in found:
            key = (need.consumer, need.provider)
            other = best.get(key)
            stronger = other is None or _STRENGTH[need.strength] < _STRENGTH[other.strength]
            if need.consumer != need.provider and stronger and not self._was_there(need):
                best[key] = need
        self.needs: dict[Unit, list[Need]] = {}
        for need in best.values():
            self.needs.setdefault(need.consumer, []).append(need)

    def hard(self, unit: Unit) -> list[Need]:
        """What a unit needs to be ready."""
        return [each for each in self.needs.get(unit, ()) if each.strength is not Strength.LATER]

    def inversions(self, unit: Unit) -> list[Inversion]:
        """The needs of a unit that come up too late."""
        found = ((need, self._too_late(need)) for need in self.hard(unit))
        return [Inversion(need, message) for need, message in found if message]

    def edges(self, unit: Unit) -> list[tuple[Unit, str]]:
        """All that a unit waits for, and why: its needs, and the Application that applies it."""
        found = [(need.provider, need.what) for need in self.hard(unit)]
        carrier = unit.document if unit.content else self.carriers.of(unit.document)
        if carrier is not None:
            found.append((Unit(carrier), "which applies it"))
        return found

    def _was_there(self, need: Need) -> bool:
        consumer = need.consumer
        of_argo = consumer.document.type in _ARGO and not consumer.content
        if not of_argo or need.strength is not Strength.APPLY:
            return False
        return need.provider.content or self.carriers.of(need.provider.document) is not None

    def _too_late(self, need: Need) -> str:
        if self.carriers.start(need.consumer) != self.carriers.start(need.provider):
            return ""
        ours, theirs = self.carriers.way(need.consumer), self.carriers.way(need.provider)
        shared = 0
        while shared < min(len(ours), len(theirs)) and ours[shared] == theirs[shared]:
            shared += 1
        if shared in {len(ours), len(theirs)}:
            return ""  # one carries the other
        says = f"{_who(need.consumer, ours, shared)} needs {need.what}"
        if shared == 0 and _before_argo(ours[0]) and len(theirs) > 1:
            nearest = next(each.document for each in theirs[::-1] if each.document)
            last = theirs[-2].document if nearest is need.provider.document else nearest
            by = named(last or nearest)
            return f"{says}, which only Argo CD brings: {need.provider} of Application {by}"
        mine, other = ours[shared].rank, theirs[shared].rank
        if other < mine or (len(theirs) == shared + 1 and not self._is_late(need, mine, other)):
            return ""
        how = "later" if other > mine else "in the same wave, and nothing waits for it"
        return f"{says}: {_who(need.provider, theirs, shared)} comes {how}"

    def _is_late(self, need: Need, mine: object, other: object) -> bool:
        """Of two objects that one Application applies: the same wave is early enough for most."""
        document = need.provider.document
        if document.type in BROUGHT_FORWARD:
            return False
        installs = document.type == HELM_CHART and need.strength is Strength.APPLY
        return other != mine or (installs and self.carriers.of(document) is not None)


_STRENGTH = {strength: number for number, strength in enumerate(Strength)}


def _before_argo(step: Step) -> bool:
    document = step.document
    return document is not None and document.folder == BOOTSTRAP and document.type != APPLICATION


def _who(unit: Unit, way: Sequence[Step], shared: int) -> str:
    """The unit, and what the order decides about: itself, or the Application that it comes with."""
    step = way[shared]
    if step.document is None or step.document is unit.document:
        chart = "what the charts make of " if unit.content else ""
        return f"{chart}{unit} ({step.rank})"
    within = f"the chart of {unit}" if unit.content else f"{unit}"
    carrier = "" if step.document is unit.document else f" of Application {named(step.document)}"
    return f"{within}{carrier} ({step.rank})"


def graph(model: Model) -> Graph:
    """The graph of a model."""
    return Graph(needs(model), model.derived(carriers))


def circles(model: Model) -> list[Circle]:
    """What waits for itself, one circle for each knot of things that wait for each other."""
    found = model.derived(graph)
    units = dict.fromkeys([*map(Unit, model.documents), *found.needs])
    return cycles(units, found.edges) + _circles_of_health(model)


def _circles_of_health(model: Model) -> list[Circle]:
    """Applications that apply each other: each becomes healthy only when the other is.

    Argo CD leaves out an Application that applies itself, but not two (controller/health.go and
    issue 2995 of argoproj/argo-cd).
    """
    if not waits_for(model, APPLICATION):
        return []
    applied = model.derived(carriers).applied

    def health(unit: Unit) -> list[tuple[Unit, str]]:
        below = (each for each in applied[unit.document] if each.type == APPLICATION)
        return [
            (Unit(each), "for its own health, as it applies it")
            for each in below
            if each.annotations.get(_IGNORE_HEALTH) != "true"
        ]

    return cycles(map(Unit, applied), health)


def told(circle: Circle) -> str:
    """A circle in one line, edge by edge."""
    ends = [unit for unit, _ in (*circle[1:], circle[0])]
    edges = (f"{unit} needs {end} ({why})" for (unit, why), end in zip(circle, ends, strict=True))
    return f"a circle: {', '.join(edges)}"
