"""dist/ as it is committed, cluster by cluster, for commands that read it and compare nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lib.checks.document import DIST, File
from lib.checks.loading import load
from lib.checks.model import Context, Model
from lib.errors import ConfigError
from lib.synth import pipeline
from lib.synth.tree import near, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from lib.checks.document import Document
    from lib.manifests import Source
    from lib.synth.tree import Tree


def committed(
    project: Path,
    cluster: str | None,
    *,
    provided: Sequence[Document] = (),
    source_of: Callable[[Document], Source | None] | None = None,
) -> Iterator[tuple[str, Model]]:
    """Each cluster's name and model.

    Args:
        project: The checkout.
        cluster: This one alone; None for all.
        provided: What charts bring.
        source_of: Finds the Python line that made an object.

    Raises:
        ConfigError: There is no such cluster, or nothing of it in dist/.
    """
    names = [path.stem for path in pipeline.cluster_files(project, cluster)]
    top = project / DIST
    files = files_of(read(top), near(os.fspath(top)))
    for name in names:
        own = [file for file in files if file.path.startswith(f"{DIST}/{name}/")]
        if not own:
            raise ConfigError(f"{DIST}/{name} is not there: run make synth")
        loaded = load(own, source_of)
        context = Context(complete=True)
        yield name, Model(loaded.documents, context, provided, loaded.node_files)


def files_of(tree: Tree, shown: str) -> list[File]:
    """The files of a dist/ that is shown to people under this name, in the order of their paths."""
    return [
        File(f"{shown}/{path}", content, f"{DIST}/{path}") for path, content in sorted(tree.items())
    ]
