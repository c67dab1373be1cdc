"""A verdict that is remembered is right to: whatever it rests on is noticed when it changes."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from lib.synth import watch
from tests.synth.project import ROOT, Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = "2026-11-30"
CLEAN = "no findings"
WEB = "dist/production/whoami/deployment-web.yaml"
SCHEMA = "schemas/traefik.io/ingressroute_v1alpha1.json"


@pytest.fixture(scope="module")
def judged(pristine: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy whose last verdict had no findings; tests put back what they change."""
    project = pristine.copied(tmp_path_factory.mktemp("judged") / "project")
    shutil.copytree(ROOT / "policy", project.root / "policy")
    (project.root / ".yagura" / "bin").mkdir()
    shutil.copy2(ROOT / ".yagura/bin/kubeconform", project.root / ".yagura" / "bin")
    assert check(project) == 0
    until_remembered(project)
    return project


@pytest.fixture
def own(judged: Project, tmp_path: Path) -> Project:
    """A copy of the test's own, which remembers nothing yet."""
    project = judged.copied(tmp_path / "project")
    (project.root / ".yagura" / "verdict").unlink(missing_ok=True)
    return project


def check(project: Project, *arguments: str) -> int:
    result = project.run("check", "--as-of", DAY, *arguments)
    assert "Traceback" not in result.err
    return result.code


def remembers(project: Project, *arguments: str, env: dict[str, str] | None = None) -> bool:
    """Whether a check has its answer without a synth, which it could not make without cdk8s."""
    given = arguments or ("--as-of", DAY)
    result = project.run("check", *given, env={"BLOCKED": "jsii", **(env or {})})
    assert (result.code == 0) == (CLEAN in result.err), result
    return result.code == 0


def until_remembered(project: Project) -> None:
    """Judge again: files that are as young as the run are not remembered."""
    deadline = time.monotonic() + 20
    while not remembers(project):
        assert time.monotonic() < deadline
        assert check(project) == 0


def prepared(project: Project) -> Path:
    (folder,) = (project.root / ".yagura").glob("kubernetes-*")
    return folder / "configmap-v1.json"


def with_a_byte_more(path: Path) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    yield
    path.write_bytes(before)


def without(path: Path) -> Iterator[None]:
    aside = path.with_name(f".{path.name}.aside")
    path.rename(aside)
    yield
    aside.rename(path)


def with_a_new(path: Path) -> Iterator[None]:
    there = path.parent.is_dir()
    path.parent.mkdir(exist_ok=True)
    path.write_text("", encoding="utf-8")
    yield
    path.unlink()
    if not there:
        path.parent.rmdir()


@pytest.mark.parametrize(
    "path",
    [
        WEB,
        "apps/whoami.py",
        "clusters/production.yaml",
        "lib/checks/pods.py",
        "lib/constructs/web_service.py",
        "lib/gate/own.py",
        "main.py",
        "policy/exceptions.yaml",
        "policy/provided.yaml",
        "requirements.lock",
        "schemas/charts.json",
        "schemas/scopes.json",
        SCHEMA,
        ".yagura/bin/kubeconform",
    ],
)
def test_a_byte_more_is_noticed(judged: Project, path: str) -> None:
    for _ in with_a_byte_more(judged.root / path):
        assert not remembers(judged)
    assert remembers(judged)


def test_a_byte_more_in_a_schema_of_kubernetes_is_noticed(judged: Project) -> None:
    for _ in with_a_byte_more(prepared(judged)):
        assert not remembers(judged)
    assert remembers(judged)


@pytest.mark.parametrize(
    "path", [WEB, "lib/checks/globs.py", "policy/provided.yaml", SCHEMA, ".yagura/bin/kubeconform"]
)
def test_a_file_that_goes_is_noticed(judged: Project, path: str) -> None:
    for _ in without(judged.root / path):
        assert not remembers(judged)
    assert remembers(judged)


@pytest.mark.parametrize(
    "path",
    [
        "dist/production/whoami/secret-mine.yaml",
        "dist/staging/mine.yaml",
        "clusters/staging.yaml",
        "lib/checks/rules/mine.py",
        "policy/mine.yaml",
        "schemas/example.com/mine_v1.json",
        "schemas/traefik.io/mine_v1.json",
    ],
)
def test_a_new_file_is_noticed(judged: Project, path: str) -> None:
    for _ in with_a_new(judged.root / path):
        assert not remembers(judged)
    assert remembers(judged)


