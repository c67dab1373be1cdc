"""dist/ as it is committed, the Python line of each object, and whether a fresh synth makes it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lib.checks.document import DIST, Document, File
from lib.checks.engine import Found
from lib.checks.loading import Loaded, load
from lib.checks.model import Context, Model
from lib.checks.schema import check_schemas
from lib.gate.committed import files_of
from lib.gate.sources import Sources
from lib.synth import pipeline, writer
from lib.synth.files import is_ours
from lib.synth.lock import locked
from lib.synth.tree import near, read
from lib.synth.watch import unwatched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lib.synth.pipeline import Synthesis
    from lib.synth.tree import Tree


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the engine needs of a whole project.

    Attributes:
        models: One per cluster.
        found: What was found on the way.
        files: dist/ as it was read; nothing where it was not.
        synthesis: What dist/ was compared with; None where it was not.
    """

    models: list[Model]
    found: list[Found]
    files: Tree = field(default_factory=dict)
    synthesis: Synthesis | None = None


def own(
    project: Path,
    *,
    cluster: str | None,
    kubernetes: str,
    provided: Sequence[Document],
    cache: bool = True,
) -> Judged:
    """Read dist/, synthesize anew, and compare.

    Args:
        project: The checkout.
        cluster: This one alone; None for all.
        kubernetes: The version whose schemas hold.
        provided: What charts bring.
        cache: Whether the text of an object that cdk8s rendered as before is not made anew.

    Raises:
        YaguraError: The sources cannot be built.
    """
    with locked(project / ".yagura" / "lock"), ThreadPoolExecutor(1) as beside:
        paths = pipeline.cluster_files(project, cluster)
        shown = near(os.fspath(project / DIST))
        old = {
            path: text
            for path, text in read(project / DIST).items()
            if cluster is None or path.startswith(f"{cluster}/")
        }
        sources = Sources()
        loaded = load(files_of(old, shown), sources)
        schemas = beside.submit(_schemas, loaded.documents, kubernetes, project / ".yagura")
        known = pipeline.known(project) if cache else None
        synthesis = pipeline.synthesize(project, paths, known, old)
        sources.fill(synthesis.index)
        drift = _drift(shown, old, synthesis.tree, sources)
        found = [loaded.found, schemas.result(), drift]
    contexts = _contexts(paths, kubernetes, one_of_several=cluster is not None)
    models = models_of(loaded, contexts, provided)
    return Judged(models=models, found=found, files=old, synthesis=synthesis)


def _schemas(documents: Sequence[Document], kubernetes: str, cache: Path) -> Found:
    """Judge beside the synth, which must not take the files and programs of this for its apps'."""
    with unwatched():
        return check_schemas(documents, kubernetes=kubernetes, cache=cache)


def models_of(
    loaded: Loaded, contexts: Mapping[str, Context], provided: Sequence[Document]
) -> list[Model]:
    """One model per cluster folder; what lies in none is a model of its own.

    Args:
        loaded: What was read.
        contexts: By cluster; the one of the empty name is for all others.
        provided: What charts bring.
    """
    names = {document.cluster for document in (*loaded.documents, *loaded.node_files)}
    other = contexts.get("", Context())
    return [
        Model(
            [each for each in loaded.documents if each.cluster == name],
            contexts.get(name, other),
            provided if name else (),
            [each for each in loaded.node_files if each.cluster == name],
        )
        for name in sorted(names | (contexts.keys() - {""}))
    ]


def _contexts(
    paths: Sequence[Path], kubernetes: str, *, one_of_several: bool
) -> dict[str, Context]:
    from lib.config import load_cluster  # noqa: PLC0415 - loaded already, by the synth

    return {
        path.stem: Context(
            complete=True,
            cluster=load_cluster(path),
            kubernetes=kubernetes,
            one_of_several=one_of_several,
        )
        for path in paths
    }


def _drift(top: str, old: Tree, new: Tree, sources: Sources) -> Found:
    change = writer.compare(old, new)
    said = {
        **dict.fromkeys(change.added, "the sources make this file, and it is not there"),
        **dict.fromkeys(change.changed, "the sources make another file of this object"),
        **dict.fromkeys(change.removed, "the sources do not make this file"),
    }
    problems = []
    for path, message in sorted(said.items()):
        file = File(f"{top}/{path}", new.get(path) or old[path], f"{DIST}/{path}")
        place = _object(file, sources).root
        if path in old and path not in new and not is_ours(old[path]):
            problems.append(("G04", place.problem("yagura did not write this file")))
        else:
            problems.append(("G02", place.problem(message)))
    return Found(
        problems=tuple(problems),
        examined={"G02": len(new), "G04": len(old)},
        drifted=any(rule == "G02" for rule, _ in problems),
    )


def _object(file: File, sources: Sources) -> Document:
    documents = load([file], sources).documents
    return documents[0] if documents else Document(file, 0, {}, source_of=sources)
