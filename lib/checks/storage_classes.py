"""Which StorageClass serves the claims that name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.checks.document import Document

# The second is the old name, which Kubernetes heeds as well (pkg/apis/storage/util).
_MARKS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)


def is_default(storage_class: Document) -> bool:
    """Whether it is marked as the default."""
    return "true" in map(storage_class.annotations.get, _MARKS)
