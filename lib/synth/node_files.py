"""Files for the nodes: they lie in dist/ like manifests, and are no Kubernetes objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib import yaml_text
from lib.errors import FindingsError, InternalError
from lib.synth.files import heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lib.manifests import Source

FOLDER = "nodes"
# How ``yagura where`` calls them: NodeFile/server/config.yaml.
KIND = "NodeFile"


@dataclass(frozen=True, kw_only=True)
class FileForNodes:
    """One file as it will be committed.

    Attributes:
        path: From ``dist/<cluster>/``: ``nodes/server/...`` or ``nodes/agent/...``.
        content: A map, to be written as YAML, or the text itself.
        construct: The path of the construct that made it.
        source: The Python line that made it.
    """

    path: str
    content: Mapping[str, Any] | str
    construct: str
    source: Source


def text_of(file: FileForNodes) -> bytes:
    """Write a file: the line of its origin, and its content.

    Raises:
        InternalError: What was written does not read back as the same values.
    """
    if isinstance(file.content, str):
        return f"{heading(file.source)}{file.content}".encode()
    body = yaml_text.dump(file.content)
    if yaml_text.load(body) != file.content:
        raise InternalError(
            f"{file.source}: {file.path} does not read back from YAML as it was; dist/ is unchanged"
        )
    return f"{heading(file.source)}{body}".encode()


def paths(cluster: str, files: Iterable[FileForNodes]) -> dict[str, FileForNodes]:
    """The files of a cluster, in order, by their paths from the top of dist/.

    Raises:
        FindingsError: Two apps write the same file.
    """
    found: dict[str, FileForNodes] = {}
    problems = []
    for file in files:
        other = found.setdefault(f"{cluster}/{file.path}", file)
        if other is not file:
            problems.append(
                f"{file.source}: {file.path} is made twice: here and at {other.source} "
                f"({other.construct} and {file.construct}): rename one"
            )
    if problems:
        raise FindingsError(problems)
    return dict(sorted(found.items()))


def entry(cluster: str, file: FileForNodes) -> dict[str, Any]:
    """The file's entry in the index, with the role of its nodes in the namespace's place."""
    _, role, name = file.path.split("/")
    return {
        "cluster": cluster,
        "app": file.construct.partition("/")[0],
        "folder": FOLDER,
        "group": "",
        "kind": KIND,
        "namespace": role,
        "name": name,
        "file": f"dist/{cluster}/{file.path}",
        "source": str(file.source),
    }


def without_node_files(tree: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a tree that hold Kubernetes objects."""
    return {path: text for path, text in tree.items() if path.split("/")[1:2] != [FOLDER]}
