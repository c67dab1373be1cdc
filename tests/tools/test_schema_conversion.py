from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from lib.errors import InternalError
from tests.tools.definitions import definition
from tools.schema_conversion import convert, kinds


def accepts(schema: dict[str, Any], value: object) -> bool:
    Draft7Validator.check_schema(schema)
    return bool(Draft7Validator(schema).is_valid(value))


def test_a_field_that_is_not_listed_is_refused_at_every_depth() -> None:
    below = {"type": "object", "properties": {"a": {"type": "string"}}}
    schema = convert({"type": "object", "properties": {"b": {"type": "array", "items": below}}}, "")
    assert accepts(schema, {"b": [{"a": "x"}]})
    assert not accepts(schema, {"b": [{"a": "x", "c": 1}]})
    assert not accepts(schema, {"b": [], "c": 1})


def test_an_object_without_fields_takes_none() -> None:
    assert accepts(convert({"type": "object"}, ""), {})
    assert not accepts(convert({"type": "object"}, ""), {"a": 1})


def test_preserved_unknown_fields_stay_open_on_their_own_level_only() -> None:
    schema = convert(
        {
            "type": "object",
            "x-kubernetes-preserve-unknown-fields": True,
            "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}},
        },
        "",
    )
    assert accepts(schema, {"anything": [1], "a": {"b": "x"}})
    assert not accepts(schema, {"a": {"anything": 1}})


@pytest.mark.parametrize("value", ["a", 1, [], {"a": None}, None])
def test_a_preserved_field_without_type_takes_anything(value: object) -> None:
    assert accepts(convert({"x-kubernetes-preserve-unknown-fields": True}, ""), value)


def test_a_map_checks_its_values() -> None:
    schema = convert({"type": "object", "additionalProperties": {"type": "string"}}, "")
    assert accepts(schema, {"a": "b"})
    assert not accepts(schema, {"a": 1})


@pytest.mark.parametrize("more", [{}, {"anyOf": [{"type": "integer"}, {"type": "string"}]}])
def test_int_or_string_is_either(more: dict[str, Any]) -> None:
    schema = convert({"x-kubernetes-int-or-string": True, "pattern": "^[a-z]+$"} | more, "")
    assert accepts(schema, 80)
    assert accepts(schema, "http")
    assert not accepts(schema, "80%")
    assert not accepts(schema, 80.5)
    assert not accepts(schema, None)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ({"type": "string"}, "a"),
        ({"type": "string", "enum": ["a", "b"]}, "a"),
        ({"x-kubernetes-int-or-string": True}, 1),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "b"}),
    ],
)
def test_null_is_accepted_only_where_the_definition_says_so(
    source: dict[str, Any], value: object
) -> None:
    schema = convert(source | {"nullable": True}, "")
    assert accepts(schema, None)
    assert accepts(schema, value)
    assert not accepts(schema, [])
    assert not accepts(convert(source, ""), None)


def test_an_embedded_object_needs_its_kind_and_takes_metadata() -> None:
    schema = convert(
        {
            "type": "object",
            "x-kubernetes-embedded-resource": True,
            "x-kubernetes-preserve-unknown-fields": True,
        },
        "",
    )
    good = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {}}, "data": {"a": "b"}}
    assert accepts(schema, good)
    assert not accepts(schema, {key: value for key, value in good.items() if key != "kind"})
    assert not accepts(schema, good | {"metadata": {"label": {}}})


def test_a_required_field_with_a_default_may_be_left_out() -> None:
    schema = convert(
        {
            "type": "object",
            "required": ["a", "b"],
            "properties": {"a": {"type": "string", "default": "x"}, "b": {"type": "string"}},
        },
        "",
    )
    assert schema["required"] == ["b"]


def test_limits_are_kept_and_exclusive_ones_rewritten() -> None:
    schema = convert({"type": "integer", "minimum": 1, "exclusiveMinimum": True, "maximum": 9}, "")
    assert [value for value in range(12) if accepts(schema, value)] == list(range(2, 10))


def test_rules_below_a_junctor_do_not_close_the_object() -> None:
    text = {"type": "string"}
    schema = convert(
        {
            "type": "object",
            "properties": {"a": text, "b": text},
            "oneOf": [{"required": ["a"]}, {"required": ["b"], "properties": {"b": {}}}],
            "not": {"properties": {"a": {"enum": ["no"]}}, "required": ["a"]},
        },
        "",
    )
    assert accepts(schema, {"a": "x"})
    assert accepts(schema, {"b": "x"})
    assert not accepts(schema, {"a": "x", "b": "x"})
    assert not accepts(schema, {"a": "no"})


def test_no_text_survives_but_a_field_of_that_name_does() -> None:
    schema = convert(
        {
            "type": "object",
            "description": "prose",
            "title": "prose",
            "example": "prose",
            "x-kubernetes-validations": [{"rule": "self.a == 'b'", "message": "prose"}],
            "properties": {"description": {"type": "string", "description": "prose"}},
        },
        "",
    )
    assert "prose" not in json.dumps(schema)
    assert accepts(schema, {"description": "mine"})


def test_a_keyword_that_nobody_knows_stops_the_run_and_is_located() -> None:
    source = {"type": "object", "properties": {"a": {"type": "array", "items": {"newWord": 1}}}}
    with pytest.raises(InternalError, match=r"^kind\.a\[\]: unknown keywords newWord$"):
        convert(source, "kind")


def test_an_object_needs_its_identity_and_plain_metadata() -> None:
    (kind,) = kinds(definition({"type": "object"}))
    good = {
        "apiVersion": "shop.example/v1",
        "kind": "CoffeeCup",
        "metadata": {"name": "a", "labels": {"a": "b"}},
        "spec": {},
    }
    assert accepts(kind.schema, good)
    for key in good:
        assert not accepts(kind.schema, {name: good[name] for name in good if name != key})
    for wrong in ({"kind": "Cup"}, {"apiVersion": "v1"}, {"metadata": {"name": "a", "uid": "x"}}):
        assert not accepts(kind.schema, good | wrong)


def test_a_kind_knows_its_place_and_its_scope() -> None:
    (kind,) = kinds(definition({"type": "object"}, scope="Cluster"))
    assert (kind.path, kind.api_version) == ("shop.example/coffeecup_v1.json", "shop.example/v1")
    assert kind.scope == "Cluster"


def test_versions_that_are_not_served_have_no_schema() -> None:
    source = definition({"type": "object"})
    source["spec"]["versions"].append({"name": "v2", "served": False, "schema": {}})
    assert [kind.version for kind in kinds(source)] == ["v1"]


def test_a_definition_that_keeps_all_unknown_fields_is_refused() -> None:
    with pytest.raises(InternalError, match="keeps unknown fields"):
        kinds(definition({"type": "object"}, preserveUnknownFields=True))
