"""Says a part of a schema once that occurs many times, so that the folder stays small.

A pod template is some hundred kilobytes of schema and occurs up to four times in one definition.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema = dict[str, Any]

# Below this a reference is no shorter to read than what it stands for.
_WORTH_SHARING = 160


def share(schema: Schema) -> Schema:
    """Move what occurs at least twice into ``definitions``, named after the field it was found at.

    Returns:
        A schema that accepts exactly the same documents. The same schema gives the same bytes.
    """
    shared = {text for text, count in _occurrences(schema).items() if count > 1}
    names: dict[str, str] = {}
    definitions: Schema = {}

    def replace(name: str, node: Schema) -> Schema:
        text = _text(node)
        if text not in shared:
            return _rebuilt(node, name, replace)
        if text not in names:
            names[text] = _free(name, definitions)
            definitions[names[text]] = {}  # takes the name before what lies below it can
            definitions[names[text]] = _rebuilt(node, name, replace)
        return {"$ref": f"#/definitions/{names[text]}"}

    result = _rebuilt(schema, "object", replace)
    return result | {"definitions": definitions} if definitions else result


def _occurrences(schema: Schema) -> Counter[str]:
    """Count the places that each part is used at; parts inside a repeated part count once."""
    counts: Counter[str] = Counter()

    def visit(node: Schema) -> None:
        for child in _children(node):
            text = _text(child)
            if len(text) < _WORTH_SHARING:
                continue
            counts[text] += 1
            if counts[text] == 1:
                visit(child)

    visit(schema)
    return counts


def _children(node: Schema) -> Iterator[Schema]:
    yield from node.get("properties", {}).values()
    for key in ("additionalProperties", "items", "not"):
        if isinstance(node.get(key), dict):
            yield node[key]
    for key in ("allOf", "anyOf", "oneOf"):
        yield from node.get(key, ())


def _rebuilt(node: Schema, name: str, replace: Callable[[str, Schema], Schema]) -> Schema:
    result: Schema = {}
    for key, value in sorted(node.items()):
        if key == "properties":
            result[key] = {field: replace(field, part) for field, part in sorted(value.items())}
        elif key in {"additionalProperties", "items", "not"} and isinstance(value, dict):
            result[key] = replace(name, value)
        elif key in {"allOf", "anyOf", "oneOf"}:
            result[key] = [replace(name, part) for part in value]
        else:
            result[key] = value
    return result


def _free(name: str, taken: Schema) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}{number}"
        number += 1
    return free


def _text(node: Schema) -> str:
    return json.dumps(node, sort_keys=True, separators=(",", ":"))
