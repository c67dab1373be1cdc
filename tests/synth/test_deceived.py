"""What would make a cache lie: edits that times and sizes hide, and changes in the middle of a run.

Each test deceives a run that could remember, and asks for what a run without memory would make.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from typing import TYPE_CHECKING

import pytest

from lib.synth import pipeline, state, watch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.synth.project import Project

WEB = "production/whoami/deployment-web.yaml"
LONG_AGO = (1_700_000_000, 1_700_000_000)


def edited(project: Project, path: str, old: str, new: str) -> None:
    """Edit a file so that neither its size nor its time tell."""
    assert len(old) == len(new)
    project.replace(path, old, new)
    os.utime(project.root / path, LONG_AGO)


def test_a_module_of_lib_edited_with_its_size_and_time_kept_is_not_run_as_it_was(
    project: Project,
) -> None:
    module = "lib/constructs/web_service.py"
    os.utime(project.root / module, LONG_AGO)
    project.synth()
    edited(project, module, "RollingUpdate", "RollingUpDATE")
    project.synth("--no-cache")
    assert "RollingUpDATE" in (project.dist / WEB).read_text(encoding="utf-8")
    edited(project, module, "RollingUpDATE", "ROLLINGUpDATE")
    project.synth()
    assert "ROLLINGUpDATE" in (project.dist / WEB).read_text(encoding="utf-8")
    assert project.remembered()


def test_a_package_beside_the_apps_edited_with_its_size_and_time_kept_is_not_run_as_it_was(
    project: Project,
) -> None:
    module = project.write("festival/stage.py", 'NAME = "one"\n')
    os.utime(module, LONG_AGO)
    project.add_app('from festival import stage\nconfigmap(self, "read", {"a": stage.NAME})')
    project.synth()
    edited(project, "festival/stage.py", "one", "two")
    project.synth()
    assert "a: two" in project.configmap("read")


def test_an_app_edited_with_its_size_and_time_kept_is_not_run_as_it_was_by_main_py(
    project: Project,
) -> None:
    for port in ("81", "82"):
        app = project.root / "apps" / "whoami.py"
        text = app.read_text(encoding="utf-8").replace("port=80", "port=81")
        app.write_text(text.replace("port=81", f"port={port}"), encoding="utf-8")
        os.utime(app, LONG_AGO)
        result = by_main_py(project)
        assert f"containerPort: {port}" in (project.dist / WEB).read_text(encoding="utf-8"), result


def by_main_py(project: Project) -> str:
    """Synthesize as the cdk8s CLI does it."""
    result = project.run("synth", program=["main.py"])
    assert result.code == 0, result
    return result.err


def test_what_an_app_reads_as_it_is_imported_by_main_py_is_noticed(project: Project) -> None:
    project.write("facts.txt", "one")
    project.add_app('configmap(self, "read", {"a": FACTS})')
    project.replace(
        "apps/extra.py", "import cdk8s\n", 'import cdk8s\nFACTS = open("facts.txt").read()\n'
    )
    by_main_py(project)
    assert "a: one" in project.configmap("read")
    assert project.remembered()
    project.write("facts.txt", "two")
    project.synth()
    assert "a: two" in project.configmap("read")


def test_what_an_app_sees_of_the_environment_as_main_py_imports_it_is_nothing(
    project: Project,
) -> None:
    project.add_app('configmap(self, "read", {"a": SEEN})')
    project.replace(
        "apps/extra.py", "import cdk8s\n", 'import cdk8s\nSEEN = str(os.environ.get("CANARY"))\n'
    )
    result = project.run("synth", program=["main.py"], env={"CANARY": "canary-value"})
    assert result.code == 0, result
    assert "canary-value" not in project.configmap("read")


def test_a_kind_that_is_now_cluster_wide_loses_the_namespace_that_its_object_had(
    project: Project,
) -> None:
    project.add_app(
        'KubeObject(self, "crd", api_version="apiextensions.k8s.io/v1",\n'
        '    kind="CustomResourceDefinition", name="stages.festival.example", body={"spec": {\n'
        '    "group": "festival.example", "scope": "Namespaced",\n'
        '    "names": {"kind": "Stage", "plural": "stages"},\n'
        '    "versions": [{"name": "v1", "served": True, "storage": True}]}})\n'
        'cdk8s.ApiObject(self, "stage", api_version="festival.example/v1", kind="Stage",\n'
        '    metadata=cdk8s.ApiObjectMetadata(name="main"))'
    )
    project.synth()
    stage = project.dist / "production" / "extra" / "stage-main.yaml"
    assert "namespace: extra" in stage.read_text(encoding="utf-8")
    project.replace("apps/extra.py", '"scope": "Namespaced"', '"scope": "Cluster"')
    project.synth()
    assert "namespace" not in stage.read_text(encoding="utf-8")


def test_a_new_hidden_file_in_a_folder_that_an_app_lists_is_noticed(project: Project) -> None:
    (project.root / "boards").mkdir()
    project.add_app('configmap(self, "many", {"a": "x" * len(list(Path("boards").glob("*")))})')
    project.write("boards/one", "")
    project.synth()
    assert project.remembered()
    project.write("boards/.two", "")
    project.synth()
    assert "a: xx\n" in project.configmap("many")
    project.write("boards/dist", "")
    project.synth()
    assert "a: xxx\n" in project.configmap("many")


@pytest.mark.parametrize(
    "question",
    ['Path("far/flag").exists()', 'os.path.isfile("far/flag")', 'os.path.exists(b"far/flag")'],
)
def test_a_file_that_an_app_only_asks_for_is_noticed_when_it_comes_and_goes(
    project: Project, question: str
) -> None:
    project.add_app(f'configmap(self, "asked", {{"a": "is " + str({question})}})')
    (project.root / "far").mkdir()
    project.synth()
    assert "is False" in project.configmap("asked")
    assert project.remembered()
    flag = project.write("far/flag", "")
    project.synth()
    assert "is True" in project.configmap("asked")
    assert project.remembered()
    flag.unlink()
    project.synth()
    assert "is False" in project.configmap("asked")


def test_a_folder_that_an_app_only_asks_for_is_noticed_when_it_comes(project: Project) -> None:
    project.add_app('configmap(self, "asked", {"a": "is " + str(Path("far/boards").is_dir())})')
    (project.root / "far").mkdir()
    project.synth()
    assert project.remembered()
    (project.root / "far" / "boards").mkdir(parents=True)
    project.synth()
    assert "is True" in project.configmap("asked")


def test_a_file_that_goes_after_an_app_has_read_it_is_not_remembered(project: Project) -> None:
    project.write("facts.d/facts.txt", "one")
    project.add_app(
        'facts = Path("facts.d/facts.txt")\n'
        'configmap(self, "read", {"a": facts.read_text() if facts.exists() else "nothing"})\n'
        "facts.unlink(missing_ok=True)"
    )
    project.synth()
    assert "a: one" in project.configmap("read")
    project.synth()
    assert "a: nothing" in project.configmap("read")


def test_a_file_that_comes_after_an_app_has_missed_it_is_not_remembered(project: Project) -> None:
    project.add_app(
        "try:\n    found = open('facts.txt').read()\nexcept OSError:\n    found = 'nothing'\n"
        'configmap(self, "read", {"a": found})\n'
        'Path("facts.txt").write_text("something")'
    )
    project.synth()
    assert "a: nothing" in project.configmap("read")
    project.synth()
    assert "a: something" in project.configmap("read")


def test_a_file_that_comes_after_an_app_has_listed_its_folder_is_not_remembered(
    project: Project,
) -> None:
    project.write("boards/one", "")
    project.add_app(
        'configmap(self, "many", {"a": "x" * len(os.listdir("boards"))})\n'
        'Path("boards/two").write_text("")'
    )
    project.synth()
    assert "a: x\n" in project.configmap("many")
    project.synth()
    assert "a: xx\n" in project.configmap("many")


def test_a_file_that_changes_while_the_clock_goes_back_is_not_remembered(tmp_path: Path) -> None:
    facts = tmp_path / "facts.txt"
    facts.write_text("one", encoding="utf-8")
    with watch.watching(tmp_path) as seen:
        facts.read_text(encoding="utf-8")
    later = time.time_ns() + 3600 * 10**9  # what the clock said when the run began
    run = pipeline.Synthesis(tree={}, index=[], texts={}, inputs=[facts], started=later, watch=seen)
    assert not pipeline.changed_meanwhile(run)
    facts.write_text("two", encoding="utf-8")
    assert pipeline.changed_meanwhile(run)


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\u2028b", "a\x0bb", "a\udcffb"])
def test_a_file_whose_name_no_line_can_hold_is_read_and_makes_nothing_remembered(
    project: Project, name: str
) -> None:
    (project.root / "odd").mkdir()
    (project.root / "odd" / name).write_text("one", encoding="utf-8")
    project.add_app('configmap(self, "read", {"a": next(Path("odd").iterdir()).read_text()})')
    project.synth()
    assert "a: one" in project.configmap("read")
    (project.root / "odd" / name).write_text("two", encoding="utf-8")
    project.synth()
    assert "a: two" in project.configmap("read")


def test_a_database_that_an_app_reads_is_not_remembered(project: Project) -> None:
    with sqlite3.connect(project.root / "facts.db") as database:
        database.execute("create table facts (fact text)")
        database.execute("insert into facts values ('one')")
    database.close()
    project.add_app(
        "import sqlite3\n"
        'fact = sqlite3.connect("facts.db").execute("select fact from facts").fetchone()[0]\n'
        'configmap(self, "read", {"a": fact})'
    )
    assert "not remembered" in project.synth().err
    assert not project.remembered()


def test_a_folder_that_javascript_lists_is_noticed_by_the_names_in_it(tmp_path: Path) -> None:
    boards = tmp_path / "boards"
    boards.mkdir()
    seen = watch.Watch("/nowhere")
    seen.note_both((str(boards),))
    before = state.name_inputs("/nowhere", seen.files, seen.folders)
    (boards / "new").touch()
    assert state.name_inputs("/nowhere", seen.files, seen.folders) != before


def test_python_that_skips_assertions_is_another_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = state.environment("/nowhere")
    monkeypatch.setattr(sys, "flags", (1, 2, 3))
    assert state.environment("/nowhere") != before


def test_a_node_that_was_replaced_in_its_place_is_another_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "node"
    node.write_text("one")
    monkeypatch.setattr(sys, "prefix", "/nowhere")
    for name, value in (("JSII_NODE", str(node)), ("PATH", f"/nowhere:{tmp_path}")):
        monkeypatch.setenv(name, value)
        before = state.environment("/nowhere")
        node.write_text(node.read_text(encoding="utf-8") + "two")
        assert state.environment("/nowhere") != before, name
        monkeypatch.delenv(name)
