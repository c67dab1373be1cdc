"""The schema step: kubeconform judges every object, and what it refuses is told readably."""

from __future__ import annotations

import json
import re
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lib.checks.chart_schema import check_charts
from lib.checks.engine import Found
from lib.checks.kubeconform import find_kubeconform, kubernetes_schemas, validate
from lib.checks.schema_messages import causes
from lib.errors import FindingsError
from lib.manifests import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lib.checks.document import Document
    from lib.checks.kubeconform import Problem as Verdict
    from lib.checks.kubeconform import Report
    from lib.checks.place import Problem

SCHEMAS = PROJECT / "schemas"
# Two escapes that stand for one character, or a backslash, which begins no escape.
_PAIR = re.compile(r"\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}")


def check_schemas(documents: Sequence[Document], *, kubernetes: str, cache: Path) -> Found:
    """Judge every object against the schema of its kind.

    Args:
        documents: The objects.
        kubernetes: The version whose schemas hold.
        cache: Where the prepared schemas of Kubernetes are kept.

    Raises:
        ConfigError: There are no schemas for this version.
        EnvironmentFault: kubeconform is not there, or does not answer.
    """
    prepared = kubernetes_schemas(kubernetes, cache)
    with tempfile.TemporaryDirectory(prefix="yagura-") as name:
        validated = partial(
            validate, schemas=SCHEMAS, kubernetes=prepared, binary=find_kubeconform(PROJECT)
        )
        refused = _refused(documents, Path(name) / "all.yaml", validated)
        files = {Path(name) / f"{number}.json": each for number, each in enumerate(refused)}
        for path, document in files.items():
            path.write_text(_text(document), encoding="utf-8")
        report = validated([*files], objects=len(files))
    return _found(len(documents), files, report, prepared, check_charts(documents))


def _text(document: Document) -> str:
    """An object as JSON that is YAML too, which knows no pairs of escapes for one character."""

    def whole(found: re.Match[str]) -> str:
        return str(json.loads(f'"{found[0]}"')) if found[0] != "\\\\" else found[0]

    return _PAIR.sub(whole, json.dumps(document.object))


def _refused(
    documents: Sequence[Document], path: Path, validated: Callable[..., Report]
) -> list[Document]:
    """The objects to look at one by one: those that share kind and name with a refused one.

    All go through one file first, because a file for each is half of the time of a run without
    findings; in a file for itself, a verdict belongs to one object, wherever that stands.
    """
    if not documents:
        return []
    path.write_text("\n---\n".join(map(_text, documents)), encoding="utf-8")
    try:
        report = validated([path], objects=len(documents))
    except FindingsError:  # kubeconform sees other documents in the file than were put into it
        return [*documents]
    named = {(each.version, each.kind, each.name) for each in report.problems}
    found = [each for each in documents if (each.api_version, each.kind, each.name) in named]
    known = {(each.api_version, each.kind, each.name) for each in found}
    return found if named <= known else [*documents]


def _found(
    count: int, files: Mapping[Path, Document], report: Report, kubernetes: Path, values: Found
) -> Found:
    problems: list[tuple[str, Problem]] = []
    crashed: list[str] = []
    for verdict in report.problems:
        document = files[verdict.file]
        if "does not compile" in verdict.message:
            crashed.append(f"{document.api_version} {document.kind}: {verdict.message}")
        else:
            problems += _explained(document, verdict, kubernetes)
    return Found(
        problems=(*problems, *values.problems),
        examined={"K01": count, "K02": count, **values.examined},
        crashed=tuple(crashed),
    )


def _explained(
    document: Document, verdict: Verdict, kubernetes: Path
) -> Iterator[tuple[str, Problem]]:
    if verdict.message.startswith("no schema for"):
        yield "K02", document.root.problem(verdict.message)
        return
    found = causes(document.object, SCHEMAS, kubernetes)
    for pointer, message in found:
        yield "K01", document.root.at_pointer(pointer).problem(message)
    if not found:
        pointer = verdict.pointers[0] if verdict.pointers else ""
        yield "K01", document.root.at_pointer(pointer).problem(verdict.message)
