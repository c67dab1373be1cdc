"""Files and folders that somebody points the gate at: anyone's, or a part or copy of a dist/."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lib.checks.document import DIST, File
from lib.checks.loading import load
from lib.checks.model import Context
from lib.checks.reading import LARGEST_FILE
from lib.checks.schema import check_schemas
from lib.errors import ConfigError, YaguraError
from lib.gate.own import Judged, models_of
from lib.gate.sources import Sources
from lib.synth import pipeline
from lib.synth.files import is_ours
from lib.synth.tree import near

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lib.checks.document import Document
    from lib.config import Cluster

_ENDINGS = (".yaml", ".yml", ".json")
# Read by kustomize itself, and no objects.
_NO_MANIFESTS = {"kustomization.yaml", "kustomization.yml"}


def given(
    project: Path,
    paths: Sequence[Path],
    *,
    cluster: str | None,
    kubernetes: str,
    provided: Sequence[Document],
) -> Judged:
    """Read what ``paths`` hold.

    A part of a dist/ is judged with all of its cluster in view; findings are about the part alone.

    Args:
        project: The checkout, for the cluster's facts and Python lines.
        paths: Files and folders.
        cluster: The cluster whose facts hold for what lies in no dist/.
        kubernetes: The version whose schemas hold.
        provided: What charts bring; for a dist/ alone.

    Raises:
        ConfigError: A path is not there, or a folder holds no manifests, or no such cluster.
    """
    if cluster is not None:
        pipeline.cluster_files(project, cluster)  # says it where there is none
    files = _files(paths)
    whole = {file.cluster: _cluster_folder(file) for file in files if file.cluster}
    for folder in whole.values():
        files += _rest(folder, files)
    loaded = load(files, Sources(project))
    contexts = {
        name: Context(complete=True, cluster=_facts(project, folder), kubernetes=kubernetes)
        for name, folder in whole.items()
    }
    facts = _facts(project, project / DIST / cluster) if cluster else None
    contexts[""] = Context(cluster=facts, kubernetes=kubernetes)
    judged = [document for document in loaded.documents if document.file.judged]
    schemas = check_schemas(judged, kubernetes=kubernetes, cache=project / ".yagura")
    models = models_of(loaded, contexts, provided)
    return Judged(models=models, found=[loaded.found, schemas])


def _files(paths: Sequence[Path]) -> list[File]:
    found: dict[Path, File] = {}
    for path in paths:
        if not path.exists():
            raise ConfigError(f"{path}: there is no such file or folder")
        inside = [*_below(path)] if path.is_dir() else [path]
        if not inside:
            raise ConfigError(f"{path}: there is no {', '.join(_ENDINGS)} in it")
        for file in inside:
            found.setdefault(file.resolve(), _file(file))
    return [found[path] for path in sorted(found)]


def _file(path: Path) -> File:
    content, unreadable = _content(path)
    whole = path.resolve()
    top = _top(whole) if is_ours(content) else None
    name = near(os.fspath(path))
    shown = whole.relative_to(top).as_posix() if top else name
    return File(name, content, shown, unreadable=unreadable)


def _content(path: Path) -> tuple[bytes, str]:
    """What is in a file, or why nobody can tell; a folder of anyone's may hold anything."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would keep us waiting
            return b"", "no file"
        if status.st_size > LARGEST_FILE:
            return b"", f"{status.st_size} bytes: at most {LARGEST_FILE} are read"
        return path.read_bytes(), ""
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name != "node_modules"
        )
        for name in sorted(names):
            if name.endswith(_ENDINGS) and name not in _NO_MANIFESTS and name[0] != ".":
                yield Path(place) / name


def _top(path: Path) -> Path | None:
    """The folder that holds the ``dist`` in which a file lies."""
    return next((each.parent for each in path.parents if each.name == DIST), None)


def _cluster_folder(file: File) -> Path:
    """``dist/<cluster>`` of a file that lies in it."""
    depth = len(file.path.split("/")) - 2
    return Path(file.name).resolve().parents[depth - 1]


def _rest(folder: Path, files: Sequence[File]) -> list[File]:
    """The other files of a cluster: known to the rules, and not judged."""
    there = {Path(file.name).resolve() for file in files}
    rest = [_file(path) for path in _below(folder) if path.resolve() not in there]
    for file in rest:
        file.judged = False
    return rest


def _facts(project: Path, folder: Path) -> Cluster | None:
    """The facts of a cluster: beside its dist/, else the checkout's own of the same name."""
    from lib.config import load_cluster  # noqa: PLC0415 - pydantic; only for a dist/

    for top in (folder.parent.parent, project):
        path = top / "clusters" / f"{folder.name}.yaml"
        if path.is_file():
            with suppress(YaguraError):  # a copy may lack what the file names
                return load_cluster(path)
    return None
