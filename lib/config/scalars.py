"""Plain YAML words that mean one thing to every reader, and the reasons why others do not.

yagura's PyYAML reads YAML 1.1, editors read YAML 1.2, and Terraform's yamldecode a mixture. Only
words on which all three agree are let through; whatever else is meant has to be quoted.
"""

from __future__ import annotations

import re

_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")

_TRAPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"y|yes|n|no|on|off", re.IGNORECASE),
        "is true or false to YAML 1.1 and text to YAML 1.2",
    ),
    (re.compile(r"true|false", re.IGNORECASE), "is not how a truth value is written here"),
    (re.compile(r"~|null|", re.IGNORECASE), "means that there is no value"),
    (re.compile(r"=|<<"), "has a meaning of its own in YAML 1.1"),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"),
        "is a number of base 60 to YAML 1.1",
    ),
    (re.compile(r"[-+]?0[0-9_]+"), "is an octal number to YAML 1.1 and decimal to YAML 1.2"),
    (
        re.compile(r"[-+]?0[xob][0-9a-f_]+", re.IGNORECASE),
        "is a number to some YAML readers and text to others",
    ),
    (
        re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?"),
        "is a date to YAML 1.1 and text to YAML 1.2",
    ),
    (
        re.compile(
            r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)(e[-+]?[0-9]*)?"
            r"|[-+]?\.?(inf|infinity|nan)",
            re.IGNORECASE,
        ),
        "is a number with a fraction, or one that YAML readers read differently",
    ),
)


def plain_value(word: str) -> str | int | bool:
    """Return what an unquoted word means.

    Raises:
        ValueError: YAML readers disagree about it; the text says why, as the end of a sentence.
    """
    if word in {"true", "false"}:
        return word == "true"
    if _WHOLE_NUMBER.fullmatch(word):
        return int(word)
    for trap, why in _TRAPS:
        if trap.fullmatch(word):
            raise ValueError(why)
    return word
