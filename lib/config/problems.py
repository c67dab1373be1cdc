"""One thing that is wrong with a cluster file, and how it is told in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top of the file: ("runner_scale_sets", 0, "name")."""

_LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    Args:
        rule: The broken rule's id, in kebab-case.
        path: Where; an absent key stands for the nearest one that is there.
        what: What is wrong, as the end of a sentence that begins with the path.
        given: What the file says, as ``shown`` returns it; empty where nothing can be shown.
        use: What would be right.
        line: Line of the file, from 1; 0 where the path says it.
        against: The other culprits of a conflict.
    """

    rule: str
    path: KeyPath = ()
    what: str
    given: str = ""
    use: str = ""
    line: int = 0
    against: tuple[KeyPath, ...] = ()

    def line_in(self, lines: Mapping[KeyPath, int]) -> int:
        """Return the line where this problem stands."""
        return self.line or line_of(self.path, lines)

    def text(self, file: str, lines: Mapping[KeyPath, int]) -> str:
        """Return the whole problem as one line.

        Args:
            file: Name of the cluster file.
            lines: Line of each path in it.
        """
        where = f"{file}:{self.line_in(lines)}: "
        subject = f"{dotted(self.path)}: " if self.path else ""
        others = ", ".join(f"{dotted(path)} (line {line_of(path, lines)})" for path in self.against)
        conflict = f", against {others}" if others else ""
        facts = "; ".join(part for part in (self.given and f"given {self.given}", self.use) if part)
        tail = f": {facts}" if facts else ""
        line = f"{where}{subject}{self.what}{conflict} (rule: {self.rule}){tail}"
        # A quoted key may hold anything, line feeds among it.
        return "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)


def dotted(path: KeyPath) -> str:
    """Return a path as people write it: ``runner_scale_sets[0].name``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int:
    """Return the line of a path, or of the nearest part above it that is in the file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def shown(value: object) -> str:
    """Return a value as a message quotes it: one line, short, text in quotation marks."""
    if value is None:
        text = "nothing"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, dict):
        text = "a mapping of " + (", ".join(map(str, value)) or "nothing")
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(shown(item) for item in value) + "]"
    else:
        text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
