"""Keeps of a JSON Schema what it decides by, and none of its words."""

from __future__ import annotations

from typing import Any

# Keywords whose value is one schema, a map of schemas by name, or a list of schemas.
_SCHEMA = frozenset(
    [
        "additionalItems",
        "additionalProperties",
        "contains",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    ]
)
_SCHEMAS_BY_NAME = frozenset(
    ["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"]
)
_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_WORDS = frozenset({"$comment", "$id", "default", "description", "examples", "title"})


def structure(schema: Any) -> Any:
    """Leave out descriptions, titles, examples and defaults, which decide nothing.

    Args:
        schema: A JSON Schema, drafts 4 to 2020-12.

    Returns:
        A schema that accepts exactly the same documents.

    Raises:
        ValueError: It refers to a schema elsewhere, which would need the network to check with.
    """
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict):
        raise ValueError(f"a schema is an object, this one is {schema!r:.60}")  # noqa: TRY004
    return {key: _part(key, value) for key, value in sorted(schema.items()) if key not in _WORDS}


def _part(key: str, value: Any) -> Any:
    if key == "$ref" and not str(value).startswith("#"):
        raise ValueError(f"it refers to {value}, outside of itself")
    if key in _SCHEMA and not isinstance(value, list):
        return structure(value)
    if key in _SCHEMAS or key in _SCHEMA:
        return [structure(part) for part in value]
    if key in _SCHEMAS_BY_NAME:
        # `dependencies` also takes lists of names.
        return {
            name: part if isinstance(part, list) else structure(part)
            for name, part in sorted(value.items())
        }
    return value
