"""``yagura where`` and ``yagura apps``: what is in dist/, and which Python line made it."""

from __future__ import annotations

import difflib
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from lib.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from lib.manifests import Manifest

Entry = dict[str, Any]
_HOST = re.compile(r"Host\(`([^`]+)`\)")
_COLUMNS = ("APP", "NAMESPACE", "PROJECT", "WAVE", "OBJECTS", "SECRETS", "HOSTS")


def where(project: Path, wanted: str) -> int:
    """Print the file and the Python line of an object: ``KIND/[NAMESPACE/]NAME``.

    Raises:
        ConfigError: The words are no such name, or there is no such object.
    """
    parts = wanted.split("/")
    if len(parts) not in (2, 3) or not all(parts):
        raise ConfigError(f"where {wanted}: write KIND/NAME or KIND/NAMESPACE/NAME")
    kind, namespace, name = parts[0], parts[1] if len(parts) == 3 else None, parts[-1]  # noqa: PLR2004
    entries = _entries(project)
    found = [
        entry
        for entry in entries
        if entry["kind"].lower() == kind.lower()
        and entry["name"] == name
        and namespace in (None, entry["namespace"])
    ]
    if not found:
        known = {_title(entry).lower(): _title(entry) for entry in entries}
        close = difflib.get_close_matches(wanted.lower(), known, n=1, cutoff=0.5)
        meant = f": did you mean {known[close[0]]}?" if close else ""
        raise ConfigError(f"where {wanted}: there is no such object{meant}")
    for entry in found:
        sys.stdout.write(f"{_title(entry)}\n  {entry['file']}\n  {entry['source']}\n")
    return 0


def apps(project: Path, cluster: str | None) -> int:
    """Print one line per app: namespace, project, wave, objects, secrets, hosts.

    Raises:
        ConfigError: There is no such cluster.
    """
    entries = _entries(project)
    clusters = sorted({entry["cluster"] for entry in entries})
    if cluster is not None and cluster not in clusters:
        raise ConfigError(f"apps --cluster {cluster}: there are: {', '.join(clusters)}")
    for name in [cluster] if cluster else clusters:
        if len(clusters) > 1:
            sys.stdout.write(f"{name}:\n")
        _print(_rows([entry for entry in entries if entry["cluster"] == name]))
    return 0


def entry(cluster: str, manifest: Manifest, path: str) -> Entry:
    """What is kept of one object: where it is, what made it, and what the table shows."""
    annotations = manifest.object["metadata"].get("annotations", {})
    spec = manifest.object.get("spec", {})
    kept: Entry = {
        "cluster": cluster,
        "app": manifest.construct.partition("/")[0],
        "folder": manifest.folder,
        "group": manifest.identity.group,
        "kind": manifest.kind,
        "namespace": manifest.namespace,
        "name": manifest.name,
        "file": f"dist/{path}",
        "source": str(manifest.source),
    }
    if manifest.kind == "Application":
        kept["project"] = spec.get("project", "")
        kept["wave"] = annotations.get("argocd.argoproj.io/sync-wave", "0")
        kept["destination"] = spec.get("destination", {}).get("namespace", "")
    if manifest.kind == "IngressRoute":
        kept["matches"] = [route.get("match", "") for route in spec.get("routes", [])]
    return kept


def _entries(project: Path) -> list[Entry]:
    """Take the index of the last synth if nothing changed since, else make it anew in memory."""
    from lib.synth import pipeline  # noqa: PLC0415 - only when it is needed

    known = pipeline.known(project)
    if known is not None and known.state.inputs_are_same(os.fspath(project)):
        return known.index
    return pipeline.synthesize(project, pipeline.cluster_files(project), None, {}).index


def _title(entry: Entry) -> str:
    return "/".join(part for part in (entry["kind"], entry["namespace"], entry["name"]) if part)


def _rows(entries: Sequence[Entry]) -> Iterable[tuple[str, ...]]:
    applications = {entry["name"]: entry for entry in entries if entry["kind"] == "Application"}
    for app in dict.fromkeys(entry["app"] for entry in entries):
        own = [entry for entry in entries if entry["app"] == app]
        application = applications.get(app, {})
        hosts = [
            host
            for entry in own
            for match in entry.get("matches", ())
            for host in _HOST.findall(match)
        ]
        yield (
            app,
            _namespace(application, own),
            application.get("project", "-"),
            application.get("wave", "-"),
            str(len(own)),
            str(sum(entry["kind"] == "Secret" for entry in own)),
            " ".join(dict.fromkeys(hosts)) or "-",
        )


def _namespace(application: Entry, own: Sequence[Entry]) -> str:
    """The app's own; the Application of an app without one names a place for nothing."""
    home = application.get("destination") or "-"
    made = {entry["name"] for entry in own if entry["kind"] == "Namespace"}
    used = {entry["namespace"] for entry in own}
    return home if home in made | used else "-"


def _print(rows: Iterable[tuple[str, ...]]) -> None:
    table = [_COLUMNS, *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(_COLUMNS))]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
