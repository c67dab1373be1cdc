"""Whatever lies in a folder that somebody points the gate at is told, and ends no run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lib.checks.reading import LARGEST_FILE
from lib.gate.command import Options, check

if TYPE_CHECKING:
    from collections.abc import Callable

    Judge = Callable[..., dict[str, Any]]

ROOT = Path(__file__).resolve().parents[2]
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    def run(**files: str | bytes) -> dict[str, Any]:
        for name, content in files.items():
            text = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name.replace("_", ".")).write_bytes(text)
        check(ROOT, Options(paths=(tmp_path,), output="json", as_of="2026-04-01"), started=0)
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        return report

    return run


def told(report: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    return [
        (each["rule"], Path(each["file"]).name, each["line"], each["message"])
        for each in report["findings"]
    ]


def test_objects_are_found_in_documents_and_in_lists_of_yaml_and_json(judge: Judge) -> None:
    one, two = (json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}})
                for name in ("one", "two"))  # fmt: skip
    inner = '{"apiVersion":"v1","kind":"List","items":[%s]}' % one  # noqa: UP031 - braces
    report = judge(
        a_json='{"apiVersion":"v1","kind":"List","items":[%s]}\n%s' % (inner, two),  # noqa: UP031
        b_yaml=f"{MAP % 'three'}---\n---\n# nothing\n---\n{MAP % 'four'}...\n",
        c_yml=f"\ufeff{MAP % 'five'}".replace("\n", "\r\n"),
    )
    assert (report["objects"], report["findings"]) == (5, [])


def test_files_without_anything_in_them_say_nothing(judge: Judge) -> None:
    report = judge(a_yaml="", b_yaml="# a comment\n---\n---\n", c_json="", d_json=" null ")
    assert (report["objects"], report["findings"]) == (0, [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# of a chart\n{{- if .Values.on }}\n" + MAP % "one" + "{{- end }}\n", 2),
        (MAP % "one" + "data:\n  {{- toYaml .Values.data | nindent 2 }}\n", 5),
        (MAP % "one" + "data: {a: {{ .Values.a }}}\n", 4),
        ("{% for name in names %}\n" + MAP % "one" + "{% endfor %}\n", 1),
        (MAP % "{{ name }}" + "---\n" + MAP % "{{ name }}-2", 3),
    ],
)
def test_a_template_is_one_finding_that_says_what_it_is(judge: Judge, text: str, line: int) -> None:
    said = "a template, no manifest yet: render it first, as with helm template"
    assert told(judge(a_yaml=text)) == [("Y01", "a.yaml", line, said)]


def test_a_manifest_whose_texts_hold_braces_is_no_template(judge: Judge) -> None:
    assert told(judge(a_yaml=MAP % "one" + 'data: {a: "{{ b }}", c: "{% d %}"}\n')) == []


@pytest.mark.parametrize(
    ("content", "rule", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "Y01", "not UTF-8: invalid start byte"),
        (b"- 1\n- 2\n", "Y04", "a list, not an object"),
        (b"hello\n", "Y04", "a text, not an object"),
        (b"a: b\n", "Y04", "no apiVersion and no kind: not a Kubernetes object"),
        (b"apiVersion: v1\nkind: List\nitems: [null]\n", "Y04", "a null, not an object"),
        (b"apiVersion: v1\nkind: Pod\nmetadata: {name: [a]}\n", "Y04", "Pod without metadata.name"),
    ],
)
def test_what_is_no_object_is_told(judge: Judge, content: bytes, rule: str, message: str) -> None:
    assert [(each[0], each[3]) for each in told(judge(a_yaml=content))] == [(rule, message)]


def test_a_file_that_is_too_large_is_not_even_opened(judge: Judge, tmp_path: Path) -> None:
    with (tmp_path / "a.yaml").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    said = f"{LARGEST_FILE + 1} bytes: at most {LARGEST_FILE} are read"
    assert told(judge()) == [("Y01", "a.yaml", 1, said)]


def test_links_and_pipes_are_told_and_the_rest_is_judged(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("nowhere.yaml")
    os.mkfifo(tmp_path / "b.yaml")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "c.yaml").symlink_to("d.yaml")
    report = judge(d_yaml=MAP % "one")
    assert report["objects"] == 1
    assert told(report) == [
        ("Y01", "a.yaml", 1, "cannot be read: No such file or directory"),
        ("Y01", "b.yaml", 1, "no file"),
    ]


def test_a_kind_without_a_schema_is_told_and_not_skipped(judge: Judge) -> None:
    report = judge(a_yaml="apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: one}\n")
    (finding,) = (each for each in report["findings"] if each["rule"] == "K02")
    assert finding["message"].startswith("no schema for example.com/v1 Thing")
