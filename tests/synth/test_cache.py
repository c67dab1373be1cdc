"""A run that remembers is right to: whatever could change the result is noticed."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from lib.synth import watch
from tests.synth.project import ROOT, tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.synth.project import Project

WEB = "production/whoami/deployment-web.yaml"


def remembers(project: Project) -> None:
    project.synth()
    assert project.remembered()


def test_a_second_run_says_so_without_starting_node(project: Project) -> None:
    assert not project.remembered()
    project.synth()
    assert project.remembered()
    assert project.synth().err.startswith("dist/ is up to date: ")


def test_a_changed_app_is_noticed(project: Project) -> None:
    remembers(project)
    project.replace("apps/whoami.py", "port=80", "port=8081")
    assert not project.remembered()
    assert f"~ {WEB}" in project.synth().err
    assert "8081" in (project.dist / WEB).read_text(encoding="utf-8")
    assert project.remembered()


def test_an_app_changed_twice_within_a_second_to_the_same_length_is_noticed(
    project: Project,
) -> None:
    app = project.root / "apps" / "whoami.py"
    for port in ("81", "82", "83"):
        text = (ROOT / "apps" / "whoami.py").read_text(encoding="utf-8")
        app.write_text(text.replace("port=80", f"port={port}"), encoding="utf-8")
        os.utime(app, (1_700_000_000, 1_700_000_000))
        project.synth()
        assert f"containerPort: {port}" in (project.dist / WEB).read_text(encoding="utf-8")


def test_an_app_that_changes_while_it_is_read_is_not_remembered(project: Project) -> None:
    project.add_app(
        "me = Path(__file__)\n"
        'configmap(self, "second", {"a": "early"})\n'
        'me.write_text(me.read_text().replace("ear" + "ly", "late"))'
    )
    project.synth()
    assert "a: early" in project.configmap("second")
    assert not project.remembered()
    project.synth()
    assert "a: late" in project.configmap("second")


def test_a_new_app_is_noticed(project: Project) -> None:
    remembers(project)
    project.add_app()
    assert not project.remembered()
    project.synth()
    assert "a: b" in project.configmap()
    assert project.remembered()


def test_an_app_that_goes_takes_its_files_with_it(project: Project) -> None:
    before = tree(project.dist)
    main = (project.root / "main.py").read_bytes()
    project.add_app()
    remembers(project)
    assert len(tree(project.dist)) > len(before)
    (project.root / "main.py").write_bytes(main)
    project.synth()
    assert tree(project.dist) == before


def test_a_changed_cluster_file_is_noticed(project: Project) -> None:
    remembers(project)
    path = project.root / "clusters" / "production.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}# a comment\n", encoding="utf-8")
    assert not project.remembered()
    project.synth()
    assert project.remembered()


def test_a_changed_module_of_lib_is_noticed(project: Project) -> None:
    remembers(project)
    project.replace("lib/constructs/web_service.py", "RollingUpdate", "Recreate")
    assert not project.remembered()
    project.synth()
    assert "Recreate" in (project.dist / WEB).read_text(encoding="utf-8")


def test_another_way_to_write_yaml_changes_all_files_not_only_new_ones(project: Project) -> None:
    remembers(project)
    before = tree(project.dist)
    project.replace("lib/yaml_text.py", "default_flow_style=False", "default_flow_style=True")
    project.synth()
    after = tree(project.dist)
    assert after.keys() == before.keys()
    assert all(after[path] != before[path] for path in before if path.endswith(".yaml"))


def changed(project: Project, path: str, text: str) -> bool:
    """Whether a changed file is noticed; it is put back, and that is noticed too."""
    before = (project.root / path).read_bytes()
    project.write(path, text)
    noticed = not project.remembered()
    (project.root / path).write_bytes(before)
    return noticed and project.remembered()


READINGS = [
    'open("{}").read()',
    'open(b"{}").read()',
    'Path("{}").read_text()',
    'Path(__file__).parent.parent.joinpath("{}").read_text()',
    'os.fdopen(os.open(Path("{}"), os.O_RDONLY)).read()',
]


def test_a_changed_file_that_an_app_reads_is_noticed_whatever_the_way_and_the_place(
    project: Project,
) -> None:
    files = [f"facts/{number}.txt" for number in range(len(READINGS))]
    files += [".hidden/facts.txt", "../outside.txt"]
    ways = [*READINGS, READINGS[0], READINGS[2]]
    for path in files:
        project.write(path, "one")
    project.add_app(
        "\n".join(
            f'configmap(self, "read{number}", {{"a": {way.format(path)}}})'
            for number, (way, path) in enumerate(zip(ways, files, strict=True))
        )
    )
    remembers(project)
    assert [path for path in files if not changed(project, path, "two")] == []
    for path in files:
        project.write(path, "two")
    project.synth()
    assert all("a: two" in project.configmap(f"read{number}") for number in range(len(files)))


def test_a_file_that_no_app_reads_is_no_reason_to_run(project: Project) -> None:
    project.write("facts/unread.txt", "one")
    remembers(project)
    assert not changed(project, "facts/unread.txt", "two")


def test_a_file_that_an_app_missed_and_that_comes_later_is_noticed(project: Project) -> None:
    project.add_app(
        "try:\n    found = open('later.d/facts.txt').read()\n"
        "except OSError:\n    found = 'nothing'\n"
        'configmap(self, "read", {"a": found})'
    )
    remembers(project)
    project.write("later.d/facts.txt", "something")
    project.synth()
    assert "a: something" in project.configmap("read")


def test_a_new_file_in_a_folder_that_an_app_lists_is_noticed(project: Project) -> None:
    listings = ['os.listdir("{}")', 'Path("{}").glob("*")', 'os.scandir(b"{}")', 'os.walk("{}")']
    folders = [f"boards/{number}" for number in range(len(listings))]
    for folder in folders:
        (project.root / folder).mkdir(parents=True)
    project.add_app(
        "\n".join(
            f'configmap(self, "many{number}", {{"a": "x" * len(list({way.format(folder)}))}})'
            for number, (way, folder) in enumerate(zip(listings, folders, strict=True))
        )
    )
    remembers(project)
    for folder in folders:
        new = project.write(f"{folder}/one.json", "{}")
        assert not project.remembered(), folder
        new.unlink()
        assert project.remembered()
    project.write(f"{folders[0]}/one.json", "{}")
    project.synth()
    assert "a: x\n" in project.configmap("many0")


def test_a_hand_edit_and_a_deleted_file_in_dist_are_noticed(project: Project) -> None:
    remembers(project)
    before = tree(project.dist)
    with (project.dist / WEB).open("a", encoding="utf-8") as file:
        file.write("# by hand\n")
    assert not project.remembered()
    project.synth()
    assert tree(project.dist) == before
    (project.dist / WEB).unlink()
    assert not project.remembered()
    project.synth()
    assert tree(project.dist) == before
    shutil.rmtree(project.dist)
    project.synth()
    assert tree(project.dist) == before


def test_a_new_file_in_dist_is_noticed(project: Project) -> None:
    remembers(project)
    (project.dist / "production" / "mine.yaml").write_text("kind: Mine\n", encoding="utf-8")
    project.refuses_in_one_line(2, "dist/production/mine.yaml")


def test_a_new_module_that_shadows_another_is_noticed(project: Project) -> None:
    remembers(project)
    for shadow in ("apps/whoami/__init__.py", "lib/values/__init__.py", "yaml.py"):
        new = project.write(shadow, 'raise RuntimeError("the other one")\n')
        assert not project.remembered(), shadow
        assert "the other one" in project.run("synth").err
        new.unlink()
        if new.name == "__init__.py":
            shutil.rmtree(new.parent)
        assert project.remembered(), shadow


def test_a_module_that_shadows_another_from_elsewhere_on_the_path_is_noticed(
    project: Project, tmp_path: Path
) -> None:
    remembers(project)
    (tmp_path / "hook" / "yaml.py").write_text('raise RuntimeError("other")\n', encoding="utf-8")
    assert not project.remembered()
    (tmp_path / "hook" / "yaml.py").unlink()
    assert project.remembered()


def test_inputs_below_pythons_own_folder_are_still_inputs(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.base_prefix", str(project.root.parent))
    own, other = project.root / "apps" / "whoami.py", project.root.parent / "lib" / "json.py"
    seen = watch.Watch(str(project.root))
    seen.note_both((str(own), str(other)))
    assert [*seen.files] == [str(own)]


def test_an_app_that_runs_a_program_is_not_remembered(project: Project) -> None:
    project.add_app(
        'told = subprocess.run(["cat", "facts.txt"], capture_output=True, text=True)\n'
        'configmap(self, "told", {"a": told.stdout})'
    )
    project.write("facts.txt", "one")
    assert "not remembered" in project.synth().err
    assert not project.remembered()
    project.write("facts.txt", "two")
    project.synth()
    assert "a: two" in project.configmap("told")


def test_a_program_run_by_one_app_forgets_what_was_remembered_before(project: Project) -> None:
    remembers(project)
    project.add_app('os.system("true")')
    project.synth()
    assert not project.remembered()


def test_an_environment_variable_cannot_reach_dist(project: Project) -> None:
    project.add_app(
        'configmap(self, "seen", {"a": str(os.environ.get("CANARY")), "b": str(os.getenv("LANG"))})'
    )
    project.synth(env={"CANARY": "canary-value", "LANG": "C"})
    assert "a: None" in project.configmap("seen").replace('"', "")
    assert "b: None" in project.configmap("seen").replace('"', "")
    assert b"canary-value" not in b"".join(tree(project.dist).values())
    result = project.run("synth", env={"CANARY": "other"})
    assert "up to date" in result.err


def test_settings_of_cdk8s_in_the_environment_change_nothing(project: Project) -> None:
    project.add_app('configmap(self, "order", {"b": "1", "a": "2"})')
    project.synth()
    before = tree(project.dist)
    project.synth("--no-cache", env={"CDK8S_DISABLE_SORT": "1"})
    assert tree(project.dist) == before


def test_a_state_that_cannot_be_read_is_ignored(project: Project) -> None:
    project.synth()
    project.replace("apps/whoami.py", "port=80", "port=8081")
    state = project.root / ".yagura" / "state"
    for content in (b"", b"{}", b"\x00\xff\xfe", b"yagura's state, format 0\nend\n", b"[" * 10**5):
        state.write_bytes(content)
        assert not project.remembered()
    project.synth()
    assert "8081" in (project.dist / WEB).read_text(encoding="utf-8")
    assert project.remembered()


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff\xfe"])
def test_details_that_are_not_those_of_the_state_are_ignored(
    project: Project, content: bytes
) -> None:
    remembers(project)
    (project.root / ".yagura" / "details.json").write_bytes(content)
    result = project.run("where", "deployment/whoami/web")
    assert result.code == 0, result.err
    project.replace("apps/whoami.py", "port=80", "port=8081")
    project.synth()
    assert "8081" in (project.dist / WEB).read_text(encoding="utf-8")


def test_a_state_cut_anywhere_is_never_an_error_or_a_stale_answer(project: Project) -> None:
    project.synth()
    state = project.root / ".yagura" / "state"
    content = state.read_bytes()
    project.replace("apps/whoami.py", "port=80", "port=8081")
    for length in range(0, len(content), max(1, len(content) // 6)):
        state.write_bytes(content[:length])
        assert not project.remembered()


def test_a_state_that_is_a_folder_is_only_slower(project: Project) -> None:
    (project.root / ".yagura" / "state").mkdir()
    project.synth()
    project.synth()


def test_a_state_of_another_checkout_is_ignored(project: Project, tmp_path: Path) -> None:
    project.synth()
    other = project.copied(tmp_path / "other")
    assert not other.remembered()
    other.synth()
    assert other.remembered()


def test_no_cache_makes_everything_anew(project: Project) -> None:
    remembers(project)
    assert project.run("synth", "--no-cache", env={"BLOCKED": "jsii"}).code != 0
    for path in (project.root / ".yagura").glob("details.json"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("whoami", "whoareyou"), encoding="utf-8")
    before = tree(project.dist)
    project.synth("--no-cache")
    assert tree(project.dist) == before


def test_a_changed_yaml_file_that_cdk8s_includes_is_noticed(project: Project) -> None:
    path = project.write("included.yaml", _included("one"))
    project.add_app(f'cdk8s.Include(self, "file", url="{path}")')
    project.synth()
    assert "a: one" in project.configmap("included")
    project.write("included.yaml", _included("two"))
    assert not project.remembered()
    project.synth()
    assert "a: two" in project.configmap("included")


def _included(value: str) -> str:
    return (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: included, namespace: extra}\n"
        f"data: {{a: {value}}}\n"
    )


def test_another_node_is_noticed(project: Project) -> None:
    remembers(project)
    result = project.run("synth", env={"BLOCKED": "jsii", "JSII_NODE": "/elsewhere/node"})
    assert result.code != 0
