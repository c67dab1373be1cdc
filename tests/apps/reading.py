"""Read what an app was built into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from lib.manifests import Manifest, ManifestSet


def one(manifests: ManifestSet, kind: str, name: str) -> Manifest:
    """Give the one manifest of a kind and name."""
    (found,) = [manifest for manifest in manifests.of_kind(kind) if manifest.name == name]
    return found


def spec(manifests: ManifestSet, kind: str, name: str) -> dict[str, Any]:
    """Give the spec of the one manifest of a kind and name."""
    found: dict[str, Any] = one(manifests, kind, name).object["spec"]
    return found


def chart_values(manifests: ManifestSet, name: str) -> dict[str, Any]:
    """Give the values of a HelmChart, in either form."""
    chart = spec(manifests, "HelmChart", name)
    found: dict[str, Any] = chart.get("values") or yaml.safe_load(chart["valuesContent"])
    return found


def default_classes(manifests: ManifestSet) -> list[str]:
    """Names of the StorageClasses that serve a claim without a class."""
    key = "storageclass.kubernetes.io/is-default-class"
    return [
        manifest.name
        for manifest in manifests.of_kind("StorageClass")
        if manifest.object["metadata"].get("annotations", {}).get(key) == "true"
    ]
