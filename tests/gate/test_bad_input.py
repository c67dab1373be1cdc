"""Whatever the gate is given, it ends with the right code and says where; it never only crashes."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.synth.project import ROOT, Project, tree, tree_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.synth.project import Result

DAY = ("--as-of", "2026-12-01")
GOOD = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: whoami}
data: {colour: red}
"""
WEB = "dist/production/whoami/service-web.yaml"


@pytest.fixture(scope="module")
def shared(pristine: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy for runs that change nothing in it."""
    project = pristine.copied(tmp_path_factory.mktemp("bad") / "project")
    shutil.copytree(ROOT / "policy", project.root / "policy")
    kubeconform = project.root / ".yagura" / "bin"
    kubeconform.mkdir()
    shutil.copy2(ROOT / ".yagura" / "bin" / "kubeconform", kubeconform)
    return project


@pytest.fixture
def own(shared: Project, tmp_path: Path) -> Project:
    """A copy of the test's own."""
    return shared.copied(tmp_path / "project")


def checked(project: Project, *arguments: str | Path) -> Result:
    """Run the gate; whatever happens, it says so in lines and leaves dist/ as it is."""
    before = tree_hash(tree(project.dist))
    result = project.run("check", *DAY, *arguments)
    assert "Traceback" not in result.err
    assert "a bug of yagura's" not in result.err
    assert tree_hash(tree(project.dist)) == before
    return result


def found(project: Project, file: Path) -> list[tuple[str, int, str]]:
    """Rule, line and message of each finding about a file."""
    result = checked(project, "--output", "json", file)
    findings = json.loads(result.out)["findings"]
    assert result.code == (2 if findings else 0)
    return [(each["rule"], each["line"], each["message"]) for each in findings]


BOMB = "\n".join(
    [
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
        *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)),
    ]
)
FILES: dict[str, tuple[bytes, str, int, str]] = {
    "not closed": (b"a: 1\nb: [\n", "Y01", 2, "did not find expected node content"),
    "a key twice": (GOOD.replace("red}", "red, colour: blue}").encode(), "Y02", 4, "'colour'"),
    "an anchors bomb": (f"{GOOD}{BOMB}\n".encode(), "Y01", 9, "more than 1000000 values"),
    "50 MB": (GOOD.encode() + b"#" * 50 * 1024 * 1024, "Y01", 1, "at most 16777216 are read"),
    "UTF-16": (GOOD.encode("utf-16"), "Y01", 1, "not UTF-8: UTF-16"),
    "not UTF-8": (GOOD.replace("red", "r\xe9d").encode("latin-1"), "Y01", 4, "not UTF-8"),
    "a tab": (
        GOOD.replace("\ndata: {", "\ndata:\n\t").encode(),
        "Y01",
        5,
        "cannot start any token",
    ),
    "a NUL byte": (GOOD.encode() + b"\0", "Y01", 5, "#x0000"),
    "deep nesting": (b"a: " + b"[" * 100_000, "Y01", 1, "nested deeper than 200 levels"),
    "a template": (
        GOOD.replace("web", "{{ .Name }}").encode(),
        "Y01",
        3,
        "a template, no manifest",
    ),
    "a scalar": (b"just words\n", "Y04", 1, "not an object"),
    "no kind": (b"apiVersion: v1\nmetadata: {name: a}\n", "Y04", 1, "no kind"),
    "a word that is a boolean": (GOOD.replace("red", "on").encode(), "Y03", 4, "'on'"),
    "an unknown kind": (
        b"apiVersion: nobody.example/v1\nkind: Thing\nmetadata: {name: a}\n",
        "K02",
        1,
        "no schema for nobody.example/v1 Thing",
    ),
    "an unknown field": (
        GOOD.replace("\ndata", "\ndate").encode(),
        "K01",
        4,
        "did you mean 'data'?",
    ),
}


@pytest.mark.parametrize(("content", "rule", "line", "words"), FILES.values(), ids=FILES)
def test_a_bad_file_is_a_finding_with_its_rule_and_line(  # noqa: PLR0917 - one case
    shared: Project, tmp_path: Path, content: bytes, rule: str, line: int, words: str
) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    hits = [each for each in found(shared, file) if each[:2] == (rule, line)]
    assert len(hits) == 1
    assert words in hits[0][2]


JSON: dict[str, tuple[str, str]] = {
    "a comma too many": ('{"a": 1,}', "Expecting property name"),
    "NaN": ('{"a": NaN}', "NaN is no JSON"),
    "half a character": ('{"a": "\\ud800"}', "half of a surrogate pair"),
    "deep nesting": ('{"a": ' + "[" * 300 + "]" * 300 + "}", "nested deeper than 200 levels"),
    "very deep nesting": ('{"a": ' + "[" * 100_000, "nested deeper than 200 levels"),
}


