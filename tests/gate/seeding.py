"""Seeds a fault into dist/ as it is committed, in memory, and judges all of it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lib.checks import catalogue, exceptions, provided
from lib.checks.document import DIST, File
from lib.checks.engine import Found, judge
from lib.checks.loading import Loaded, load
from lib.checks.model import Context
from lib.checks.schema import check_schemas
from lib.config import load_cluster
from lib.gate.command import KUBERNETES
from lib.gate.own import models_of
from lib.gate.policy_files import PolicyFiles, policy_files
from lib.gate.sources import Sources
from lib.synth.tree import read
from tests.gate.faults.fault import FILE
from tests.synth.project import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from lib.checks.document import Document
    from lib.checks.finding import Report
    from tests.gate.faults.fault import Fault
    from tests.synth.project import Project

TODAY = dt.date(2026, 12, 1)
POLICY = (exceptions.FILE, provided.FILE)


@dataclass(frozen=True)
class Seeded:
    """A file with a fault in it.

    Attributes:
        path: Its path from the project's top.
        text: Its text; empty where the fault is that it is gone.
        loaded: What is read from it.
    """

    path: str
    text: str
    loaded: Loaded


class Dist:
    """dist/ and policy/, read once; a faulty file takes the place of a good one.

    Args:
        sources: Finds the Python line of an object.
        place: An empty folder.
        faults: All faults, so that those of schemas need one run of kubeconform.
    """

    def __init__(self, sources: Sources, place: Path, faults: Sequence[Fault]) -> None:
        self._sources, self._place = sources, place
        (place / "policy").mkdir()
        dist = {f"{DIST}/{path}": text.decode() for path, text in read(ROOT / DIST).items()}
        self.texts = dist | {path: (ROOT / path).read_text(encoding="utf-8") for path in POLICY}
        self._loaded = {path: self._load(path, dist[path]) for path in sorted(dist)}
        self._context = Context(
            complete=True,
            cluster=load_cluster(ROOT / "clusters" / "production.yaml"),
            kubernetes=KUBERNETES,
            one_of_several=False,
        )
        self._places = self._declared() | _places(self._loaded.values())
        self.seeds = {fault: self._seed(fault) for fault in faults}

    def judged(self, fault: Fault | None = None) -> Report:
        """Judge dist/ with a fault by the family of its rule; without one by all rules.

        An exception may be from any rule, so its own family needs all of them.
        """
        seeded = self.seeds[fault] if fault else None
        families = [fault.rule[0]] if fault and fault.rule[0] != "X" else []
        files = dict(self._loaded)
        if seeded is not None and seeded.path in files:
            files[seeded.path] = seeded.loaded
        loaded = _joined(files.values())
        policy = self._policy(seeded)
        return judge(
            models_of(loaded, {"production": self._context}, policy.provided),
            catalogue.chosen(families),
            as_of=TODAY,
            catalogue=catalogue.RULES,
            exceptions_file=policy.exceptions,
            found=[loaded.found, self._schemas_of(seeded)],
        )

    def place_of(self, fault: Fault) -> str:
        """The file that holds what has to be named."""
        seeded = self.seeds[fault]
        if fault.object in {FILE, seeded.path}:
            return seeded.path
        here = self._declared(seeded) | _places([seeded.loaded])
        return here.get(fault.object) or self._places[fault.object]

    def text_of(self, fault: Fault, path: str) -> str:
        """What a file holds when the fault is there."""
        seeded = self.seeds[fault]
        return seeded.text if path == seeded.path else self.texts[path]

    def _seed(self, fault: Fault) -> Seeded:
        path = fault.where if fault.where in self.texts else self._places[fault.where]
        text = fault.change(self.texts[path])
        assert text != self.texts[path], "nothing was changed"
        is_manifest = bool(text) and path not in POLICY
        return Seeded(path, text, self._load(path, text) if is_manifest else load([]))

    def _load(self, path: str, text: str) -> Loaded:
        return load([File(path, text.encode())], self._sources)

    def _policy(self, seeded: Seeded | None = None) -> PolicyFiles:
        for path in POLICY:
            changed = seeded is not None and seeded.path == path
            text = seeded.text if seeded and changed else self.texts[path]
            (self._place / path).write_text(text, encoding="utf-8")
        return policy_files(self._place)

    def _declared(self, seeded: Seeded | None = None) -> dict[str, str]:
        return dict.fromkeys(map(object_of, self._policy(seeded).provided), provided.FILE)

    def _schemas_of(self, seeded: Seeded | None) -> Found:
        documents = {id(each) for each in seeded.loaded.documents} if seeded else set()
        return Found(
            problems=tuple(
                (rule, problem)
                for rule, problem in self._schemas.problems
                if id(problem.document) in documents
            ),
            crashed=self._schemas.crashed,
        )

    @cached_property
    def _schemas(self) -> Found:
        """What schemas say of all good files, and of all that are seeded with a fault of theirs."""
        faulty = [seeded.loaded for fault, seeded in self.seeds.items() if fault.rule[0] == "K"]
        documents = [each for loaded in faulty for each in loaded.documents]
        return check_schemas(documents, kubernetes=KUBERNETES, cache=self._place)


def object_of(document: Document) -> str:
    """How a finding calls an object: ``Deployment whoami/web``."""
    name = "/".join(part for part in (document.namespace, document.name) if part)
    return f"{document.kind} {name}".strip()


def sources_of(project: Project) -> Sources:
    """The Python line of each object, from a synth of the project's."""
    project.synth()
    sources = Sources()
    sources.fill(json.loads((project.root / ".yagura" / "details.json").read_bytes())["index"])
    return sources


def _places(loaded: Iterable[Loaded]) -> dict[str, str]:
    found = {object_of(each): each.file.path for some in loaded for each in some.documents}
    faulty = {
        object_of(problem.document): problem.document.file.path
        for some in loaded
        for _, problem in some.found.problems
    }
    return faulty | found


def _joined(loaded: Iterable[Loaded]) -> Loaded:
    parts = tuple(loaded)
    return Loaded(
        documents=[each for part in parts for each in part.documents],
        node_files=[each for part in parts for each in part.node_files],
        found=Found(problems=tuple(each for part in parts for each in part.found.problems)),
    )
