"""The part of YAML that a cluster file may use means the same to every reader."""

from __future__ import annotations

import io

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lib.config.document import read_document
from lib.config.problems import KeyPath, Problem, dotted, shown
from lib.config.scalars import plain_value
from lib.config.text import check_text

WORDS = st.text(alphabet="0123456789abcdefxoyYnNtTrRuUeEsS+-._:~", min_size=1, max_size=12)


def by_yaml_1_2(text: str) -> object:
    return YAML(typ="safe", pure=True).load(io.StringIO(text))


@given(WORDS)
@example("0o17")
@example("010")
@example("1:30")
@example("12e03")
@example("1_000")
@example("2026-11-03")
@example(".5")
@example("+1")
@example("0x1F")
@example("-0")
@example("yes")
@example("True")
@example(".inf")
@example("190:20:30.15")
def test_a_word_that_is_let_through_is_the_same_to_yaml_1_1_and_1_2(word: str) -> None:
    document = read_document(f"key: {word}\n")
    if document.problems:
        return
    assert document.data == yaml.safe_load(f"key: {word}\n")
    assert document.data == by_yaml_1_2(f"key: {word}\n")


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(alphabet=st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-m]{3,6}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex(r"[a-m]{3,6}", fullmatch=True), VALUES, max_size=4))
def test_what_pyyaml_writes_is_read_back_as_it_was(value: dict[str, object]) -> None:
    text = yaml.safe_dump(value, default_style='"') if not value else yaml.safe_dump(value)
    document = read_document(text)
    if not document.problems:
        assert document.data == value


@pytest.mark.parametrize("word", ["true", "false", "0", "7", "-7", "main", "v1.36.3+rke2r1"])
def test_ordinary_words_are_let_through(word: str) -> None:
    assert plain_value(word) == yaml.safe_load(word)


@pytest.mark.parametrize(
    "word",
    ["192.168.0.0/22", "203.0.113.10", "500m", "4Gi", "10Gi", "is1b", "ghcr.io/a/b:1.4.2", "-a"],
)
def test_addresses_sizes_and_images_need_no_quotation_marks(word: str) -> None:
    assert plain_value(word) == word


@pytest.mark.parametrize(
    "word",
    [
        *("y", "Y", "yes", "No", "ON", "off", "True", "FALSE", "~", "null", "Null", ""),
        *("010", "0o17", "0x1f", "0b1", "1_000", "+1", "1.5", ".5", "1e3", "1.", "-0"),
        *("1:30", "190:20:30", ".inf", "-.INF", ".nan", "2026-11-03", "=", "<<"),
    ],
)
def test_words_that_readers_disagree_about_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"\b(is|has|means)\b"):
        plain_value(word)


def test_every_path_has_its_line() -> None:
    document = read_document("a:\n  b: 1\n  c:\n    - x\n    - z: 2\nd: [\n  3,\n  4]\n")
    assert document.data == {"a": {"b": 1, "c": ["x", {"z": 2}]}, "d": [3, 4]}
    assert document.lines == {
        (): 1,
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 3,
        ("a", "c", 0): 4,
        ("a", "c", 1): 5,
        ("a", "c", 1, "z"): 5,
        ("d",): 6,
        ("d", 0): 7,
        ("d", 1): 8,
    }


def test_several_faults_of_the_yaml_are_told_at_once() -> None:
    document = read_document("a: &x 1\nb: *x\nc: !!str 2\na: 3\nd: 1.5\n")
    assert [(problem.rule, problem.line) for problem in document.problems] == [
        ("anchor", 1),
        ("alias", 2),
        ("tag", 3),
        ("duplicate-key", 4),
        ("ambiguous-scalar", 5),
    ]


def test_the_value_of_a_repeated_key_is_passed_over_whole() -> None:
    document = read_document("a: 1\na: {b: [1, {c: 2}], d: 3}\ne: 4\n")
    assert document.data == {"a": 1, "e": 4}


def test_a_key_that_is_a_list_is_refused() -> None:
    document = read_document("? [a, b]\n: 1\nc: 2\n")
    assert [problem.rule for problem in document.problems] == ["key-not-text"]
    assert document.data == {"c": 2}


def test_deep_nesting_is_refused_without_exhausting_the_stack() -> None:
    document = read_document("a: " + "[" * 5000 + "]" * 5000 + "\n")
    assert [problem.rule for problem in document.problems] == ["nested-too-deep"]


def test_block_text_is_read_as_text() -> None:
    assert read_document("a: |\n  b\n  c\n").data == {"a": "b\nc\n"}


@pytest.mark.parametrize(
    "character", ["\u200b", "\u202e", "\u2066", "\u2028", "\x85", "\x00", "\x1b", "\xad", "\ufeff"]
)
def test_an_invisible_character_is_refused_with_its_line(character: str) -> None:
    problem = check_text(f"a: 1\nb: {character}2\n")
    assert problem is not None
    assert problem.line == 2


@pytest.mark.parametrize(
    ("path", "text"),
    [((), ""), (("a",), "a"), (("a", 0, "b"), "a[0].b"), (("a", "b", 1), "a.b[1]")],
)
def test_a_path_is_written_as_people_write_it(path: tuple[str | int, ...], text: str) -> None:
    assert dotted(path) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        (3, "3"),
        ("3", "'3'"),
        ("a\nb", r"'a\nb'"),
        ([1, "a"], "[1, 'a']"),
        ({"a": 1}, "a mapping of a"),
        ({}, "a mapping of nothing"),
    ],
)
def test_a_value_is_shown_in_one_line(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_conflict_names_the_other_culprits_with_their_lines() -> None:
    problem = Problem(
        rule="r", path=("a",), what="clashes", given="1", use="2", against=(("b",), ("c", 0))
    )
    lines: dict[KeyPath, int] = {(): 1, ("a",): 2, ("b",): 3, ("c",): 4}
    assert problem.text("f.yaml", lines) == (
        "f.yaml:2: a: clashes, against b (line 3), c[0] (line 4) (rule: r): given 1; 2"
    )
