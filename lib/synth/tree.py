"""Reads dist/ whole: path from its top -> content."""

from __future__ import annotations

import os
from pathlib import Path

from lib.errors import EnvironmentFault

Tree = dict[str, bytes]


def read(top: Path) -> Tree:
    """Read all files below ``top``; nothing where it is not there.

    Raises:
        EnvironmentFault: ``top`` or something in it is a link, or not a file or folder.
    """
    if top.is_symlink() or (top.exists() and not top.is_dir()):
        raise EnvironmentFault(f"{top} is not a folder (a link, or a file): move it away")
    tree: Tree = {}
    folders = [""] if top.is_dir() else []
    while folders:
        folder = folders.pop()
        with os.scandir(top / folder) as entries:
            for entry in entries:
                path = f"{folder}{entry.name}"
                if entry.is_symlink():
                    raise EnvironmentFault(f"{top / path} is a link: dist/ holds files only")
                if entry.is_dir():
                    folders.append(f"{path}/")
                else:
                    with open(entry.path, "rb") as file:  # noqa: PTH123 - the fastest way
                        tree[path] = file.read()
    return tree


def near(path: Path) -> Path:
    """The same path as a person in the current folder would write it."""
    shown = os.path.relpath(path)
    return path if shown.startswith("..") else Path(shown)
