"""Where a manifest lies in dist/: a path that says what it is and moves for no other's sake."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from lib.errors import FindingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lib.manifests import Manifest
    from lib.synth.scopes import Scopes

BOOTSTRAP = "bootstrap"
_LONGEST = 200


def path_of(manifest: Manifest, scopes: Scopes) -> str:
    """The file, from ``dist/<cluster>/``: ``<folder>/[<namespace>/]<kind>-<name>.yaml``.

    It follows from the object alone, so that adding one object never renames another's file. The
    kind carries its API group where several groups have it. In ``bootstrap/``, whose file names
    RKE2 takes as names of AddOns over all subfolders, a foreign namespace is part of the name, and
    a dot, at which RKE2 would cut, is not (pkg/deploy/controller.go of k3s-io/k3s).
    """
    inside = manifest.namespace if manifest.namespace != manifest.home else ""
    kind = manifest.kind
    if kind in scopes.ambiguous_kinds and manifest.identity.group:
        kind = f"{kind}.{manifest.identity.group}"
    parts = [kind, manifest.name]
    if manifest.folder == BOOTSTRAP and inside:
        parts.insert(1, inside)
    wanted = "-".join(parts)
    slug = re.sub(r"[^a-z0-9.-]", "-", wanted.lower())
    if manifest.folder == BOOTSTRAP:
        slug = slug.replace(".", "-")
    if (slug != wanted.lower() and manifest.folder != BOOTSTRAP) or len(slug) > _LONGEST:
        digest = hashlib.sha256(str(manifest.identity).encode()).hexdigest()[:8]
        slug = f"{slug[:_LONGEST]}-{digest}"
    return "/".join(part for part in (manifest.folder, inside, f"{slug}.yaml") if part)


def paths(manifests: Iterable[Manifest], scopes: Scopes) -> dict[str, Manifest]:
    """The files of all manifests of a cluster, in order.

    Raises:
        FindingsError: Two manifests would lie in one file, on a file system that ignores case too.
    """
    found: dict[str, Manifest] = {}
    folded: dict[str, Manifest] = {}
    problems = []
    for manifest in manifests:
        path = path_of(manifest, scopes)
        key = path.rpartition("/")[2] if manifest.folder == BOOTSTRAP else path
        other = folded.setdefault(key.casefold(), manifest)
        if other is not manifest:
            problems.append(
                f"{manifest.source}: {manifest.identity} and {other.identity} ({other.source}) "
                f"would both be {path}: rename one"
            )
        found[path] = manifest
    if problems:
        raise FindingsError(problems)
    return dict(sorted(found.items()))
