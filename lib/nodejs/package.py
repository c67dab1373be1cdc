"""Packs our JavaScript (lib/constructs/jsii) as the npm package that jsii loads beside cdk8s."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile

NAME = "yagura-objects"
VERSION = "1.0.0"
FOLDER = f"{os.path.dirname(os.path.dirname(os.path.realpath(__file__)))}/constructs/jsii"  # noqa: PTH120
_FILES = {"package.json": "package.json", "index.js": "index.js", ".jsii": "assembly.json"}


def packed(cache: str) -> str:
    """Lay the package into ``cache``, named after its content, if it is not there.

    Returns:
        The path of the tarball.
    """
    content = _tarball()
    path = f"{cache}/objects-{hashlib.sha256(content).hexdigest()[:16]}.tar"
    if _content(path) != content:
        fresh = f"{path}.{os.getpid()}"
        with open(fresh, "wb") as file:  # noqa: PTH123 - before anything large is imported
            file.write(content)
        os.replace(fresh, path)  # noqa: PTH105
    return path


def _tarball() -> bytes:
    """The same bytes every time, so that jsii unpacks it once."""
    tarball = io.BytesIO()
    with tarfile.open(fileobj=tarball, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, origin in _FILES.items():
            content = _content(f"{FOLDER}/{origin}")
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return tarball.getvalue()


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except FileNotFoundError:
        return b""
