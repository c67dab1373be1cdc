"""Whether what does not stand beside an object is missing, or may be somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.checks.document import Document
    from lib.checks.model import Model


def decides_beside(model: Model, type_: str, document: Document) -> bool:
    """``Model.decides`` for the namespace of an object, which may be given only when it is applied.

    Then other folders of the set can be for other namespaces: only the object's own folder tells.
    """
    if model.context.complete or document.namespace:
        return model.decides(type_, document.namespace)
    return (type_, document.file.folder_path) in model.derived(_folders)


def _folders(model: Model) -> frozenset[tuple[str, str]]:
    """The types of objects without namespace that each folder holds."""
    return frozenset(
        (document.type, document.file.folder_path) for document in model.in_namespace("")
    )
