from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lib.values import MAX_DEPTH, MAX_INTEGER, escape, problems

CHARACTERS = {
    "NUL": 0x00,
    "bell": 0x07,
    "vertical tab": 0x0B,
    "form feed": 0x0C,
    "carriage return": 0x0D,
    "escape": 0x1B,
    "unit separator": 0x1F,
    "DEL": 0x7F,
    "first of C1": 0x80,
    "NEL": 0x85,
    "last of C1": 0x9F,
    "line separator": 0x2028,
    "paragraph separator": 0x2029,
    "left-to-right embedding": 0x202A,
    "right-to-left override": 0x202E,
    "left-to-right isolate": 0x2066,
    "pop isolate": 0x2069,
    "high surrogate": 0xD800,
    "low surrogate": 0xDFFF,
    "byte order mark": 0xFEFF,
    "noncharacter FFFE": 0xFFFE,
    "noncharacter FFFF": 0xFFFF,
}
NEIGHBOURS = {
    "tab": 0x09,
    "line feed": 0x0A,
    "space": 0x20,
    "tilde": 0x7E,
    "no-break space": 0xA0,
    "hyphenation point": 0x2027,
    "narrow no-break space": 0x202F,
    "invisible plus": 0x2064,
    "right-to-left Hebrew": 0x05D0,
    "last before the surrogates": 0xD7FF,
    "private use": 0xE000,
    "before the byte order mark": 0xFEFC,
    "replacement character": 0xFFFD,
    "combining acute accent": 0x0301,
    "Japanese": 0x65E5,
    "emoji": 0x1F389,
}


def nested(levels: int) -> dict[str, Any]:
    """Give maps, one within the other: ``levels`` of them."""
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"x": value}
    return value


@pytest.mark.parametrize("name", sorted(CHARACTERS))
def test_a_character_that_does_not_read_back_the_same_is_refused(name: str) -> None:
    code = CHARACTERS[name]
    assert problems({"a": [f"x{chr(code)}y"]}) == [
        (
            f"/a/0: the character U+{code:04X} at position 1 does not read back the same "
            "everywhere, or hides text: remove it"
        )
    ]


@pytest.mark.parametrize("name", sorted(CHARACTERS))
def test_such_a_character_is_refused_in_a_key_too(name: str) -> None:
    code = CHARACTERS[name]
    assert problems({"a": {f"x{chr(code)}": "y"}}) == [
        (
            f"/a: in a key, the character U+{code:04X} at position 1 does not read back the same "
            "everywhere, or hides text: remove it"
        )
    ]


@pytest.mark.parametrize("name", sorted(NEIGHBOURS))
def test_its_neighbours_are_accepted(name: str) -> None:
    text = f"x{chr(NEIGHBOURS[name])}y"
    assert problems({text: [text, {"a": text}]}) == []
    assert problems(text) == []


@pytest.mark.parametrize("value", [0, 1, -1, 2**31, 2**53 - 1, -(2**53 - 1), True, False])
def test_an_integer_that_javascript_keeps_is_accepted(value: int) -> None:
    assert problems({"a": value}) == []


@pytest.mark.parametrize("value", [2**53, -(2**53), 2**63, 10**30])
def test_an_integer_that_javascript_rounds_is_refused(value: int) -> None:
    assert MAX_INTEGER == 2**53 - 1
    assert problems({"a": {"b": [0, value]}}) == [
        f"/a/b/1: {value} is beyond 2**53 - 1 and would be rounded: write it as a string"
    ]


@pytest.mark.parametrize("value", [0.5, -0.5, 0.1, 3.14159, 1234567.125, 0.0001])
def test_a_fraction_is_accepted(value: float) -> None:
    assert problems({"a": value}) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_json_knows_no_number_for_is_refused(value: float) -> None:
    assert problems({"a": value}) == [f"/a: {value} is not a number that JSON knows"]


@pytest.mark.parametrize(("value", "whole"), [(1.0, 1), (-0.0, 0), (1e21, 10**21), (-3.0, -3)])
def test_a_whole_number_written_as_a_fraction_is_refused(value: float, whole: int) -> None:
    assert problems({"a": value}) == [
        f"/a: {value} would become {whole}: write the integer, or a string"
    ]


@pytest.mark.parametrize("value", [1e-7, -2.5e-9, 0.00001])
def test_a_fraction_with_an_exponent_is_refused(value: float) -> None:
    assert problems({"a": value}) == [
        f"/a: {value!r} has an exponent, which readers disagree on: write it as a string"
    ]


def test_none_is_refused_with_a_hint_at_helms_null() -> None:
    assert problems({"a": [{"b": None}]}) == [
        "/a/0/b: None would be dropped: leave the key out (Helm's null: lib.constructs.NULL)"
    ]


@pytest.mark.parametrize("value", [{1, 2}, frozenset({1})])
def test_a_set_is_refused_because_it_has_no_order(value: object) -> None:
    assert problems({"a": value}) == ["/a: a set has no order: use sorted(...)"]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b"x", "bytes"),
        (bytearray(b"x"), "bytearray"),
        (Decimal(1), "Decimal"),
        (date(2024, 1, 1), "date"),
        (1j, "complex"),
        (object(), "object"),
        (iter([1]), "list_iterator"),
    ],
)
def test_any_other_type_is_refused_by_its_name(value: object, name: str) -> None:
    assert problems({"a": value}) == [
        f"/a: a {name} is no JSON value: use str, int, float, bool, list or dict"
    ]


@pytest.mark.parametrize("key", [1, 1.5, None, True, b"x", ("a",)])
def test_a_key_that_is_no_string_is_refused(key: object) -> None:
    assert problems({"a": {key: "x"}}) == [
        f"/a: the key {key!r} is {type(key).__name__}: a key is a string"
    ]


@pytest.mark.parametrize("key", ["", " ", "a b", "a.b/c", "日本", "~"])
def test_any_other_string_is_a_key(key: str) -> None:
    assert problems({key: "x"}) == []


def test_as_many_levels_as_are_allowed_are_accepted() -> None:
    assert problems(nested(MAX_DEPTH)) == []


def test_one_level_more_is_refused() -> None:
    assert problems(nested(MAX_DEPTH + 1)) == [
        f"{'/x' * MAX_DEPTH}: nested deeper than {MAX_DEPTH} levels"
    ]


def test_a_map_within_itself_is_refused_instead_of_followed_forever() -> None:
    value: dict[str, Any] = {}
    value["x"] = value
    assert problems(value) == [f"{'/x' * MAX_DEPTH}: nested deeper than {MAX_DEPTH} levels"]


def test_a_key_in_a_pointer_is_escaped() -> None:
    assert escape("a/b~c") == "a~1b~0c"
    (problem,) = problems({"a/b~c": None})
    assert problem.startswith("/a~1b~0c: ")


def test_a_wrong_value_on_its_own_is_told_too() -> None:
    assert problems(None) == [
        "/: None would be dropped: leave the key out (Helm's null: lib.constructs.NULL)"
    ]


def test_every_problem_is_told_in_the_values_order() -> None:
    found = problems({"b": None, "a": [1.0, "ok", {"c": 2**53}], 3: "x"})
    assert [line.partition(":")[0] for line in found] == ["/b", "/a/0", "/a/2/c", ""]


def test_tuples_count_as_lists_and_plain_values_pass() -> None:
    assert problems({"a": (1, "x", False), "b": [], "c": {}, "d": ""}) == []
