"""What the last synth read, and what it wrote: when both are as they were, there is nothing to do.

A wrong answer here would be worse than none, so everything that can change the result is part of
it: every file of the project that was loaded or opened, by content; the names in the folders around
them; installed packages; Python; node. What cannot be known (a program that an app ran) makes the
result not worth remembering. CI compares with a run that ignores all of this.
"""

from __future__ import annotations

import json
import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMAT = 1
_HIDDEN = ("dist", "node_modules", "__pycache__")
# Settings that jsii, node and Python read; cdk8s' own are hidden from it.
_HEEDED = ("JSII_", "NODE_OPTIONS", "PYTHONOPTIMIZE")


def digest(content: bytes) -> str:
    """A short name for exactly this content."""
    return sha256(content).hexdigest()[:32]


def state_file(project: Path) -> Path:
    """Where the last synth is remembered."""
    return project / ".yagura" / "state.json"


def load(path: Path) -> dict[str, Any] | None:
    """Read the state of the last synth; None where there is none that can be used."""
    try:
        state = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    usable = isinstance(state, dict) and state.get("format") == FORMAT
    return state if usable else None


def save(path: Path, state: Mapping[str, Any]) -> None:
    """Write the state, whole or not at all; a state that cannot be written is only slower."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_text(json.dumps(state), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        path.unlink(missing_ok=True)


def inputs_are_same(state: Mapping[str, Any], project: Path) -> bool:
    """Whether everything that the remembered synth read is still as it was."""
    return bool(
        state["environment"] == environment(project)
        and state["listings"] == {name: listing(project, name) for name in state["listings"]}
        and state["inputs"] == {name: of_file(project / name) for name in state["inputs"]}
    )


def outputs_are_same(state: Mapping[str, Any], tree: Mapping[str, bytes]) -> bool:
    """Whether dist/ is what the remembered synth wrote."""
    return bool(state["outputs"] == {path: digest(tree[path]) for path in tree})


def outputs(tree: Mapping[str, bytes]) -> dict[str, str]:
    """Name the content of each file of dist/."""
    return {path: digest(tree[path]) for path in tree}


def inputs(project: Path, files: Iterable[Path]) -> tuple[dict[str, str], dict[str, str]]:
    """Name the content of each input, and of each folder that holds one.

    Returns:
        File -> digest and folder -> digest, relative to the project where they lie in it.
    """
    names = {_name(project, path) for path in files}
    folders = {name.rpartition("/")[0] for name in names if not name.startswith("/")}
    return (
        {name: of_file(project / name) for name in sorted(names)},
        {name: listing(project, name) for name in sorted(folders | {""})},
    )


def of_file(path: Path) -> str:
    """Name a file's content; a file that is not there has a name too."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the fastest way
            return digest(file.read())
    except OSError:
        return "-"


def listing(project: Path, folder: str) -> str:
    """Name the files and folders in ``folder``; a new one could take another's place."""
    try:
        names = sorted(
            name
            for name in os.listdir(project / folder)  # noqa: PTH208 - the fastest way
            if name not in _HIDDEN and not name.startswith(".")
        )
    except OSError:
        return "-"
    return digest("\n".join(names).encode())


def environment(project: Path) -> str:
    """Name the machine's part: Python, installed packages, node and what configures them."""
    packages = sorted(
        name
        for folder in sys.path
        if folder.endswith("site-packages")
        for name in os.listdir(folder)  # noqa: PTH208 - the fastest way
    )
    settings = sorted(
        f"{name}={value}" for name, value in os.environ.items() if name.startswith(_HEEDED)
    )
    node = Path(sys.prefix, "node")
    facts = [sys.version, sys.prefix, os.fspath(project), *packages, *settings]
    if node.exists():
        status = node.stat()
        facts += [os.fspath(node.resolve()), str(status.st_size), str(status.st_mtime_ns)]
    else:
        facts.append(os.environ.get("PATH", ""))
    return digest("\n".join(facts).encode())


def _name(project: Path, path: Path) -> str:
    return os.fspath(path).removeprefix(f"{project}/")
