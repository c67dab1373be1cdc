"""What a scalar without quotes means to the cluster's reader, and where other readers disagree.

As go.yaml.in/yaml/v2 (resolve.go) decides it, which sigs.k8s.io/yaml uses.
"""

from __future__ import annotations

import math
import re
from typing import Any

WORDS: dict[str, Any] = {
    **dict.fromkeys(
        ("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"), True
    ),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("n", "N"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
# Words that mean the same to every reader.
CLEAR = {"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"}
NOTHING = {"", "~", "null", "Null", "NULL"}
# Numbers for some readers, of YAML 1.1 or 1.2, and texts, or other numbers, for others.
DISPUTED = re.compile(
    r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?0o[0-7]+|[-+]?[0-9]+_[0-9_]*|="
)
_NOT_A_NUMBER = re.compile(r"[-+]?\.(?:nan|NaN|NAN|inf|Inf|INF)")
_INTEGER = re.compile(r"[-+]?(?:0b[01]+|0x[0-9a-fA-F]+|0o?[0-7]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
# What int64 and uint64 hold; a decimal number that is larger becomes a floating-point one.
_WHOLE = range(-(2**63), 2**64)
_MOST_DIGITS = 21


def number(text: str) -> Any:
    """The number that ``text`` is, else the text itself."""
    plain = text.replace("_", "")
    if _INTEGER.fullmatch(plain):
        digits = plain.lstrip("+-")
        octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
        if digits.isdigit() and not octal:
            return whole(plain)
        value = int(digits, 8) if octal else int(digits, 0)
        signed = -value if plain[0] == "-" else value
        return signed if signed in _WHOLE else text
    if _FLOAT.fullmatch(plain):
        return _finite(plain)
    return float(text.replace(".", "", 1).lower()) if _NOT_A_NUMBER.fullmatch(text) else text


def whole(digits: str) -> int | float | str:
    """A decimal number: whole, floating-point where that is too large, else the text."""
    if len(digits) <= _MOST_DIGITS and int(digits) in _WHOLE:
        return int(digits)
    return _finite(digits)


def _finite(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text
