"""Guards the bytes of a cluster file: what an eye cannot see must not change what it means."""

from __future__ import annotations

import re
import unicodedata

from lib.config.load import LARGEST
from lib.config.problems import Problem

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


_SPOILERS = (
    ("\ufeff", "byte-order-mark", "has a byte order mark", "save it as UTF-8 without it"),
    ("\r", "carriage-return", "has a line that ends in CR", "save it with line ends of LF alone"),
    ("\t", "tab", "has a tab, which YAML does not indent with", "use spaces"),
)


def check_text(text: str) -> Problem | None:
    """Return the first thing that makes a text unfit to be read as a cluster file.

    Such a fault usually runs through the whole file, so one line tells it all.
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        size = len(text.encode("utf-8", "surrogatepass"))
        return Problem(
            rule="file-too-large",
            what=f"a cluster file has at most {LARGEST} bytes",
            given=str(size),
            line=1,
        )
    for character, rule, what, use in _SPOILERS:
        found = text.find(character)
        if found >= 0:
            return Problem(rule=rule, what=what, use=use, line=_line(text, found))
    invisible = _INVISIBLE.search(text)
    if invisible:
        character = invisible.group()
        name = unicodedata.name(character, "a control character")
        return Problem(
            rule="invisible-character",
            what="has a character that cannot be seen",
            given=f"U+{ord(character):04X} ({name.lower()})",
            use="remove it",
            line=_line(text, invisible.start()),
        )
    return None


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
