"""Files become documents: every object in them, and what is wrong with the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.checks.document import NODES, Document
from lib.checks.engine import Found
from lib.checks.place import Problem
from lib.checks.reading import Fault, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lib.checks.document import File
    from lib.manifests import Source

    SourceOf = Callable[[Document], Source | None]

_READING_RULES = ("Y01", "Y02", "Y03", "Y04")


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What files hold.

    Attributes:
        documents: All Kubernetes objects.
        node_files: The files of dist/<cluster>/nodes/, which are no objects; ``root`` is empty
            where one is no map.
        found: What is wrong with the files.
    """

    documents: list[Document]
    node_files: list[Document]
    found: Found


def load(files: Iterable[File], source_of: SourceOf | None = None) -> Loaded:
    """Read all files.

    Args:
        files: The files; what is in them may be anything.
        source_of: Finds the Python line that made an object.
    """
    loader = _Loader(source_of)
    for file in files:
        loader.read(file)
    return Loaded(
        documents=loader.documents,
        node_files=loader.node_files,
        found=Found(
            problems=tuple(loader.problems),
            examined=dict.fromkeys(_READING_RULES, loader.count),
        ),
    )


class _Loader:
    def __init__(self, source_of: SourceOf | None) -> None:
        self._source_of = source_of
        self.documents: list[Document] = []
        self.node_files: list[Document] = []
        self.problems: list[tuple[str, Problem]] = []
        self.count = 0

    def read(self, file: File) -> None:
        content = read(file.name, file.content)
        if file.unreadable:
            content.faults.append(Fault("Y01", 0, 1, "", file.unreadable))
        if file.folder == NODES:
            value = content.documents[0][1] if content.documents else {}
            self.node_files.append(Document(file, 0, value, source_of=self._source_of))
            return
        self.count += 1
        first: dict[int, Document] = {}
        for number, value in content.documents:
            for document, item in _objects(file, number, value, self._source_of):
                first.setdefault(number, document)
                self._take(document, item)
        for fault in content.faults:
            document = first.get(fault.document) or Document(
                file, fault.document, {}, source_of=self._source_of
            )
            self.problems.append(
                (
                    fault.rule,
                    Problem(
                        document=document,
                        pointer=fault.pointer.removeprefix(document.base),
                        message=fault.message,
                        line=fault.line,
                    ),
                )
            )

    def _take(self, document: Document, value: Any) -> None:
        wrong = _no_object(document, value)
        if wrong:
            self.problems.append(("Y04", document.root.problem(wrong)))
        else:
            self.documents.append(document)


def _objects(
    file: File, number: int, value: Any, source_of: SourceOf | None, base: str = ""
) -> Iterator[tuple[Document, Any]]:
    """The object, or what is in it where it is a list of objects (``kubectl get -o yaml``)."""
    document = Document(file, number, value, base=base, source_of=source_of)
    is_list = document.kind.endswith("List") and isinstance(document.object.get("items"), list)
    if not is_list or document.name or base.count("/") > 8:  # noqa: PLR2004 - lists in lists end
        yield document, value
        return
    for place, item in enumerate(document.object["items"]):
        yield from _objects(file, number, item, source_of, f"{base}/items/{place}")


def _no_object(document: Document, value: Any) -> str:
    if not isinstance(value, dict):
        return f"a {_type(value)}, not an object"
    missing = [key for key in ("apiVersion", "kind") if not document.text(key)]
    if missing:
        return f"no {' and no '.join(missing)}: not a Kubernetes object"
    if not document.name and not document.text("metadata", "generateName"):
        return f"{document.kind} without metadata.name"
    return ""


def _type(value: Any) -> str:
    names = {str: "text", bool: "boolean", int: "number", float: "number", list: "list"}
    return names.get(type(value), "null")
