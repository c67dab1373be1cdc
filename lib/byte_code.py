"""Lets Python take byte code for current by its source's content, in all of the project.

Python goes by the source's size and whole second, so that a second edit within a second, or one
whose time was put back, would run as it was before: dist/ would be stale, and the next run sure of
it. ``lib`` installs this before anything else of the project is imported.

It imports nothing that Python has not loaded as it starts: every run pays for it.
"""

import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# PEP 552: named by a hash of the source, which is to be checked. It follows the magic number.
_CHECKED = b"\x03\0\0\0"
# Others' code: pip compiles it, and never edits it.
_INSTALLED = (".venv", "node_modules")
_projects: set[str] = set()


class _ByContent(SourceFileLoader):
    _source = b""

    def get_data(self, path: str) -> bytes:
        """Read a source, or byte code that names its source's content."""
        data = super().get_data(path)
        if path == self.path:
            self._source = data
        elif data[4:8] != _CHECKED:
            raise OSError(path)  # importlib then compiles
        return data

    def set_data(self, path: str, data: "Any", *, _mode: int = 0o666) -> None:
        """Write byte code, naming the source that it was compiled from."""
        from importlib.util import source_hash  # noqa: PLC0415 - only where something is compiled

        code = bytes(data)
        named = code[:4] + _CHECKED + source_hash(self._source) + code[16:]
        super().set_data(path, named, _mode=_mode)


def install(project: str) -> None:
    """Import what lies in ``project`` this way from now on."""
    if project in _projects:
        return
    _projects.add(project)
    installed = tuple(f"{project}/{name}/" for name in _INSTALLED)

    def finder(path: str) -> FileFinder:
        folder = f"{path}/"
        if not folder.startswith(f"{project}/") or folder.startswith(installed):
            raise ImportError(path)
        return FileFinder(path, (_ByContent, SOURCE_SUFFIXES))

    sys.path_hooks.insert(0, finder)
    for path in [*sys.path_importer_cache]:
        if f"{path}/".startswith(f"{project}/"):
            del sys.path_importer_cache[path]
