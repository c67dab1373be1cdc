"""Which level and version of the Pod Security Standards holds in a namespace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.checks.model import Model
    from lib.checks.pod_security.standard import Level

LEVELS: dict[str, Level] = {
    "privileged": "privileged",
    "baseline": "baseline",
    "restricted": "restricted",
}
ENFORCE = "pod-security.kubernetes.io/enforce"
VERSION = f"{ENFORCE}-version"
# RKE2's profile cis leaves it out of its standard: the node's own parts run there.
# Source: rke2-docs, docs/security/pod_security_standards.md
EXEMPT = frozenset({"kube-system"})


def demanded(model: Model, namespace: str) -> tuple[Level, int]:
    """The level and the minor version that a pod in this namespace is held to.

    Without a label that is "restricted", as in RKE2's profile cis, and the cluster's own version.
    """
    document = model.get("Namespace", "", namespace)
    labels = document.labels if document else {}
    default: Level = "privileged" if namespace in EXEMPT else "restricted"
    level = LEVELS.get(labels.get(ENFORCE, default), "restricted")
    return level, _minor(labels.get(VERSION, ""), model.context.kubernetes)


def _minor(pinned: str, kubernetes: str) -> int:
    newest = int(match[1]) if (match := re.match(r"v?1\.(\d+)", kubernetes)) else 36
    match = re.fullmatch(r"v1\.(0|[1-9]\d{0,3})", pinned)
    return min(int(match[1]), newest) if match else newest


def is_version(text: str) -> bool:
    """Whether a label's value names a version of the standard."""
    return text == "latest" or re.fullmatch(r"v1\.(0|[1-9]\d{0,3})", text) is not None
