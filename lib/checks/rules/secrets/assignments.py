"""Names and the values that they are given, in files and scripts of any language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+|set[ \t]+|-[ \t]+)?[\"']?(?P<key>[A-Za-z_][\w.-]*)[\"']?"
    r"[ \t]*(?P<sign>[:=]|:=)[ \t]*(?P<quote>[\"']?)(?P<value>[^\s\"',;]+)(?P=quote)"
    r"[ \t]*[,;]?[ \t]*$",
    re.MULTILINE,
)
# Pairs on one line: of a database's address, of a query, of an option's value.
_PAIR = re.compile(
    r"(?:^|[\s;&?,{])(?P<key>[A-Za-z_][\w.-]*)=[\"']?(?P<value>[^\s;&,\"'}]+)", re.MULTILINE
)
# In a shell, a word without quotes is the word itself.
_SHELL = re.compile(r"#!\S*/(?:env )?(?:ba|da|z|k)?sh\b")
_OPTION = re.compile(r"(?:^|\s)--?(?P<key>[A-Za-z][\w.-]*)=(?P<quote>[\"']?)(?P<value>[^\s\"']+)")
# A shell's words: an option and its value beside it.
_SPACED = re.compile(
    r"(?:^|\s)--(?P<key>[A-Za-z][\w.-]*)[ \t]+(?P<value>\"[^\"]+\"|'[^']+'|[^\s\\|&;<>`\"'-]\S*)"
)
# Without quotes it may be a word of a sentence, or stand for the value in a usage text.
_PROSE = re.compile(r"[a-z]+\W?|\W?[A-Z_]+\W*")
# A word of a program's text is a name, not a value, unless it stands in quotes or in .env's form.
_ENV_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
# Redis and Valkey.
_DIRECTIVE = re.compile(r"^[ \t]*(?:requirepass|masterauth)[ \t]+(?P<value>\S+)", re.MULTILINE)
# The fields of a container and of its probes, and the flag before a shell's commands.
_COMMAND = re.compile(r"args|command|[elux]{0,3}c")
_CONFIGURATION = re.compile(r"(?i)\.(?:env|properties|ini|conf|config|cfg|cnf|toml)$|^\.env")


def assignments(name: str, text: str) -> Iterator[tuple[str, str]]:
    """The names and values that lines like ``name = "value"`` and options give, in any language.

    Args:
        name: The file's name, or whatever key the text stands under.
        text: The text.
    """
    bare = "\n" not in text.strip() or _CONFIGURATION.search(name) is not None
    for match in _LINE.finditer(text):
        is_literal = match["quote"] or bare or _ENV_NAME.fullmatch(match["key"])
        if is_literal or match["sign"] == ":":
            yield match["key"], match["value"]
    in_shell = name.endswith(".sh") or _SHELL.match(text) is not None
    for match in _PAIR.finditer(text) if in_shell or "\n" not in text.strip() else ():
        yield match["key"], match["value"]
    for match in _OPTION.finditer(text):
        yield match["key"], match["value"]
    for match in _SPACED.finditer(text) if in_shell or _COMMAND.fullmatch(name) else ():
        if not _PROSE.fullmatch(match["value"]):
            yield match["key"], match["value"].strip("\"'")
    for match in _DIRECTIVE.finditer(text):
        yield "password", match["value"]
