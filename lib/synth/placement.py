"""What an Application points at is there: its folder, its namespaces, and not too much of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lib.errors import FindingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lib.manifests import Manifest

# Made by Kubernetes itself.
GIVEN_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
# repo-server refuses a folder of more (--max-combined-directory-manifests-size, 10M by default).
LARGEST_FOLDER = 10 * 1000 * 1000


def check(manifests: Sequence[Manifest], tree: Mapping[str, bytes]) -> None:
    """Check a cluster's manifests against the tree that they make.

    Args:
        manifests: All of its manifests.
        tree: All of its files, ``<cluster>/<folder>/...`` -> content.

    Raises:
        FindingsError: One line per problem.
    """
    namespaces = {manifest.name for manifest in manifests if manifest.kind == "Namespace"}
    namespaces |= GIVEN_NAMESPACES | set(_made_by_others(manifests))
    sizes: Counter[str] = Counter()
    for path, content in tree.items():
        sizes["/".join(path.split("/")[:2])] += len(content)
    problems = [
        f"dist/{folder} holds {size} bytes, and Argo CD reads {LARGEST_FOLDER}: split the app"
        for folder, size in sorted(sizes.items())
        if size > LARGEST_FOLDER
    ]
    for manifest in manifests:
        where = f"{manifest.source}: {manifest.kind} {manifest.name}"
        if manifest.namespace and manifest.namespace not in namespaces:
            problems.append(f"{where}: nothing makes the namespace {manifest.namespace!r}")
        if manifest.kind == "Application":
            problems += [f"{where}: {line}" for line in _application(manifest, namespaces, sizes)]
    if problems:
        raise FindingsError(problems)


def _application(
    manifest: Manifest, namespaces: set[str], sizes: Mapping[str, int]
) -> Iterator[str]:
    spec = manifest.object.get("spec", {})
    target = spec.get("destination", {}).get("namespace")
    if target and target not in namespaces:
        yield f"nothing makes the namespace {target!r} that it deploys to"
    for source in spec.get("sources", [spec.get("source", {})]):
        path = str(source.get("path", ""))
        if path.startswith("dist/") and path.removeprefix("dist/") not in sizes:
            yield f"its path {path!r} has no file in it"


def _made_by_others(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Namespaces that a HelmChart or an Application makes by itself."""
    for manifest in manifests:
        spec = manifest.object.get("spec", {})
        if manifest.kind == "HelmChart" and spec.get("createNamespace"):
            yield str(spec.get("targetNamespace", ""))
        options = spec.get("syncPolicy", {}) if manifest.kind == "Application" else {}
        if "CreateNamespace=true" in options.get("syncOptions", ()):
            yield str(spec.get("destination", {}).get("namespace", ""))
