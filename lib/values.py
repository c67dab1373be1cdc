"""What a value inside a manifest may be: only what every YAML and JSON reader gives back as it was.

JavaScript rounds integers beyond 2**53 and drops nulls, YAML 1.1 and 1.2 readers disagree on
control characters and line separators, and bidirectional overrides make a diff lie to its reviewer.
All of these are refused here, with the place inside the object.
"""

from __future__ import annotations

import math
import re

# JavaScript's Number.MAX_SAFE_INTEGER; larger integers are rounded on their way through cdk8s.
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 64

# C0 and C1 controls but tab and line feed, lone surrogates, line and paragraph separators, the byte
# order mark, noncharacters, and the bidirectional embeddings, overrides and isolates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def problems(value: object, pointer: str = "", depth: int = 0) -> list[str]:
    """Say what in ``value`` could not survive the way into YAML and back.

    Args:
        value: Any Python value; what is not a JSON value is a problem.
        pointer: The JSON pointer (RFC 6901) of ``value`` within its object.
        depth: How many maps and lists are around it.

    Returns:
        One line per problem, ``<pointer>: <what is wrong, and what would be right>``.
    """
    found: list[str] = []
    if isinstance(value, str):
        found = _string(value, pointer)
    elif isinstance(value, bool):
        pass
    elif isinstance(value, int | float):
        found = _number(value, pointer)
    elif not isinstance(value, dict | list | tuple):
        found = [f"{pointer or '/'}: {_why_not(value)}"]
    elif depth >= MAX_DEPTH:
        found = [f"{pointer}: nested deeper than {MAX_DEPTH} levels"]
    else:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            if isinstance(value, dict):
                found += _key(key, pointer)
            if item.__class__ is not str or _UNSAFE.search(item):
                found += problems(item, f"{pointer}/{escape(str(key))}", depth + 1)
    return found


def escape(key: str) -> str:
    """Escape one key for a JSON pointer (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _string(value: str, pointer: str) -> list[str]:
    match = _UNSAFE.search(value)
    if match is None:
        return []
    where = f"{pointer}: the character U+{ord(match[0]):04X} at position {match.start()}"
    return [f"{where} does not read back the same everywhere, or hides text: remove it"]


def _key(key: object, pointer: str) -> list[str]:
    if not isinstance(key, str):
        return [f"{pointer}: the key {key!r} is {type(key).__name__}: a key is a string"]
    return [
        line.replace("the character", "in a key, the character") for line in _string(key, pointer)
    ]


def _number(value: float, pointer: str) -> list[str]:
    if isinstance(value, int):
        if abs(value) <= MAX_INTEGER:
            return []
        return [
            f"{pointer}: {value} is beyond 2**53 - 1 and would be rounded: write it as a string"
        ]
    if not math.isfinite(value):
        return [f"{pointer}: {value} is not a number that JSON knows"]
    if value.is_integer():
        return [f"{pointer}: {value} would become {int(value)}: write the integer, or a string"]
    if "e" in repr(value):
        return [
            f"{pointer}: {value!r} has an exponent, which readers disagree on: write it as a string"
        ]
    return []


def _why_not(value: object) -> str:
    if value is None:
        return "None would be dropped: leave the key out (Helm's null: lib.constructs.NULL)"
    if isinstance(value, set | frozenset):
        return "a set has no order: use sorted(...)"
    return f"a {type(value).__name__} is no JSON value: use str, int, float, bool, list or dict"
