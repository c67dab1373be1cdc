"""What an Argo CD project permits, decided as Argo CD decides it.

Source: pkg/apis/application/v1alpha1/app_project_types.go of argoproj/argo-cd
(IsSourcePermitted, isDestinationMatched, IsGroupKindNamePermitted).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lib.checks.applications import Destination, normalized
from lib.checks.globs import matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lib.checks.document import Document
    from lib.checks.place import Place

PROJECT = "AppProject.argoproj.io"
_PATTERN = re.compile(r"[*?\[{\\]")


def permits_source(project: Document, repository: str) -> bool:
    """Whether the project lets its Applications read a repository."""
    wanted, permitted = normalized(repository), False
    for entry in project.at("spec", "sourceRepos").items():
        if not isinstance(entry, str):
            continue
        deny = entry.startswith("!")
        fits = _fits(("!" if deny else "") + normalized(entry.removeprefix("!")), wanted, "/")
        if deny and not fits:
            return False
        permitted = permitted or fits
    return permitted


def permits_destination(project: Document, cluster: Destination, namespace: str) -> bool:
    """Whether the project lets its Applications write to a namespace of a cluster."""
    fits = [_Fit(entry, cluster, namespace) for entry in _bearing_on(project, namespace)]
    return any(each.permits for each in fits) and not any(each.denies for each in fits)


def permitting(project: Document, cluster: Destination, namespace: str) -> list[Place]:
    """The entries of ``destinations`` that let Applications write there."""
    entries = _bearing_on(project, namespace)
    return [entry for entry in entries if _Fit(entry, cluster, namespace).permits]


def _bearing_on(project: Document, namespace: str) -> Sequence[Place]:
    """The entries of ``destinations`` but those that are about another namespace alone."""
    named = _named(project)
    always = named.get("", ())
    return [*always, *named.get(namespace, ())] if namespace else always


@lru_cache(maxsize=64)
def _named(project: Document) -> Mapping[str, Sequence[Place]]:
    """The entries by the namespace that they name; under "" those of a pattern or a denial.

    A project of many apps has many entries, and is asked about every object of theirs.
    """
    found: dict[str, list[Place]] = {}
    for entry in project.each("spec", "destinations"):
        server, name, pattern = (entry.text(key) for key in ("server", "name", "namespace"))
        any_denies = any(text.startswith("!") for text in (server, name, pattern))
        plain = not any_denies and not _PATTERN.search(pattern)
        found.setdefault(pattern if plain else "", []).append(entry)
    return found


class _Fit:
    """How one entry of ``destinations`` bears on a namespace of a cluster."""

    def __init__(self, entry: Place, cluster: Destination, namespace: str) -> None:
        server, name, pattern = (entry.text(key) for key in ("server", "name", "namespace"))
        name_fits = bool(cluster.name) and _fits(name, cluster.name)
        server_fits = bool(cluster.server) and _fits(server, cluster.server)
        namespace_fits = _fits(pattern, namespace)
        self.permits = (server_fits or name_fits) and namespace_fits
        self.denies = not self.permits and (
            (name.startswith("!") and not name_fits)
            or (server.startswith("!") and not server_fits and namespace_fits)
            or (pattern.startswith("!") and not namespace_fits and server_fits)
        )


def permits_kind(project: Document, document: Document, *, namespaced: bool) -> bool:
    """Whether the project lets its Applications apply an object of this kind."""
    spec = project.at("spec")
    if namespaced:
        white, black = (spec.at(f"namespaceResource{list_}list") for list_ in ("White", "Black"))
        listed = white.value is None or _is_listed(white, document)
        return listed and not _is_listed(black, document)
    white, black = (spec.at(f"clusterResource{list_}list") for list_ in ("White", "Black"))
    return _is_listed(white, document, named=True) and not _is_listed(black, document, named=True)


def _is_listed(entries: Place, document: Document, *, named: bool = False) -> bool:
    for entry in entries.each():
        name = entry.text("name") if named else ""
        fits = (
            _fits_kind(entry.text("kind"), document.kind)
            and _fits_kind(entry.text("group"), document.group)
            and (not name or _fits_kind(name, document.name))
        )
        if fits:
            return True
    return False


def _fits(pattern: str, text: str, separator: str = "") -> bool:
    if pattern.startswith("!"):
        return not matches(pattern[1:], text, separator=separator)
    return pattern == "*" or matches(pattern, text, separator=separator)


def _fits_kind(pattern: str, text: str) -> bool:
    return matches(pattern, text, separator="/")
