"""The name that somebody meant, where the one that is given is nearly it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, names: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The one of ``names`` that is nearly ``name``; empty where none is."""
    return next(iter(difflib.get_close_matches(name, [*names], n=1, cutoff=cutoff)), "")


def did_you_mean(name: str, names: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The end of a message: ``: did you mean X?``, or nothing."""
    close = nearest(name, names, cutoff=cutoff)
    return f": did you mean {close}?" if close else ""
