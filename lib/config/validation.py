"""What pydantic makes of the Cluster's declaration: it checks data, and writes the JSON Schema.

Importing this module takes a tenth of a second, so only what validates imports it, when it does.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter

from lib.config.cluster import Cluster

if TYPE_CHECKING:
    from pydantic import ValidationError

_CLUSTER = TypeAdapter(Cluster)


def validated(data: object) -> Cluster:
    """Make a Cluster of what a cluster file says.

    Raises:
        ValidationError: Of pydantic; it tells everything that the declaration forbids.
    """
    return _CLUSTER.validate_json(json.dumps(data))


def validated_in_part(data: dict[str, object], error: ValidationError) -> Cluster:
    """Return a Cluster of the sections without an error; the others are absent."""
    broken = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
    cluster = object.__new__(Cluster)
    for field in fields(Cluster):
        if field.name in data and field.name not in broken:
            declared: Any = Annotated[field.type, Field(**field.metadata)]
            adapter = TypeAdapter[Any](declared)
            vars(cluster)[field.name] = adapter.validate_json(json.dumps(data[field.name]))
    return cluster


def generated_schema() -> dict[str, Any]:
    """Return the JSON Schema as pydantic writes it."""
    return _CLUSTER.json_schema()
