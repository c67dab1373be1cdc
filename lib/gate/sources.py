"""The Python line of a document in dist/, or in a copy of it, from the index of a synth."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from lib.errors import YaguraError
from lib.manifests import Source
from lib.synth.files import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lib.checks.document import Document

_MARK = re.compile(rf"{re.escape(MARK)}(?P<file>[^;\n]+);")


class Sources:
    """Finds the Python line of a document.

    Args:
        project: Whose index is looked up, or made anew, when the first line is asked for; None
            where ``fill`` gives it.
    """

    def __init__(self, project: Path | None = None) -> None:
        self._project = project
        self._lines: dict[str, Source] = {}

    def fill(self, index: Iterable[dict[str, Any]]) -> None:
        """Take the lines of a synth."""
        self._project = None
        for entry in index:
            file, _, line = entry["source"].rpartition(":")
            self._lines[entry["file"]] = Source(file, int(line))

    def __call__(self, document: Document) -> Source | None:
        """The Python line that made it; the file alone, as line 1, where only that is known."""
        match = _MARK.match(document.file.content[:1000].decode(errors="replace"))
        if match is None:
            return None
        if self._project is not None:
            self.fill(_index(self._project))
        found = self._lines.get(document.file.path)
        return found if found and found.file == match["file"] else Source(match["file"], 1)


def _index(project: Path) -> Iterable[dict[str, Any]]:
    """The index of the last synth if nothing changed since, else a new one."""
    from lib.synth import pipeline  # noqa: PLC0415 - only when there is something to say

    known = pipeline.known(project)
    if known is not None and known.state.inputs_are_same(os.fspath(project)):
        return known.index
    try:
        return pipeline.synthesize(project, pipeline.cluster_files(project), None, {}).index
    except YaguraError:
        return ()  # the manifests are judged all the same
