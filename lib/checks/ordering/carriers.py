"""Who applies an object, and when: RKE2 from its bootstrap folder, or an Application in its wave.

Argo CD's order within one Application is phase, wave, kind, name; it waits until a wave is healthy
before it begins the next. Between Applications there is no order but that of the Application that
applies them (gitops-engine/pkg/sync/sync_tasks.go and syncwaves/waves.go of argoproj/argo-cd).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lib.checks.applications import APPLICATION, contents, sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.ordering.need import Unit

BOOTSTRAP = "bootstrap"
WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"
_WEIGHT = "helm.sh/hook-weight"
_PHASES = {"PreSync": -1, "Sync": 0, "PostSync": 1, "SyncFail": 2, "PostDelete": 3}
# strconv.Atoi, which Argo CD reads waves with; what fails counts as 0.
WHOLE_NUMBER = re.compile(r"[-+]?[0-9]+")


class Rank(NamedTuple):
    """When, among the objects of one Application."""

    phase: int
    wave: int

    def __str__(self) -> str:
        phases = {number: name for name, number in _PHASES.items() if number}
        before = f"{phases[self.phase]}, " if self.phase else ""
        return f"{before}wave {self.wave}"


class Step(NamedTuple):
    """One step of the way to a unit: an object that an Application, or RKE2, applies.

    Attributes:
        document: The object; None for what the charts of the Application before it make.
        rank: When it is applied, among all that its Application applies.
    """

    document: Document | None
    rank: Rank


def rank(document: Document) -> Rank:
    """When Argo CD applies an object, among those of its Application."""
    annotations = document.annotations
    hook = annotations.get(HOOK, "").partition(",")[0].strip()
    return Rank(_PHASES.get(hook, 0), wave(annotations.get(WAVE), annotations.get(_WEIGHT)))


def wave(given: str | None, weight: str | None = None) -> int:
    """The number of a wave; what is none counts as Helm's weight, or 0."""
    for text in (given, weight):
        if text is not None and WHOLE_NUMBER.fullmatch(text):
            return int(text)
    return 0


class Carriers:
    """Who applies what in one model; ask for ``model.derived(carriers)``."""

    def __init__(self, model: Model) -> None:
        self._of: dict[Document, Document] = {}
        self.applied: dict[Document, tuple[Document, ...]] = {}
        for application in model.of(APPLICATION):
            self.applied[application] = tuple(_applied(application, model))
            for document in self.applied[application]:
                self._of.setdefault(document, application)
        self._ways: dict[Document, tuple[Step, ...]] = {}

    def of(self, document: Document) -> Document | None:
        """The Application that applies an object; None for what RKE2 applies, or nobody known."""
        if document.folder == BOOTSTRAP:
            return None
        return self._of.get(document)

    def keeper(self, document: Document) -> Document | None:
        """The Application that keeps an object in step, be it RKE2 that brought it first."""
        return self._of.get(document)

    def way(self, unit: Unit) -> tuple[Step, ...]:
        """The way to a unit: the Applications one below the other, and the object itself."""
        way = self._way(unit.document, ())
        return (*way, Step(None, Rank(0, 0))) if unit.content else way

    def start(self, unit: Unit) -> str:
        """Where the way begins: what starts in different places has no order that we know."""
        first = self._way(unit.document, ())[0].document or unit.document
        return BOOTSTRAP if first.folder == BOOTSTRAP else f"/{first.file.folder_path}"

    def _way(self, document: Document, waiting: Sequence[Document]) -> tuple[Step, ...]:
        known = self._ways.get(document)
        if known is not None:
            return known
        carrier = self.of(document)
        own = Step(document, rank(document))
        if carrier is None or carrier in waiting:  # Applications that apply each other: G17
            return (own,)
        way = (*self._way(carrier, (*waiting, document)), own)
        if not waiting:
            self._ways[document] = way
        return way


def _applied(application: Document, model: Model) -> Iterator[Document]:
    """What an Application applies, itself left out."""
    for source in sources(application):
        # The top of a repository: whose, nobody can tell.
        inside = source.text("path").strip("./") != ""
        for document in (contents(source, model) or ()) if inside else ():
            if document is not application:
                yield document


def carriers(model: Model) -> Carriers:
    """Who applies what."""
    return Carriers(model)
