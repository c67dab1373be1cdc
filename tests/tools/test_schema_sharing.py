from __future__ import annotations

from typing import Any

from tools.schema_sharing import share


def expanded(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, dict):
        if "$ref" in node:
            return expanded(definitions[node["$ref"].rpartition("/")[2]], definitions)
        return {key: expanded(value, definitions) for key, value in node.items()}
    return [expanded(item, definitions) for item in node] if isinstance(node, list) else node


def test_what_occurs_twice_is_said_once_and_means_the_same() -> None:
    inner = {"type": "object", "properties": {f"field{n}": {"type": "string"} for n in range(9)}}
    outer = {"type": "object", "properties": {"inner": inner, "more": {"enum": list(range(99))}}}
    schema = {
        "type": "object",
        "properties": {"b": outer, "a": outer, "c": inner, "inner": {"type": "array"}},
    }
    shared = share(schema)
    assert list(shared["definitions"]) == ["a", "inner"]
    assert expanded(shared["properties"], shared["definitions"]) == schema["properties"]


def test_names_of_shared_parts_never_collide() -> None:
    def part(word: str) -> dict[str, Any]:
        fields = {f"{word}{n}": {"type": "string"} for n in range(9)}
        return {"type": "object", "properties": fields}

    pairs = {"x": {"type": "object", "properties": {"same": part("a"), "same_": part("a")}}}
    pairs["y"] = {"type": "object", "properties": {"same": part("b"), "same_": part("b")}}
    schema = {"type": "object", "properties": pairs}
    shared = share(schema)
    assert list(shared["definitions"]) == ["same", "same2"]
    assert expanded(shared["properties"], shared["definitions"]) == pairs


def test_a_schema_without_repetition_has_no_definitions() -> None:
    assert share({"type": "object"}) == {"type": "object"}
