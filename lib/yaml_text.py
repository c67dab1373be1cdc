"""One object as YAML text that every reader, of YAML 1.1 or 1.2, reads back as the same object.

The emitter is PyYAML's, on libyaml, because pure Python would write other bytes. Ours is only the
decision when a string may stand without quotes: when no reader of either version could take it for
anything else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_Dumper: Any = yaml.CSafeDumper
_Loader: Any = yaml.CSafeLoader

# Words of letters, digits and the marks of names, paths, images and addresses; single spaces
# between; a colon only inside a word. Nothing that starts like a number, a marker or a comment.
_WORD = r"[A-Za-z0-9._/@+*=,-]+(?::[A-Za-z0-9._/@+*=,-]+)*"
_PLAIN = re.compile(rf"[A-Za-z/](?::?{_WORD})?(?: [A-Za-z/]{_WORD})*")
_URL = re.compile(r"[a-z][a-z0-9+]*://[A-Za-z0-9._/@+-]+(?::[0-9]+)?[A-Za-z0-9._/@+-]*")
_QUANTITY = re.compile(r"[1-9][0-9]*(?:m|k|Ki|Mi|Gi|Ti|s|h)")
# What YAML 1.1 or 1.2 readers (PyYAML, ruamel, go-yaml) take for a boolean, a null or a number.
_RESERVED = frozenset(
    "y n yes no on off true false null none nan inf infinity e".split()  # noqa: SIM905
)
_FIRST = {"apiVersion": 0, "kind": 1, "metadata": 2, "name": 3}


class _ManifestDumper(_Dumper):  # type: ignore[misc]
    """Our quoting; no anchors; everything else as PyYAML has it."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _represent_string(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _represent_map(dumper: Any, mapping: dict[str, Any]) -> Any:
    return dumper.represent_mapping("tag:yaml.org,2002:map", ordered(mapping).items())


_ManifestDumper.add_representer(str, _represent_string)
_ManifestDumper.add_representer(dict, _represent_map)
# An enumeration's member, and any other subclass, is what it is made of, as it is in JSON.
_ManifestDumper.add_multi_representer(
    str, lambda dumper, text: _represent_string(dumper, str.__str__(text))
)
_ManifestDumper.add_multi_representer(int, lambda dumper, number: dumper.represent_int(int(number)))
_ManifestDumper.add_multi_representer(dict, _represent_map)


def dump(value: Mapping[str, Any]) -> str:
    """Write one object: apiVersion, kind, metadata and name first, all other keys sorted.

    Returns:
        The text with a final line feed, without a document marker.
    """
    text: str = yaml.dump(
        value,
        Dumper=_ManifestDumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=2**30,
    )
    return text


def load(text: str) -> Any:
    """Read one document back with PyYAML (YAML 1.1)."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader


def ordered(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Sort one map the way it is committed: what names the thing comes first."""
    if "apiVersion" in mapping:
        return {
            key: mapping[key] for key in sorted(mapping, key=lambda key: (_FIRST.get(key, 9), key))
        }
    if "name" in mapping:
        return {key: mapping[key] for key in sorted(mapping, key=lambda key: (key != "name", key))}
    return {key: mapping[key] for key in sorted(mapping)}


def _style(text: str) -> str | None:
    if "\n" in text:
        return "|" if _fits_a_block(text) else '"'
    if _PLAIN.fullmatch(text) or _URL.fullmatch(text):
        return '"' if text.lower() in _RESERVED or text.endswith(":") else None
    return None if _QUANTITY.fullmatch(text) else '"'


def _fits_a_block(text: str) -> bool:
    """Whether a literal block shows the text as it is, with nothing that a reader might trim."""
    if text[0] in " \n" or text.endswith("\n\n") or "\t" in text:
        return False
    return not any(line.endswith(" ") for line in text.split("\n"))
