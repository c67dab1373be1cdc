from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lib.checks.document import File
from lib.checks.loading import load
from lib.checks.schema import check_schemas

if TYPE_CHECKING:
    from lib.checks.engine import Found

ROOT = Path(__file__).resolve().parents[2]
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: %s}\ndata: {a: %s}\n"


def judged(*texts: str) -> Found:
    files = [File(f"{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    loaded = load(files)
    return check_schemas(loaded.documents, kubernetes="1.36", cache=ROOT / ".yagura")


def told(*texts: str) -> list[tuple[str, str, int, str]]:
    """Rule, file, document and pointer of each problem."""
    found = judged(*texts)
    return [
        (rule, each.document.file.name, each.document.index, each.pointer)
        for rule, each in found.problems
    ]


def test_every_object_counts_as_examined() -> None:
    found = judged(MAP % ("one", "b"), f"{MAP % ('two', 'b')}---\n{MAP % ('three', 'b')}")
    assert (found.problems, found.crashed) == ((), ())
    assert found.examined == {"K01": 3, "K02": 3, "K03": 0}


def test_nothing_is_judged_where_there_is_nothing() -> None:
    assert judged().examined == {"K01": 0, "K02": 0, "K03": 0}


def test_of_two_objects_with_one_name_only_the_wrong_one_is_blamed() -> None:
    assert told(MAP % ("one", "b"), MAP % ("two", "[b]"), MAP % ("three", "b")) == [
        ("K01", "1.yaml", 0, "/data/a")
    ]


def test_two_copies_of_a_wrong_object_are_both_blamed() -> None:
    wrong = MAP % ("one", "[b]")
    assert told(f"{wrong}---\n{wrong}") == [
        ("K01", "0.yaml", 0, "/data/a"),
        ("K01", "0.yaml", 1, "/data/a"),
    ]


def test_a_kind_without_a_schema_is_never_skipped() -> None:
    thing = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: web}\n"
    assert told(MAP % ("one", "b"), thing) == [("K02", "1.yaml", 0, "")]


def test_a_wrong_object_without_a_name_is_blamed() -> None:
    wrong = (MAP % ("one", "[b]")).replace("name: web", "generateName: web-")
    assert told(MAP % ("one", "b"), wrong) == [("K01", "1.yaml", 0, "/data/a")]


@pytest.mark.parametrize(
    "text",
    ["a: '\\n---\\nkind: Secret'", 'a: "x\\n---\\nkind: Secret\\n---\\n"', "a: |\n    ---\n"],
)
def test_a_text_that_looks_like_another_document_is_none(text: str) -> None:
    found = judged((MAP % ("one", "b")).replace("data: {a: b}", f"data:\n  {text}"))
    assert (found.problems, found.examined["K01"]) == ((), 1)


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_any_character_that_can_be_read_can_be_judged(suffix: str) -> None:
    text = '"\U0001f3aa \\u2028 \\u0085 \\u007f \\\\ud83c\\\\udfaa \\ufffd \\\\"'
    object_ = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":%s}}'
    loaded = load([File(f"a.{suffix}", (object_ % text).encode())])
    assert loaded.documents[0].object["data"]["a"].startswith("\U0001f3aa \u2028 \x85")
    found = check_schemas(loaded.documents, kubernetes="1.36", cache=ROOT / ".yagura")
    assert (found.problems, found.examined["K01"]) == ((), 1)
