"""``yagura secrets``: what has to be in Vault, and where in dist/ each value of it goes.

It is what a person goes by who fills Vault when a cluster goes live; no value is ever known here.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.checks.rules.secrets.filling import apps_of
from lib.checks.rules.secrets.placeholders import Placeholders
from lib.gate.committed import committed
from lib.gate.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.rules.secrets.placeholders import Placeholder
    from lib.manifests import Source

_COLUMNS = ("KEY", "APP", "OBJECT", "FIELD", "MADE BY")


@dataclass(frozen=True, kw_only=True)
class Use:
    """One placeholder, and what it is for.

    Attributes:
        cluster: The cluster.
        app: The Application that reads it; several in a row, or none.
        placeholder: The placeholder.
        line: Its line in the file.
    """

    cluster: str
    app: str
    placeholder: Placeholder
    line: int

    @property
    def document(self) -> Document:
        """The object that it stands in."""
        return self.placeholder.text.document

    @property
    def pointer(self) -> str:
        """Where in the object."""
        return self.placeholder.text.place.pointer

    @property
    def source(self) -> Source | None:
        """The Python line that made the object."""
        return self.document.source

    @property
    def order(self) -> tuple[str, ...]:
        """By cluster, then by path and key in Vault."""
        asked = self.placeholder
        return (self.cluster, asked.path, asked.key, self.document.file.name, self.pointer)


def secrets(project: Path, *, cluster: str | None, output: str) -> int:
    """Print every placeholder of dist/ as it is.

    Returns:
        0; 2 where something looks like a placeholder and is none.

    Raises:
        ConfigError: There is no such cluster, or nothing of it in dist/.
    """
    models = committed(project, cluster, source_of=Sources(project))
    uses = [each for _, model in models for each in _uses(model)]
    good = sorted((each for each in uses if not each.placeholder.wrong), key=lambda use: use.order)
    sys.stdout.write(_as_json(good) if output == "json" else _as_text(good))
    sys.stdout.flush()
    wrong = [each for each in uses if each.placeholder.wrong]
    for each in wrong:
        where = f"{each.document.file.name}:{each.line}: {each.pointer}"
        sys.stderr.write(f"yagura: {where}: no placeholder: {each.placeholder.wrong}\n")
    return 2 if wrong else 0


def _uses(model: Model) -> Iterator[Use]:
    found = model.derived(Placeholders)
    for document in found.documents:
        app = ", ".join(sorted(apps_of(model, document)))
        for placeholder in found.of(document):
            line = document.line(placeholder.text.place.pointer)
            yield Use(cluster=document.cluster, app=app, placeholder=placeholder, line=line)


# --- for programs --------------------------------------------------------------------------------


def _as_json(uses: Sequence[Use]) -> str:
    clusters: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for use in uses:
        clusters[use.cluster][use.placeholder.path].add(use.placeholder.key)
    vault = [
        {"cluster": cluster, "path": path, "keys": sorted(keys)}
        for cluster, paths in clusters.items()
        for path, keys in paths.items()
    ]
    value = {"placeholders": [_entry(use) for use in uses], "vault": vault}
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _entry(use: Use) -> dict[str, Any]:
    document, asked, source = use.document, use.placeholder, use.source
    return {
        "cluster": use.cluster,
        "app": use.app,
        "path": asked.path,
        "key": asked.key,
        "version": asked.version,
        "modifiers": list(asked.modifiers),
        "file": document.file.path,
        "line": use.line,
        "apiVersion": document.api_version,
        "kind": document.kind,
        "namespace": document.namespace,
        "name": document.name,
        "pointer": use.pointer,
        "source": {"file": source.file, "line": source.line} if source else None,
    }


# --- for people ----------------------------------------------------------------------------------


def _as_text(uses: Sequence[Use]) -> str:
    by_cluster: dict[str, dict[str, list[Use]]] = defaultdict(lambda: defaultdict(list))
    for use in uses:
        by_cluster[use.cluster][use.placeholder.path].append(use)
    lines: list[str] = []
    for cluster, by_path in by_cluster.items():
        number = sum(len(found) for found in by_path.values())
        lines.append(f"{cluster}: {len(by_path)} secrets in Vault, asked for in {number} places")
        rows = {path: [_row(use) for use in found] for path, found in by_path.items()}
        everything = [_COLUMNS, *(row for found in rows.values() for row in found)]
        widths = [max(map(len, column)) for column in zip(*everything, strict=True)]
        lines += ["", *_table([_COLUMNS], widths)]
        for path, found in rows.items():
            lines += ["", _title(path), *_table(found, widths)]
        lines.append("")
    return "".join(f"{line}\n" for line in lines) or "no placeholders\n"


def _title(path: str) -> str:
    """The path, and how the command ``vault kv`` calls it, which puts ``data/`` in itself."""
    mount, sign, name = path.partition("/data/")
    return f"{path}   (vault kv put -mount={mount} {name})" if sign else path


def _row(use: Use) -> tuple[str, ...]:
    asked, document = use.placeholder, use.document
    key = " | ".join((asked.key + (f"#{asked.version}" if asked.version else ""), *asked.modifiers))
    name = "/".join(part for part in (document.kind, document.namespace, document.name) if part)
    return (key, use.app or "-", name, use.pointer, str(use.source or "-"))


def _table(rows: Iterable[tuple[str, ...]], widths: Sequence[int]) -> Iterator[str]:
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()
