"""Turns a custom resource definition into strict JSON Schemas that hold structure only.

The API server prunes or refuses fields that a definition does not list; the schemas say the same
in JSON Schema's own words (``additionalProperties: false``), so that a typo is found before a
commit. Texts and defaults are left out: nothing here is written by others but names and limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lib.errors import InternalError

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

# Said the same way by OpenAPI 3.0 and JSON Schema.
_KEPT = frozenset({
    "enum", "format", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
    "minLength", "minProperties", "minimum", "multipleOf", "pattern", "type", "uniqueItems",
})  # fmt: skip
# Read by the functions below.
_CONVERTED = frozenset({
    "additionalProperties", "allOf", "anyOf", "exclusiveMaximum", "exclusiveMinimum", "items",
    "not", "nullable", "oneOf", "properties", "required", "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields",
})  # fmt: skip
# No structure, or (validations, list-map-keys) nothing that JSON Schema can say.
_DROPPED = frozenset({
    "default", "description", "example", "externalDocs", "title", "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type", "x-kubernetes-map-type", "x-kubernetes-validations",
})  # fmt: skip

_TEXTS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_OWNER: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "apiVersion": {"type": "string"},
        "blockOwnerDeletion": {"type": "boolean"},
        "controller": {"type": "boolean"},
        "kind": {"type": "string"},
        "name": {"type": "string"},
        "uid": {"type": "string"},
    },
    "required": ["apiVersion", "kind", "name", "uid"],
}
# The part of ObjectMeta that belongs into a repository; the rest is the API server's to fill in.
_METADATA: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "annotations": _TEXTS,
        "finalizers": {"type": "array", "items": {"type": "string"}},
        "labels": _TEXTS,
        "name": {"type": "string", "minLength": 1},
        "namespace": {"type": "string", "minLength": 1},
        "ownerReferences": {"type": "array", "items": _OWNER},
    },
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One served version of one custom resource.

    Attributes:
        group: The API group.
        version: The version, without its group.
        kind: The kind's name as written in an object.
        scope: ``Namespaced`` or ``Cluster``.
        schema: What an object of this kind may look like.
    """

    group: str
    version: str
    kind: str
    scope: str
    schema: Schema

    @property
    def api_version(self) -> str:
        """The apiVersion as written in an object."""
        return f"{self.group}/{self.version}"

    @property
    def path(self) -> str:
        """The schema's place under schemas/, as kubeconform's template spells it."""
        return f"{self.group}/{self.kind.lower()}_{self.version}.json"


def kinds(definition: dict[str, Any]) -> list[Kind]:
    """Convert every served version of one CustomResourceDefinition.

    Raises:
        InternalError: The definition uses something that this module does not know.
    """
    spec = definition["spec"]
    group, kind = spec["group"], spec["names"]["kind"]
    if spec.get("preserveUnknownFields"):
        raise InternalError(f"{group} {kind}: keeps unknown fields, no strict schema is possible")
    found = []
    for version in spec["versions"]:
        if not version["served"]:
            continue
        name = version["name"]
        schema = _top(version["schema"]["openAPIV3Schema"], group=group, version=name, kind=kind)
        found.append(Kind(group=group, version=name, kind=kind, scope=spec["scope"], schema=schema))
    return found


def _top(source: Schema, *, group: str, version: str, kind: str) -> Schema:
    schema = convert(source, f"{group}/{version} {kind}")
    schema["$schema"] = DRAFT
    schema["properties"] |= {
        "apiVersion": {"const": f"{group}/{version}"},
        "kind": {"const": kind},
        "metadata": _METADATA | {"required": ["name"]},
    }
    schema["required"] = sorted({*schema.get("required", ()), "apiVersion", "kind", "metadata"})
    return schema


def convert(source: Schema, where: str, *, closed: bool = True) -> Schema:
    """Convert one node of an openAPIV3Schema, and all below it.

    Args:
        source: The node.
        where: How to name the node in an error.
        closed: Whether fields that are not listed are refused. Below anyOf and its like they are
            not: such a node only adds rules to the node that it stands in.

    Raises:
        InternalError: The node holds a keyword that this module does not know.
    """
    unknown = source.keys() - _KEPT - _CONVERTED - _DROPPED
    if unknown:
        raise InternalError(f"{where}: unknown keywords {', '.join(sorted(unknown))}")
    schema: Schema = {key: value for key, value in source.items() if key in _KEPT}
    _limits(source, schema)
    _object(source, schema, where, closed=closed)
    _embedded(source, schema)
    if "items" in source:
        schema["items"] = convert(source["items"], f"{where}[]", closed=closed)
    _combined(source, schema, where)
    if source.get("nullable"):
        _nullable(schema)
    return schema


def _limits(source: Schema, schema: Schema) -> None:
    # In OpenAPI 3.0 a flag beside the limit, in JSON Schema the limit itself.
    for limit in ("minimum", "maximum"):
        if source.get(f"exclusive{limit.capitalize()}") and limit in schema:
            schema[f"exclusive{limit.capitalize()}"] = schema.pop(limit)


def _object(source: Schema, schema: Schema, where: str, *, closed: bool) -> None:
    properties = source.get("properties", {})
    if properties:
        schema["properties"] = {
            name: convert(child, f"{where}.{name}", closed=closed)
            for name, child in properties.items()
        }
    # The API server fills in defaults before it validates: such a field may be left out.
    required = [n for n in source.get("required", ()) if "default" not in properties.get(n, {})]
    if required:
        schema["required"] = sorted(required)
    extra = source.get("additionalProperties")
    if isinstance(extra, dict):
        schema["additionalProperties"] = convert(extra, f"{where}.*", closed=closed)
    elif extra is None and closed and source.get("type") == "object":
        if not source.get("x-kubernetes-preserve-unknown-fields"):
            schema["additionalProperties"] = False
    elif extra is False:
        schema["additionalProperties"] = False


def _embedded(source: Schema, schema: Schema) -> None:
    if not source.get("x-kubernetes-embedded-resource"):
        return
    name: Schema = {"type": "string", "minLength": 1}
    implied = {"apiVersion": name, "kind": name, "metadata": _METADATA}
    schema["properties"] = schema.get("properties", {}) | implied
    schema["required"] = sorted({*schema.get("required", ()), "apiVersion", "kind"})


def _combined(source: Schema, schema: Schema, where: str) -> None:
    for junctor in ("allOf", "anyOf", "oneOf"):
        if junctor in source:
            parts = source[junctor]
            schema[junctor] = [convert(part, f"{where}|{junctor}", closed=False) for part in parts]
    if "not" in source:
        schema["not"] = convert(source["not"], f"{where}|not", closed=False)
    if source.get("x-kubernetes-int-or-string"):
        schema.pop("type", None)
        schema["anyOf"] = [{"type": "integer"}, {"type": "string"}]


def _nullable(schema: Schema) -> None:
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    if "anyOf" in schema:
        schema["anyOf"] = [*schema["anyOf"], {"type": "null"}]
