"""Glob patterns as Argo CD matches them; a hostile pattern costs no more than a long one.

Source: util/glob of argoproj/argo-cd, which is gobwas/glob; lists of kinds there take Go's
filepath.Match, which knows less and agrees in the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECIAL = re.compile(r"[*?\[{]")
_TOKEN = re.compile(r"\\(?P<escaped>.)|(?P<stars>\*+)|(?P<set>\[[^\]]+\])|(?P<plain>.)", re.DOTALL)
_BRACES = re.compile(r"\{([^{}]*)\}")
_MOST_ALTERNATIVES = 64


def matches(pattern: str, text: str, *, separator: str = "") -> bool:
    """Whether a pattern fits the whole of a text.

    Args:
        pattern: ``*`` and ``?`` stop at the separator, ``**`` does not.
        text: The text.
        separator: A character, or nothing.
    """
    return any(each.fullmatch(text) for each in _compiled(pattern, separator))


@lru_cache(maxsize=4096)
def _compiled(pattern: str, separator: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(
            re.compile(_expression(each, separator), re.DOTALL) for each in _alternatives(pattern)
        )
    except re.error:  # a set such as [z-a], which fits nothing
        return ()


def _alternatives(pattern: str) -> Iterator[str]:
    """The patterns without braces that one with braces stands for."""
    waiting, given = [pattern], 0
    while waiting and given < _MOST_ALTERNATIVES:
        each = waiting.pop(0)
        braces = _BRACES.search(each)
        if braces is None:
            given += 1
            yield each
        else:
            start, end = each[: braces.start()], each[braces.end() :]
            waiting += [f"{start}{choice}{end}" for choice in braces[1].split(",")]
        del waiting[_MOST_ALTERNATIVES:]


def _expression(pattern: str, separator: str) -> str:
    one = f"[^{re.escape(separator)}]" if separator else "."
    pieces = [""]
    stars = []
    for token in _TOKEN.finditer(pattern):
        if token["stars"]:
            stars.append("." if len(token["stars"]) > 1 else one)
            pieces.append("")
        elif token["set"]:
            pieces[-1] += _set(token["set"])
        elif token["plain"] == "?":
            pieces[-1] += one
        else:
            pieces[-1] += re.escape(token["escaped"] or token["plain"])
    if not stars:
        return pieces[0]
    # The first place where a piece fits is as good as any other, so nothing is tried twice.
    between = (f"(?>{star}*?{piece})" for star, piece in zip(stars, pieces[1:-1], strict=False))
    return f"{pieces[0]}{''.join(between)}{stars[-1]}*{pieces[-1]}"


def _set(text: str) -> str:
    inside = text[1:-1]
    negated = len(inside) > 1 and inside[0] in "!^"
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside[1:] if negated else inside)
    return f"[{'^' if negated else ''}{escaped}]"
