"""Every object is who it says it is: known kind, right namespace, valid name, and only once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib import values
from lib.errors import FindingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lib.manifests import Identity, Manifest
    from lib.synth.scopes import Scopes

# Kubernetes: "Object Names and IDs" (DNS-1123 subdomain and label, DNS-1035 label, path segment).
_SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_SERVICE = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%]+")
_RBAC = "rbac.authorization.k8s.io"
# A name becomes part of its pods' names and labels.
_SHORT = {"Namespace": 63, "Service": 63, "StatefulSet": 52, "CronJob": 52, "Job": 63}
_DNS = "lower-case letters, digits and inner '-'"


def check(manifests: Sequence[Manifest], scopes: Scopes) -> None:
    """Check all manifests of a cluster together.

    A namespace that a cluster-wide object has only from its chart's default is taken away.

    Raises:
        FindingsError: One line per problem, each with the Python line that made the object.
    """
    problems: list[str] = []
    seen: dict[Identity, Manifest] = {}
    for manifest in manifests:
        where = f"{manifest.source}: {manifest.kind or '(no kind)'} {_shown(manifest.name)}"
        found = list(_of_one(manifest, scopes))
        problems += [f"{where}: {line}" for line in found]
        if found:
            continue
        first = seen.setdefault(manifest.identity, manifest)
        if first is not manifest:
            problems.append(
                f"{where}: {manifest.identity} is made twice: here and at {first.source} "
                f"({first.construct} and {manifest.construct}): rename one"
            )
    if problems:
        raise FindingsError(problems)


def _shown(name: str) -> str:
    """A name as one line can hold it."""
    shown = name if name.isprintable() else repr(name)
    return f"{shown[:80]}..." if len(shown) > 80 else shown or "(no name)"  # noqa: PLR2004


def _of_one(manifest: Manifest, scopes: Scopes) -> Iterator[str]:
    if not manifest.api_version or not manifest.kind:
        yield "apiVersion or kind is missing"
        return
    yield from values.problems(manifest.object)
    yield from _name(manifest)
    scope = scopes.of(manifest)
    if scope is None:
        nearest = scopes.nearest(manifest)
        meant = (
            f"did you mean {nearest}?" if nearest else "see docs/reference/schemas.md to add one"
        )
        yield f"no schema describes {manifest.api_version}/{manifest.kind}: {meant}"
    elif scope == "Namespaced":
        yield from _namespaced(manifest)
    elif manifest.namespace == manifest.home:
        manifest.object["metadata"].pop("namespace", None)
    elif manifest.namespace:
        yield f"{manifest.kind} is cluster-wide, and namespace {manifest.namespace!r} is given"


def _namespaced(manifest: Manifest) -> Iterator[str]:
    if not manifest.namespace:
        yield "no namespace: the app has none of its own, so give it one"
    elif not _LABEL.fullmatch(manifest.namespace) or len(manifest.namespace) > _SHORT["Namespace"]:
        yield f"namespace {manifest.namespace!r} is no DNS label: {_DNS}, at most 63"


def _name(manifest: Manifest) -> Iterator[str]:
    name, kind = manifest.name, manifest.kind
    longest = _SHORT.get(kind, 253)
    if kind == "Namespace":
        valid, rule = _LABEL.fullmatch(name), f"{_DNS}"
    elif kind == "Service":
        valid, rule = _SERVICE.fullmatch(name), f"{_DNS}, starting with a letter"
    elif manifest.identity.group == _RBAC:
        valid, rule = _SEGMENT.fullmatch(name), "anything but '/' and '%'"
    else:
        valid, rule = _SUBDOMAIN.fullmatch(name), f"{_DNS} and '.'"
    if not valid or len(name) > longest:
        shown = name if len(name) <= longest else f"{name[:40]}... ({len(name)} characters)"
        yield f"name {shown!r} is not valid for a {kind}: use {rule}, at most {longest}"
