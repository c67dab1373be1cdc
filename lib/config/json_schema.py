"""The JSON Schema of the cluster file, generated from the model for editors and for messages."""

from __future__ import annotations

import json
from functools import cache
from typing import Any


def cluster_schema() -> dict[str, Any]:
    """Return the JSON Schema of a cluster file, a new copy each time."""
    result: dict[str, Any] = json.loads(schema_text())
    return result


@cache
def schema_text() -> str:
    """Return the JSON Schema as schemas/cluster.schema.json holds it."""
    from lib.config.validation import generated_schema  # noqa: PLC0415 - slow to import

    schema = _for_editors(generated_schema())
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "A yagura cluster",
        "description": "Every fact that belongs to one cluster and to no other.",
    }
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _for_editors(part: Any) -> Any:
    """Return a schema as editors serve it best.

    Titles go, and null, which no file says; a mapping's other keys are refused, not ignored.
    """
    if isinstance(part, list):
        return [_for_editors(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _for_editors(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and value is None)
    }
    if len(kept.get("patternProperties", {})) == 1:
        ((pattern, values),) = kept.pop("patternProperties").items()
        kept["additionalProperties"] = values
        kept["propertyNames"] = {**kept.get("propertyNames", {}), "pattern": pattern}
    kinds = [kind for kind in kept.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del kept["anyOf"]
        kept = {**kinds[0], **kept}
    return kept


def schema_at(loc: tuple[str | int, ...]) -> dict[str, Any]:
    """Return the part of the schema that describes a place in the file.

    Args:
        loc: Keys and list positions from the top, as pydantic gives them: where a section can be
            of several kinds, the kind comes before the section's key.

    Returns:
        The part, with its reference followed; empty where the schema knows no such place.
    """
    schema = cluster_schema()
    part = schema
    for step in loc:
        part = _followed(schema, _step(part, step))
    return part


def _followed(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    name = str(part.get("$ref", "")).rpartition("/")[2]
    if not name:
        return part
    return {**schema["$defs"][name], **{key: part[key] for key in part if key != "$ref"}}


def _step(part: dict[str, Any], step: str | int) -> dict[str, Any]:
    kinds = part.get("discriminator", {}).get("mapping", {})
    found: Any
    if isinstance(step, int):
        found = part.get("items")
    elif step in kinds:
        found = {"$ref": kinds[step]}
    else:
        found = part.get("properties", {}).get(step) or part.get("additionalProperties")
    return found if isinstance(found, dict) else {}
