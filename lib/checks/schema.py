"""The schema step: kubeconform judges every object, and what it refuses is told readably."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lib.checks.chart_schema import check_charts
from lib.checks.engine import Found
from lib.checks.kubeconform import find_kubeconform, kubernetes_schemas, validate
from lib.checks.schema_messages import causes
from lib.manifests import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lib.checks.document import Document
    from lib.checks.kubeconform import Problem as Verdict
    from lib.checks.kubeconform import Report
    from lib.checks.place import Problem

SCHEMAS = PROJECT / "schemas"


def check_schemas(documents: Sequence[Document], *, kubernetes: str, cache: Path) -> Found:
    """Judge every object against the schema of its kind.

    Each is handed over as a file of its own, so that a verdict belongs to one object, whatever
    file and list it stands in.

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
        files = {Path(name) / f"{number}.json": each for number, each in enumerate(documents)}
        for path, document in files.items():
            path.write_text(json.dumps(document.object), encoding="utf-8")
        report = validate(
            [*files],
            objects=len(files),
            schemas=SCHEMAS,
            kubernetes=prepared,
            binary=find_kubeconform(PROJECT),
        )
    return _found(files, report, prepared, check_charts(documents))


def _found(
    files: Mapping[Path, Document], report: Report, kubernetes: Path, values: Found
) -> Found:
    problems: list[tuple[str, Problem]] = []
    crashed: list[str] = []
    for verdict in report.problems:
        document = files[verdict.file]
        if "does not compile" in verdict.message:
            crashed.append(f"{document.api_version} {document.kind}: {verdict.message}")
        else:
            problems += _explained(document, verdict, kubernetes)
    count = len(files)
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
        yield "K01", document.at_pointer(pointer).problem(message)
    if not found:
        pointer = verdict.pointers[0] if verdict.pointers else ""
        yield "K01", document.at_pointer(pointer).problem(verdict.message)