def test_another_kubeconform_is_noticed_though_it_holds_the_same_bytes(judged: Project) -> None:
    own = judged.root / ".yagura" / "bin" / "kubeconform"
    own.chmod(0o644)
    assert not remembers(judged)
    own.chmod(0o755)
    assert remembers(judged)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--as-of", "2026-12-01"),
        (),
        ("--as-of", DAY, "--kubernetes", "1.35"),
        ("--as-of", DAY, "--no-cache"),
        ("--as-of", DAY, "--output", "json"),
        ("--as-of", DAY, "--output", "sarif"),
        ("--as-of", DAY, "--exceptions"),
    ],
)
def test_another_question_is_not_answered_from_memory(
    judged: Project, arguments: tuple[str, ...]
) -> None:
    assert not remembers(judged, *(arguments or ("--output", "text")))


def test_annotations_for_github_are_none_where_nothing_is_found(judged: Project) -> None:
    assert remembers(judged, "--as-of", DAY, "--output", "github")


def test_another_python_is_noticed(judged: Project) -> None:
    assert not remembers(judged, env={"PYTHONOPTIMIZE": "1"})


def test_another_package_is_noticed(judged: Project) -> None:
    shadow = judged.root.parent / "hook" / "yaml_too.py"
    shadow.write_text("", encoding="utf-8")
    assert not remembers(judged)
    shadow.unlink()
    assert remembers(judged)


def test_an_exception_whose_end_has_passed_is_found_though_nothing_else_changed(
    judged: Project,
) -> None:
    result = judged.run("check", "--as-of", "2099-01-01")
    assert result.code == 2
    assert "P08" in result.out


def test_findings_are_found_anew_each_time(own: Project) -> None:
    own.replace("policy/provided.yaml", "chart: argo-cd\n", "chart: nobodys\n")
    first, second = (own.run("check", "--as-of", DAY) for _ in range(2))
    assert first.code == 2
    assert first == second
    assert not (own.root / ".yagura" / "verdict").exists()


def test_a_finding_ends_the_memory_of_a_clean_verdict(own: Project) -> None:
    until_remembered(own)
    own.replace("policy/provided.yaml", "chart: argo-cd\n", "chart: nobodys\n")
    assert check(own) == 2
    assert not (own.root / ".yagura" / "verdict").exists()


def test_a_part_of_a_verdict_is_not_remembered_as_the_whole(own: Project) -> None:
    time.sleep(1.1)
    for part in (["--rules", "S"], ["--cluster", "production"], [str(own.dist)]):
        assert check(own, *part) == 0
        assert not (own.root / ".yagura" / "verdict").exists(), part


def test_a_verdict_on_an_app_that_runs_a_program_is_not_remembered(own: Project) -> None:
    own.replace("main.py", "def build(", "import os\n\n\ndef build(")
    own.replace("main.py", "    Rke2(app", '    os.system("true")\n    Rke2(app')
    own.synth()
    time.sleep(1.1)
    assert check(own) == 0
    assert not (own.root / ".yagura" / "verdict").exists()


def test_what_the_gate_does_beside_is_no_reading_of_an_apps(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    with watch.watching(tmp_path) as seen:
        with watch.unwatched():
            ours.write_bytes(b"")
            ours.read_bytes()
            subprocess.run(["/bin/true"], check=True)
        theirs.write_bytes(b"")
        theirs.read_bytes()
    assert str(theirs) in seen.files
    assert str(ours) not in seen.files
    assert seen.unknowable == set()


def test_an_input_that_is_as_young_as_the_run_is_not_remembered(own: Project) -> None:
    (own.root / "policy" / "exceptions.yaml").touch()
    assert check(own) == 0
    assert not (own.root / ".yagura" / "verdict").exists()


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"yagura's state, format 0\nend\n"])
def test_a_memory_that_cannot_be_read_is_ignored(own: Project, content: bytes) -> None:
    (own.root / ".yagura" / "verdict").write_bytes(content)
    assert not remembers(own)
    until_remembered(own)
