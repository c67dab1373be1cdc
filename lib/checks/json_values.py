"""Reads JSON values one after the other, as kubectl does, and says why another reader would not."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from lib.checks.scalars import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = re.compile(r"\s*")


class JsonValue(NamedTuple):
    """One value of a text.

    Attributes:
        line: The line on which it begins, or on which it is wrong, from 1.
        value: The value; None where it is wrong.
        twice: The keys that are given again.
        wrong: Why it cannot be read; nothing follows it then.
    """

    line: int
    value: Any = None
    twice: tuple[str, ...] = ()
    wrong: str = ""


def json_values(text: str, *, deepest: int) -> Iterator[JsonValue]:
    """Give each value; the last one is wrong where the rest cannot be read."""
    twice: list[str] = []
    decoder, place = _decoder(twice), 0
    while (rest := _SPACE.match(text, place)) and rest.end() < len(text):
        line = text.count("\n", 0, rest.end()) + 1
        try:
            value, place = decoder.raw_decode(text, rest.end())
            wrong = _unfit(value, deepest)
        except json.JSONDecodeError as error:
            line, wrong = error.lineno, error.msg
        except ValueError as error:
            wrong = str(error)
        except RecursionError:
            wrong = f"nested deeper than {deepest} levels"
        if wrong:
            yield JsonValue(line, wrong=wrong)
            return
        yield JsonValue(line, value, tuple(twice))
        twice.clear()


def _decoder(twice: list[str]) -> json.JSONDecoder:
    """Python's reader, which adds to ``twice`` what keys it met again."""

    def pairs(given: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(given)
        if len(made) < len(given):
            twice.extend(sorted(key for key, n in Counter(k for k, _ in given).items() if n > 1))
        return made

    return json.JSONDecoder(object_pairs_hook=pairs, parse_int=whole, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    """Refuse NaN and Infinity, which Python's reader takes for JSON, and no other does."""
    raise ValueError(f"{name} is no JSON")


def _unfit(value: Any, deepest: int) -> str:
    """Why nobody else can read what Python's reader takes for JSON; empty where all can."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > deepest:
            return f"nested deeper than {deepest} levels"
        maps = [each for each in level if isinstance(each, dict)]
        lists = [each for each in level if isinstance(each, list)]
        level = [item for each in maps for item in each.values()]
        level += [item for each in lists for item in each]
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return "half of a surrogate pair"
    return ""