@pytest.mark.parametrize(("text", "words"), JSON.values(), ids=JSON)
def test_bad_json_is_a_finding(shared: Project, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text, encoding="utf-8")
    [(rule, line, message)] = found(shared, file)
    assert (rule, line) == ("Y01", 1)
    assert words in message


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_number_of_thousands_of_digits_is_no_whole_number(
    shared: Project, tmp_path: Path, name: str
) -> None:
    value = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "generation": 1}}
    text = json.dumps(value).replace("1}", "9" * 6000 + "}")
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    [(rule, _, message)] = found(shared, file)
    assert rule == "K01"
    assert "expected a whole number" in message


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        b"",
        b"# nothing yet\n",
        b"---\n---\n",
    ],
    ids=["CRLF", "byte order mark", "empty", "a comment", "empty documents"],
)
def test_what_every_reader_takes_alike_is_no_finding(
    shared: Project, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    assert found(shared, file) == []


def test_one_bad_file_does_not_hide_what_is_wrong_in_the_others(
    shared: Project, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text("a: [\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(GOOD.replace("\ndata", "\ndate"), encoding="utf-8")
    assert [rule for rule, _, _ in found(shared, tmp_path)] == ["Y01", "K01"]


def test_a_folder_that_contains_itself_is_read_once(shared: Project, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "again").symlink_to(tmp_path)
    assert found(shared, tmp_path) == []


def test_a_link_to_nothing_is_a_finding(shared: Project, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "nowhere")
    assert found(shared, tmp_path) == [("Y01", 1, "cannot be read: No such file or directory")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "nowhere: there is no such file or folder"),
        (("empty",), "empty: there is no .yaml, .yml, .json in it"),
        (("--rules", "Z99"), "there is no rule 'Z99'"),
        (("--rules", "W031"), "there is no rule 'W031': did you mean W03?"),
        (("--as-of", "yesterday"), "--as-of yesterday: give a day as YYYY-MM-DD"),
        (("--as-of", "2026-02-30"), "--as-of 2026-02-30: give a day as YYYY-MM-DD"),
        (("--kubernetes", "1.99"), "Kubernetes 1.99"),
        (("--kubernetes", "newest"), "newest"),
        (("--cluster", "nowhere"), "--cluster nowhere"),
        (("--cluster", "nowhere", "main.py"), "--cluster nowhere"),
        (("--output", "xml"), "--output"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_1_and_one_line(
    shared: Project, arguments: Sequence[str], words: str
) -> None:
    (shared.root / "empty").mkdir(exist_ok=True)
    result = checked(shared, *arguments)
    assert (result.code, result.out) == (1, "")
    assert len(result.err.splitlines()) == 1
    assert words in result.err


# --- dist/ and the project itself ---------------------------------------------------------------


def test_a_hand_edit_in_dist_is_drift_at_the_python_line_and_stays(own: Project) -> None:
    own.replace(WEB, "port: 80", "port: 81")
    result = checked(own)
    assert result.code == 3
    assert re.match(rf"apps/whoami\.py:[0-9]+  Service whoami/web  {WEB}\n  error G02", result.out)


def test_an_extra_file_in_dist_is_a_finding(own: Project) -> None:
    own.write("dist/production/whoami/configmap-more.yaml", GOOD)
    result = checked(own)
    assert result.code == 2
    assert "yagura did not write this file" in result.out


def test_a_file_that_is_gone_from_dist_is_drift(own: Project) -> None:
    (own.root / WEB).unlink()
    result = checked(own)
    assert result.code == 3
    assert "the sources make this file, and it is not there" in result.out


def test_a_dist_that_is_gone_is_drift_and_not_green(own: Project) -> None:
    shutil.rmtree(own.dist)
    assert checked(own).code == 3


def test_a_rule_that_crashes_ends_with_5_and_the_others_are_still_told(own: Project) -> None:
    module = "lib/checks/rules/tree.py"
    own.replace(
        module,
        "def _once(",
        "def _crash(*_: object) -> None:\n    raise KeyError('a')\n\n\ndef _once(",
    )
    own.replace(module, "check=_once", "check=_crash")
    own.write("more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndate: {}\n")
    result = checked(own, "more.yaml")
    assert result.code == 5
    assert "the rule G06 crashed at ConfigMap/a in more.yaml: KeyError: 'a'" in result.err
    assert "error K01" in result.out


def test_a_schema_that_does_not_compile_ends_with_5_and_names_it(own: Project) -> None:
    schema = own.root / "schemas" / "traefik.io" / "middleware_v1alpha1.json"
    text = json.loads(schema.read_bytes())
    text["properties"]["spec"] = {"type": "string", "pattern": "["}
    schema.write_text(json.dumps(text), encoding="utf-8")
    result = checked(own, "dist/production/traefik")
    assert result.code == 5
    assert "Middleware" in result.err
    assert "does not compile" in result.err


def test_without_kubeconform_the_machine_is_in_the_way(own: Project) -> None:
    (own.root / ".yagura" / "bin" / "kubeconform").unlink()
    result = checked(own, "dist/production/whoami")
    assert (result.code, result.out) == (4, "")
    assert "no kubeconform" in result.err
    assert "make setup" in result.err


def test_a_kubeconform_that_says_nothing_is_no_verdict(own: Project) -> None:
    program = own.root / ".yagura" / "bin" / "kubeconform"
    program.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    program.chmod(0o755)
    result = checked(own, "dist/production/whoami")
    assert (result.code, result.out) == (4, "")
    assert "kubeconform" in result.err


def test_a_policy_file_that_cannot_be_read_ends_with_1_and_its_line(own: Project) -> None:
    own.write("policy/exceptions.yaml", "exceptions:\n- id: [\n")
    result = checked(own, "dist/production/whoami")
    assert (result.code, result.out) == (1, "")
    assert "policy/exceptions.yaml:2" in result.err
