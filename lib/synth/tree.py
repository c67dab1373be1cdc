"""Reads dist/ whole: path from its top -> content."""

from __future__ import annotations

import os

from lib.errors import EnvironmentFault

Tree = dict[str, bytes]


def read(top: str | os.PathLike[str]) -> Tree:
    """Read all files below ``top``; nothing where it is not there.

    Raises:
        EnvironmentFault: ``top`` or something in it is a link, or not a file or folder, or cannot
            be read.
    """
    top = near(os.fspath(top))
    if os.path.islink(top) or (os.path.exists(top) and not os.path.isdir(top)):  # noqa: PTH110, PTH112, PTH114
        raise EnvironmentFault(f"{top} is not a folder (a link, or a file): move it away")
    tree: Tree = {}
    folders = [""] if os.path.isdir(top) else []  # noqa: PTH112
    try:
        while folders:
            _read_folder(top, folders.pop(), tree, folders)
    except OSError as error:
        raise EnvironmentFault(f"cannot read {error.filename}: {error.strerror}") from error
    return tree


def _read_folder(top: str, folder: str, tree: Tree, folders: list[str]) -> None:
    with os.scandir(f"{top}/{folder}") as entries:
        for entry in entries:
            path = f"{folder}{entry.name}"
            if entry.is_symlink():
                raise EnvironmentFault(f"{top}/{path} is a link: dist/ holds files only")
            if entry.is_dir():
                folders.append(f"{path}/")
            elif entry.is_file():
                with open(entry.path, "rb") as file:  # noqa: PTH123 - the fastest way
                    tree[path] = file.read()
            else:
                raise EnvironmentFault(f"{top}/{path} is no file: dist/ holds files only")


def near(path: str) -> str:
    """The same path as a person in the current folder would write it."""
    shown = os.path.relpath(path)
    return path if shown == "." or shown.startswith("..") else shown
