"""A manifest's file: a line that says where it is from, then the object, read back to be sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib import yaml_text
from lib.errors import FindingsError, InternalError

if TYPE_CHECKING:
    from lib.manifests import Manifest, Source

MARK = "# yagura made this from "
# etcd takes 1.5 MiB per request, and a ConfigMap or Secret 1 MiB.
LARGEST = 1024 * 1024


def text_of(manifest: Manifest) -> bytes:
    """Write a manifest's file.

    Returns:
        UTF-8: the line of its origin, ``---`` (so that files can be joined), and the object.

    Raises:
        FindingsError: The file is larger than the API server takes.
        InternalError: What was written does not read back as the same object.
    """
    body = yaml_text.dump(manifest.object)
    if yaml_text.load(body) != manifest.object:
        raise InternalError(
            f"{manifest.source}: {manifest.identity} does not read back from YAML as it was; "
            "dist/ is unchanged"
        )
    text = f"{heading(manifest.source)}---\n{body}".encode()
    if len(text) > LARGEST:
        raise FindingsError(
            f"{manifest.source}: {manifest.identity} is {len(text)} bytes of YAML; "
            f"the API server takes {LARGEST}: split it"
        )
    return text


def heading(source: Source) -> str:
    """The first line: tells a reader where to change the object, and us that the file is ours."""
    return f"{MARK}{source.file}; change it there and run make synth\n"


def is_ours(content: bytes) -> bool:
    """Whether yagura wrote a file."""
    return content.startswith(MARK.encode())
