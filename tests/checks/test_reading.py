"""Files are read as the cluster reads them, and whatever is wrong is told with its line."""

from __future__ import annotations

import pytest

from lib.checks.document import File
from lib.checks.loading import load
from lib.checks.reading import LARGEST_FILE, read


def value(text: str) -> object:
    (found,) = [item["a"] for _, item in read("a.yaml", f"a: {text}\n".encode()).documents]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("-7", -7),
        ("0644", 0o644),
        ("0x1F", 31),
        ("1_000", 1000),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("off", False),
        ("~", None),
        ("", None),
        ("2026-01-02", "2026-01-02"),
        ("12:30", "12:30"),
        ("1.2.3", "1.2.3"),
        ("v1", "v1"),
        ("'1'", "1"),
        ('"on"', "on"),
        ("100m", "100m"),
        (".5", 0.5),
        ("+.inf", float("inf")),
        ("1.", 1.0),
        ("0", 0),
        ("08", 8.0),
    ],
)
def test_a_scalar_means_what_it_means_to_the_cluster(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def faults(content: bytes | str, name: str = "a.yaml") -> list[tuple[str, int, int]]:
    data = content.encode() if isinstance(content, str) else content
    return [(fault.rule, fault.document, fault.line) for fault in read(name, data).faults]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: 1\nb: [\n", ("Y01", 0, 2)),
        ("a: 1\n---\nb:\n\t- c\n", ("Y01", 1, 4)),
        (b"a: 1\nb: \xff\n", ("Y01", 0, 2)),
        ("a: 1\n".encode("utf-16"), ("Y01", 0, 1)),
        ("a: \x07\n", ("Y01", 0, 1)),
        ("? [a]\n: b\n", ("Y01", 0, 1)),
        ("a: &x [*x]\n", ("Y01", 0, 1)),
        ("a: 1\nb: 2\na: 3\n", ("Y02", 0, 3)),
        ("a: 1\n---\nb: {c: 1, c: 2}\n", ("Y02", 1, 3)),
        ("a:\n  yes: 1\n", ("Y03", 0, 2)),
        ("a: 0o17\n", ("Y03", 0, 1)),
        ("a: 12:30\n", ("Y03", 0, 1)),
        ("a: =\n", ("Y03", 0, 1)),
        ("[" * 300, ("Y01", 0, 1)),
        ("[" * 1_000_000, ("Y01", 0, 1)),
        ("a: " + "[" * 250 + "]" * 250, ("Y01", 0, 1)),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(
    content: bytes | str, expected: tuple[str, int, int]
) -> None:
    assert faults(content) == [expected]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"a": 1,\n "a": 2}', ("Y02", 0, 1)),
        ('{"a": 1}\n{"b": }', ("Y01", 1, 2)),
        ("[" * 100_000, ("Y01", 0, 1)),
    ],
)
def test_json_is_read_as_json(content: str, expected: tuple[str, int, int]) -> None:
    assert faults(content, "a.json") == [expected]


def test_aliases_and_merges_are_fine() -> None:
    text = "base: &b {x: 1, z: 2}\nall: {<<: *b, z: 3}\nlist: [*b, *b]\n"
    content = read("a.yaml", text.encode())
    assert content.faults == []
    assert content.documents[0][1]["all"] == {"x": 1, "z": 3}


def test_an_alias_that_stands_for_too_much_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (fault,) = read("a.yaml", "\n".join(lines).encode()).faults
    assert fault.rule == "Y01"
    assert "stands for more than" in fault.message


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    (fault,) = read("a.yaml", b"#" * (LARGEST_FILE + 1)).faults
    assert fault.rule == "Y01"


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    content = read("a.yaml", b"\xef\xbb\xbfa: 1\r\nb: two\r\n")
    assert content.documents == [(0, {"a": 1, "b": "two"})]


LISTED = """\
# a comment
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: one}
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: two
---
---
apiVersion: v1
kind: Secret
metadata: {name: three}
"""


def test_every_object_is_found_also_in_lists_and_after_empty_documents() -> None:
    loaded = load([File("a.yaml", LISTED.encode())])
    assert [(each.index, each.base, each.name) for each in loaded.documents] == [
        (0, "/items/0", "one"),
        (0, "/items/1", "two"),
        (2, "", "three"),
    ]
    assert loaded.found.problems == ()


def test_a_place_knows_its_line() -> None:
    _, two, three = load([File("a.yaml", LISTED.encode())]).documents
    assert [two.line(), two.line("/metadata/name"), two.line("/metadata/labels/x")] == [9, 12, 11]
    assert three.line() == 15


def test_the_files_of_the_nodes_are_no_objects() -> None:
    file = File("dist/c/nodes/server/config.yaml", b"cni: canal\n")
    loaded = load([file])
    assert loaded.documents == []
    assert loaded.found.problems == ()
    assert loaded.node_files[0].text("cni") == "canal"


@pytest.mark.parametrize(
    "text",
    ["just text\n", "- a\n", "a: b\n", "kind: Pod\n", "apiVersion: v1\nkind: Pod\n", "7\n"],
)
def test_a_document_that_is_no_object_is_a_finding(text: str) -> None:
    assert [rule for rule, _ in load([File("a.yaml", text.encode())]).found.problems] == ["Y04"]
