"""What the last synth read, and what it wrote: when both are as they were, there is nothing to do.

A wrong answer here would be worse than none, so everything that can change the result is part of
it: every file of the project that was loaded or opened, by content; the names in the folders around
them; installed packages; Python; node. What cannot be known (a program that an app ran) makes the
result not worth remembering. CI compares with a run that ignores all of this.

Most runs of yagura import this module and end, so it imports next to nothing: no pathlib, no json,
no typing. The state is lines of text; what only a real run needs is in a second file.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

FIRST_LINE = "yagura's state, format 1"
LAST_LINE = "end"
# The gate keeps its own in the same form (lib/gate/remembered.py).
NAME = "state"
# Names at the top that come and go with what we and others make there.
_HIDDEN = ("dist", "node_modules")
# Settings that jsii and node read; cdk8s' own are hidden from it.
_HEEDED = ("JSII_", "NODE_OPTIONS")
# How Python holds a file's name that is no UTF-8.
_ODD = "surrogateescape"


class State:
    """What a synth read and wrote.

    Attributes:
        facts: ``environment``, ``objects`` (how many), ``details`` (digest of the second file).
        inputs: File -> digest, relative to the project where it lies in it.
        listings: Folder -> digest of the names in it.
        outputs: File, from the top of dist/, -> digest.
    """

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}
        self.inputs: dict[str, str] = {}
        self.listings: dict[str, str] = {}
        self.outputs: dict[str, str] = {}

    def _parts(self) -> dict[str, dict[str, str]]:
        named = {"input": self.inputs, "listing": self.listings, "output": self.outputs}
        return {"fact": self.facts, **named}

    @classmethod
    def load(cls, project: str, name: str = NAME) -> State | None:
        """Read the state of the last synth; None where there is none that can be used."""
        state = cls()
        parts = state._parts()
        try:
            with open(_file(project, name), encoding="utf-8", errors=_ODD) as file:  # noqa: PTH123 - the fastest way
                lines = file.read().splitlines()
            if lines[0] != FIRST_LINE or lines[-1] != LAST_LINE:
                return None
            for line in lines[1:-1]:
                part, value, of = line.split(" ", 2)
                parts[part][of] = value
        except (OSError, ValueError, LookupError):
            return None
        return state

    def save(self, project: str, name: str = NAME) -> None:
        """Write the state, whole or not at all; not where a file has a name that is no line."""
        lines = [
            FIRST_LINE,
            *(
                f"{part} {value} {of}"
                for part, entries in self._parts().items()
                for of, value in sorted(entries.items())
            ),
            LAST_LINE,
        ]
        text = "\n".join(lines)
        if text.splitlines() != lines:
            forget(project, name)
            return
        replace(_file(project, name), text)

    def inputs_are_same(self, project: str) -> bool:
        """Whether everything that the remembered synth read is still as it was."""
        return (
            self.facts.get("environment") == environment(project)
            and self.listings == {name: listing(project, name) for name in self.listings}
            and self.inputs == {name: of_file(project, name) for name in self.inputs}
        )

    def is_by_this_program(self, project: str) -> bool:
        """Whether the remembered synth ran the same yagura, so that its files are made alike."""
        return (
            self.facts.get("environment") == environment(project)
            and all(self.listings[name] == listing(project, name) for name in _lib(self.listings))
            and all(self.inputs[name] == of_file(project, name) for name in _lib(self.inputs))
        )

    def outputs_are_same(self, tree: Mapping[str, bytes]) -> bool:
        """Whether dist/ is what the remembered synth wrote."""
        return self.outputs == {path: digest(tree[path]) for path in tree}


def forget(project: str, name: str = NAME) -> None:
    """Let the next run do everything."""
    if os.path.exists(_file(project, name)):  # noqa: PTH110
        os.unlink(_file(project, name))  # noqa: PTH108


def details_file(project: str) -> str:
    """Where the index and the objects' digests are, which only a real run needs."""
    return f"{project}/.yagura/details.json"


def replace(path: str, text: str) -> None:
    """Write a file whole or not at all."""
    fresh = f"{path}.{os.getpid()}"
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    with open(fresh, "w", encoding="utf-8", errors=_ODD) as file:  # noqa: PTH123
        file.write(text)
    os.replace(fresh, path)  # noqa: PTH105


def digest(content: bytes) -> str:
    """A short name for exactly this content."""
    return sha256(content).hexdigest()[:32]


def name_inputs(
    project: str, files: Iterable[object], listed: Iterable[object] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """Name the content of each input, and the names in each folder that holds one or was listed.

    Returns:
        File -> digest and folder -> digest, relative to the project where they lie in it.
    """
    names = {str(path).removeprefix(f"{project}/") for path in files}
    folders = {name.rpartition("/")[0] for name in names if not name.startswith("/")}
    folders |= {f"{path}/".removeprefix(f"{project}/").removesuffix("/") for path in listed}
    return (
        {name: of_file(project, name) for name in names},
        {name or ".": listing(project, name) for name in folders | {""}},
    )


def of_file(project: str, name: str) -> str:
    """Name a file's content; what is no file, or not there, has a name too."""
    try:
        with open(os.path.join(project, name), "rb") as file:  # noqa: PTH118, PTH123
            return digest(file.read())
    except IsADirectoryError:
        return "/"
    except OSError:
        return "-"


def listing(project: str, folder: str) -> str:
    """Name the files and folders in ``folder``; a new one could take another's place."""
    try:
        names = sorted(os.listdir(os.path.join(project, folder)))  # noqa: PTH118, PTH208
    except OSError:
        return "-"
    if folder in ("", ".", project):
        names = [name for name in names if name not in _HIDDEN and name[0] != "."]
    return digest(os.fsencode("\n".join(name for name in names if name != "__pycache__")))


def environment(project: str) -> str:
    """Name the machine's part: Python, installed packages, node and what configures them."""
    known = (f"{sys.base_prefix}/", f"{project}/")  # Python itself, and what is an input anyway
    packages = [
        f"{folder} {listing('', folder)}"
        for folder in sys.path
        if folder.endswith("-packages") or not f"{folder or project}/".startswith(known)
    ]
    settings = sorted(
        f"{name}={value}" for name, value in os.environ.items() if name.startswith(_HEEDED)
    )
    python = [sys.version, sys.prefix, repr(sys.flags)]
    return digest("\n".join([*python, project, *packages, *settings, _node()]).encode())


def _node() -> str:
    """Name the node that ``lib.nodejs.program`` finds, which looks in the same places."""
    on_path = (f"{folder}/node" for folder in os.environ.get("PATH", "").split(":"))
    for place in (os.environ.get("JSII_NODE", ""), f"{sys.prefix}/node", *on_path):
        if os.path.exists(place):  # noqa: PTH110
            status = os.stat(place)  # noqa: PTH116
            return f"{os.path.realpath(place)} {status.st_size} {status.st_mtime_ns}"
    return "none"


def _lib(names: Iterable[str]) -> list[str]:
    return [name for name in names if name == "lib" or name.startswith("lib/")]


def _file(project: str, name: str) -> str:
    return f"{project}/.yagura/{name}"


def details(project: str, state: State) -> dict[str, Any] | None:
    """Read the second file; None where it is not the one that belongs to ``state``."""
    import json  # noqa: PLC0415 - only a real run comes here

    try:
        with open(details_file(project), "rb") as file:  # noqa: PTH123
            content = file.read()
    except OSError:
        return None
    if digest(content) != state.facts.get("details"):
        return None
    found: dict[str, Any] = json.loads(content)
    return found
