"""A document: one Kubernetes object, the file it stands in, and the Python line that made it."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from lib.checks.kinds import type_of
from lib.checks.place import Place, steps
from lib.checks.reading import Unreadable, compose
from lib.manifests import Identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.manifests import Source

DIST = "dist"
# dist/<cluster>/nodes/: RKE2's own configuration, which no API server ever sees.
NODES = "nodes"


class File:
    """A file of manifests.

    Args:
        name: Its path as it is shown to people.
        content: Its bytes.
        path: Its path from the top of its repository, such as ``dist/production/whoami/a.yaml``.
        unreadable: Why there is no content, where the machine did not give it.
    """

    def __init__(
        self, name: str, content: bytes, path: str | None = None, *, unreadable: str = ""
    ) -> None:
        self.name = name
        self.content = content
        self.unreadable = unreadable
        self.path = name if path is None else path
        # Whether it is judged itself, or only known, as the rest of a cluster of which a part is.
        self.judged = True
        self.folder_path = self.path.rpartition("/")[0]
        # dist/<cluster>/<folder>/...
        parts = self.path.split("/")
        ours = len(parts) > 3 and parts[0] == DIST  # noqa: PLR2004
        self.cluster = parts[1] if ours else ""
        self.folder = parts[2] if ours else ""

    @cached_property
    def nodes(self) -> list[yaml.Node | None]:
        """The nodes of each document, as far as they can be read; only findings need them."""
        found: list[yaml.Node | None] = []
        with suppress(
            Unreadable, yaml.YAMLError, UnicodeDecodeError
        ):  # the reading itself has said so
            found += compose(self.content.decode("utf-8-sig"))
        return found

    def line(self, document: int, pointer: str) -> int:
        """The line of what ``pointer`` names, or of the nearest thing around it that is there."""
        node = self.nodes[document] if document < len(self.nodes) else None
        if node is None:
            return 1
        line = node.start_mark.line
        for step in steps(pointer):
            below = _below(node, step)
            if below is None:
                break
            line, node = below
        return int(line) + 1


def _below(node: yaml.Node, step: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode):
        if step.isdigit() and int(step) < len(node.value):
            item = node.value[int(step)]
            return item.start_mark.line, item
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    return None


class Document:
    """One object of the set.

    Attributes:
        file: The file that holds it.
        index: The document in the file, from 0.
        base: The pointer from the document to the object: ``/items/2`` in a ``kind: List``.
        object: The object as JSON values.
        provided_by: Where it is not in the set but declared: the chart that brings it.
        api_version, group, version, kind, namespace, name: Empty where the object gives none.
        identity: Group, kind, namespace and name.
        type: ``Kind.group``, or the kind alone in the core group: ``Deployment.apps``, ``Service``.
        root: The place of the object itself.
    """

    def __init__(
        self,
        file: File,
        index: int,
        value: Any,
        *,
        base: str = "",
        source_of: Callable[[Document], Source | None] | None = None,
        provided_by: str = "",
    ) -> None:
        self.file = file
        self.index = index
        self.base = base
        self._source_of = source_of
        self.provided_by = provided_by
        self.object: dict[str, Any] = value if isinstance(value, dict) else {}
        self.root = Place(self, "", self.object)
        self.api_version = self.root.text("apiVersion")
        self.group, _, self.version = self.api_version.rpartition("/")
        self.kind = self.root.text("kind")
        self.namespace = self.root.text("metadata", "namespace")
        self.name = self.root.text("metadata", "name")
        self.identity = Identity(self.group, self.kind, self.namespace, self.name)
        self.type = type_of(self.api_version, self.kind)
        self.at = self.root.at
        self.each = self.root.each
        self.text = self.root.text

    def __repr__(self) -> str:
        return f"<{self.identity} in {self.file.name}>"

    @cached_property
    def source(self) -> Source | None:
        """The Python line that made it; asked for only when there is something to say about it."""
        return self._source_of(self) if self._source_of is not None else None

    @property
    def cluster(self) -> str:
        """The cluster whose folder in dist/ it lies in, or empty."""
        return self.file.cluster

    @property
    def folder(self) -> str:
        """The app's folder: ``whoami`` of ``dist/production/whoami/...``, or empty."""
        return self.file.folder

    @property
    def labels(self) -> dict[str, str]:
        """``metadata.labels``."""
        return self.root.texts("metadata", "labels")

    @property
    def annotations(self) -> dict[str, str]:
        """``metadata.annotations``."""
        return self.root.texts("metadata", "annotations")

    def line(self, pointer: str = "") -> int:
        """The line of a place in the object."""
        return self.file.line(self.index, f"{self.base}{pointer}")
