"""Prepares the strict schemas of Kubernetes' own kinds, from the kubernetes-validate package.

The package's schemas name each other by addresses that only its own resolver understands, and
carry all of the API's documentation. The definitions of all kinds stand in one file, which
kubeconform would parse again for every kind; so each kind gets those that it needs.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib.errors import ConfigError, EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

# To be raised whenever the rewriting below changes, so that old caches are not used.
_REVISION = 2
_DEFINITIONS = "_definitions.json"
_REFERENCE = re.compile(r'"\$ref": "[^"#]*#/\$defs/([^"]+)"')
_FOLDER = re.compile(r"v(\d+\.\d+)\.\d+-local-strict")
_REQUIRED = ("apiVersion", "kind", "metadata")


def kubernetes_schemas(kubernetes: str, cache: Path) -> Path:
    """Make the folder for one Kubernetes version, or find it made already.

    Args:
        kubernetes: The version: ``1.36``; a patch version or RKE2's suffix may follow.
        cache: Where the folder is kept, across runs and package versions.

    Returns:
        A folder of ``<kind>-<first part of the group>-<version>.json``.

    Raises:
        ConfigError: The package has no schemas for this version.
        EnvironmentFault: The cache cannot be written.
    """
    minor, source = _source(kubernetes)
    package = importlib.metadata.version("kubernetes-validate")
    target = cache / f"kubernetes-{minor}-schemas-{package}-{_REVISION}"
    if target.is_dir():
        return target
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".making-") as name:
            _write(source, Path(name) / "schemas")
            _publish(Path(name) / "schemas", target)
    except OSError as error:
        raise EnvironmentFault(f"cannot write {cache}: {error.strerror or error}") from error
    return target


def _source(kubernetes: str) -> tuple[str, Traversable]:
    wanted = re.match(r"v?(\d+\.\d+)(?![\d])", kubernetes)
    package = importlib.resources.files("kubernetes_validate") / "kubernetes-json-schema"
    known = {
        match[1]: folder for folder in package.iterdir() if (match := _FOLDER.match(folder.name))
    }
    if wanted is None or wanted[1] not in known:
        versions = sorted(known, key=lambda version: [int(part) for part in version.split(".")])
        raise ConfigError(
            f"Kubernetes {kubernetes}: there are schemas for {versions[0]} to {versions[-1]} only"
        )
    return wanted[1], known[wanted[1]]


def _write(source: Traversable, folder: Path) -> None:
    folder.mkdir()
    shared = json.loads((source / _DEFINITIONS).read_text(encoding="utf-8"))["$defs"]
    definitions = {name: _bare(part) for name, part in shared.items()}
    for file in source.iterdir():
        schema = json.loads(file.read_text(encoding="utf-8"))
        if "x-kubernetes-group-version-kind" not in schema:
            continue  # a part of an object, never an object itself
        schema = _bare(schema)
        if "metadata" in schema["properties"]:
            schema["required"] = sorted({*schema.get("required", ()), *_REQUIRED})
        schema.pop("$id", None)
        schema["$defs"] = _needed(schema, definitions)
        text = json.dumps(schema, sort_keys=True, separators=(",", ":"))
        text = text.replace(f'"/api/{_DEFINITIONS}#', '"#')
        (folder / file.name).write_text(text, encoding="utf-8")


def _needed(schema: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
    """The definitions that a schema refers to, and those that they refer to in turn."""
    needed: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        for name in _REFERENCE.findall(json.dumps(waiting.pop())):
            if name not in needed:
                needed[name] = definitions[name]
                waiting.append(definitions[name])
    return needed


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out the texts, which sit beside a type or a reference, never among properties."""
    bare = {key: value for key, value in schema.items() if key != "description"}
    if "properties" in bare:
        bare["properties"] = {name: _bare(part) for name, part in bare["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(bare.get(key), dict):
            bare[key] = _bare(bare[key])
    return bare


def _publish(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():  # no other run was faster
            raise
        shutil.rmtree(made)
