"""Rebuilds schemas/ from the pinned modules: ``python -m tools.derive_schemas``, or make schemas.

Everything is fetched and converted before the first file is touched; a run that fails leaves the
folder as it was, and a run that finds nothing new leaves no diff.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from lib.errors import EnvironmentFault, InternalError, YaguraError
from tools.schema_conversion import Kind, kinds
from tools.schema_scopes import built_in_scopes
from tools.schema_sharing import share
from tools.schema_sources import DEFINITIONS, KUBERNETES, Download, Source, download

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"


def derive(
    fetch: Callable[[Source], Download],
    *,
    definitions: Iterable[Source] = DEFINITIONS,
    kubernetes: Source = KUBERNETES,
    own: Path | None = None,
) -> dict[str, bytes]:
    """Make all files of the folder, in memory.

    Args:
        fetch: How to get a module.
        definitions: The modules that hold custom resource definitions.
        kubernetes: The module that says which built-in kinds there are.
        own: A folder of definitions that no module holds, if there are any.

    Returns:
        The files' bytes by their paths under schemas/.

    Raises:
        EnvironmentFault: A module cannot be had.
        InternalError: A definition cannot be converted, or two modules define one kind.
    """
    downloads = [fetch(source) for source in (*definitions, kubernetes)]
    built_in = downloads.pop()
    if own is not None and any(own.glob("*.yaml")):
        source = Source(module="schemas/own", version="", files=("*.yaml",))
        downloads.append(Download(source=source, folder=own, checksum=""))
    scopes = built_in_scopes(built_in.text(path) for path in built_in.paths())
    records = [_record(built_in, {path: ["scopes.json"] for path in built_in.paths()})]
    files: dict[str, bytes] = {}
    for module in downloads:
        made: dict[Path, list[str]] = {}
        for path in module.paths():
            found = _kinds(module, path)
            made[path] = sorted(kind.path for kind in found)
            for kind in found:
                if kind.path in files:
                    raise InternalError(f"{module.source}: {kind.path} is defined twice")
                files[kind.path] = encoded(share(kind.schema))
                scopes[f"{kind.api_version}/{kind.kind}"] = kind.scope
        records.append(_record(module, made))
    records.sort(key=lambda record: str(record["module"]))
    return files | {"scopes.json": encoded(scopes), "sources.json": encoded({"modules": records})}


def _kinds(module: Download, path: Path) -> list[Kind]:
    try:
        found = [
            kind
            for document in yaml.load_all(module.text(path), yaml.CSafeLoader)
            if document and document.get("kind") == "CustomResourceDefinition"
            for kind in kinds(document)
        ]
    except (yaml.YAMLError, KeyError) as error:
        reason = " ".join(str(error).split())
        raise InternalError(f"{module.source}: {path.name} cannot be read: {reason}") from error
    if not found:
        raise InternalError(f"{module.source}: {path.name} defines no kind")
    return found


def _record(module: Download, made: Mapping[Path, list[str]]) -> dict[str, Any]:
    return {
        "module": module.source.module,
        "version": module.source.version,
        "checksum": module.checksum,
        "files": [
            {
                "path": path.relative_to(module.folder).as_posix(),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "schemas": schemas,
            }
            for path, schemas in sorted(made.items())
        ],
    }


def encoded(content: Mapping[str, object]) -> bytes:
    """Write a file of schemas/: JSON, its keys sorted."""
    return f"{json.dumps(content, sort_keys=True, indent=1)}\n".encode()


def replace(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Make the folder hold exactly these files; what is not this program's own stays.

    Its own are scopes.json, sources.json and every ``<group>/*.json``.

    Returns:
        The paths that were written or removed, sorted.

    Raises:
        EnvironmentFault: The folder cannot be written.
    """
    stale = [
        path.relative_to(folder).as_posix()
        for path in folder.glob("*/*.json")
        if path.relative_to(folder).as_posix() not in files
    ]
    changed = [name for name, content in files.items() if _differs(folder / name, content)]
    try:
        _swap(folder, {name: files[name] for name in changed})
        for name in stale:
            (folder / name).unlink()
            if not any((folder / name).parent.iterdir()):
                (folder / name).parent.rmdir()
    except OSError as error:
        raise EnvironmentFault(f"cannot write {folder}: {error}") from error
    return sorted([*changed, *stale])


def _differs(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content


def _swap(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".schemas-") as name:
        fresh = Path(name)
        for path, content in files.items():
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            (fresh / path).write_bytes(content)
        for path in files:
            (folder / path).parent.mkdir(exist_ok=True)
            os.replace(fresh / path, folder / path)  # noqa: PTH105 - says that it overwrites


def main() -> int:
    """Rebuild the folder and say what changed.

    Returns:
        The program's exit code: 0, or that of the error.
    """
    try:
        files = derive(download, own=SCHEMAS / "own")
        changed = replace(SCHEMAS, files)
    except YaguraError as error:
        sys.stderr.write("".join(f"error: {problem}\n" for problem in error.problems))
        return error.exit_code
    size = sum(map(len, files.values()))
    sys.stdout.write(f"schemas/: {len(files)} files, {size} bytes, {len(changed)} changed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
