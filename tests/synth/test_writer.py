from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lib.errors import EnvironmentFault, FindingsError
from lib.synth import writer
from lib.synth.files import MARK
from lib.synth.tree import read
from tests.synth.project import leftovers, tree

if TYPE_CHECKING:
    from tests.synth.project import Project

OURS = MARK.encode()
WEB = "production/whoami/deployment-web.yaml"


def ours(text: str) -> bytes:
    return OURS + f"apps/x.py\n---\n{text}\n".encode()


def placed(top: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    for path, content in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content)
    return files


def test_the_first_write_makes_the_folder_and_exactly_its_files(tmp_path: Path) -> None:
    new = {"one/a.yaml": ours("a"), "one/deep/er/b.yaml": ours("b")}
    change = writer.write(tmp_path / "dist", {}, new)
    assert tree(tmp_path / "dist") == new
    assert change.added == ("one/a.yaml", "one/deep/er/b.yaml")
    assert leftovers(tmp_path / "dist") == []


def test_a_write_adds_changes_and_removes_files_and_leaves_no_empty_folder(tmp_path: Path) -> None:
    top = tmp_path / "dist"
    old = placed(top, {"one/a.yaml": ours("a"), "one/b.yaml": ours("b"), "gone/c.yaml": ours("c")})
    new = {"one/a.yaml": ours("a"), "one/b.yaml": ours("changed"), "two/d.yaml": ours("d")}
    change = writer.write(top, old, new)
    assert tree(top) == new
    assert not (top / "gone").exists()
    assert (change.added, change.changed, change.removed) == (
        ("two/d.yaml",),
        ("one/b.yaml",),
        ("gone/c.yaml",),
    )


def test_a_file_that_stays_keeps_its_inode_and_time_and_a_changed_one_does_not(
    tmp_path: Path,
) -> None:
    top = tmp_path / "dist"
    old = placed(top, {"one/a.yaml": ours("a"), "one/b.yaml": ours("b")})
    for path in old:
        os.utime(top / path, (1000, 1000))
    before = {path: (top / path).stat() for path in old}
    writer.write(top, old, {**old, "one/b.yaml": ours("changed")})
    after = {path: (top / path).stat() for path in old}
    assert after["one/a.yaml"].st_ino == before["one/a.yaml"].st_ino
    assert after["one/a.yaml"].st_mtime == 1000
    assert after["one/a.yaml"].st_nlink == 1
    assert after["one/b.yaml"].st_mtime != 1000


def test_a_write_without_a_change_touches_nothing(tmp_path: Path) -> None:
    top = tmp_path / "dist"
    old = placed(top, {"one/a.yaml": ours("a")})
    before = (top.stat().st_ino, (top / "one/a.yaml").stat())
    assert not writer.write(top, old, dict(old))
    assert (top.stat().st_ino, (top / "one/a.yaml").stat()) == before


def test_a_file_system_without_hard_links_gets_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "dist"
    old = placed(top, {"one/a.yaml": ours("a")})

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    new = {**old, "one/b.yaml": ours("b")}
    writer.write(top, old, new)
    assert tree(top) == new


def test_every_new_file_and_the_folder_are_on_the_disk_before_they_are_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "dist"
    old = placed(top, {"one/a.yaml": ours("a"), "one/b.yaml": ours("b")})
    synced: list[tuple[str, bool]] = []
    fsync = os.fsync

    def noted(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink().name
        synced.append((name, (top / "two").exists()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    writer.write(top, old, {**old, "one/b.yaml": ours("changed"), "two/c.yaml": ours("c")})
    fresh = f".dist.new-{os.getpid()}"
    assert {("b.yaml", False), ("c.yaml", False), (fresh, False)} <= set(synced)
    assert synced[-1] == (tmp_path.name, True)
    assert "a.yaml" not in dict(synced)


@pytest.mark.parametrize("kind", ["a link to a folder", "a file", "a link to nowhere"])
def test_a_dist_that_is_no_folder_is_refused(project: Project, kind: str) -> None:
    other = project.root / "other"
    project.dist.rename(other)
    if kind == "a file":
        project.dist.write_text("mine", encoding="utf-8")
    else:
        project.dist.symlink_to(other if kind == "a link to a folder" else "nowhere")
    before = tree(other)
    result = project.run("synth")
    assert result.code == 4
    assert len(result.err.splitlines()) == 1
    assert "dist is not a folder" in result.err
    assert tree(other) == before
    assert project.dist.is_symlink() == (kind != "a file")


@pytest.mark.parametrize("target", ["../../main.py", "../../apps"])
def test_a_link_inside_dist_is_refused_and_what_it_points_at_stays(
    project: Project, target: str
) -> None:
    link = project.dist / "production" / "link.yaml"
    link.symlink_to(target)
    project.refuses_in_one_line(4, "dist/production/link.yaml is a link")
    assert link.is_symlink()
    link.unlink()
    project.synth()


def test_a_pipe_inside_dist_is_refused_instead_of_waited_for(project: Project) -> None:
    os.mkfifo(project.dist / "production" / "pipe.yaml")
    project.refuses_in_one_line(4, "dist/production/pipe.yaml")


def test_synth_writes_the_exact_set_of_files(project: Project) -> None:
    expected = tree(project.dist)
    stale = project.dist / "production" / "gone" / "configmap-stale.yaml"
    stale.parent.mkdir()
    stale.write_bytes(ours("stale: true"))
    (project.dist / WEB).unlink()
    result = project.synth()
    assert tree(project.dist) == expected
    assert not stale.parent.exists()
    assert f"+ {WEB}" in result.err
    assert "- production/gone/configmap-stale.yaml" in result.err


def test_an_empty_folder_in_dist_goes_with_the_next_change(project: Project) -> None:
    (project.dist / "production" / "empty").mkdir()
    (project.dist / WEB).unlink()
    project.synth()
    assert not (project.dist / "production" / "empty").exists()


@pytest.mark.parametrize("path", ["production/whoami/mine.yaml", "notes.txt", "production/.hidden"])
def test_an_unknown_file_is_refused_by_name_unless_told_otherwise(
    project: Project, path: str
) -> None:
    expected = tree(project.dist)
    (project.dist / path).write_text("kind: Mine\n", encoding="utf-8")
    project.refuses_in_one_line(2, f"dist/{path}: not made by yagura", "--delete-unknown")
    project.synth("--delete-unknown")
    assert tree(project.dist) == expected


def test_an_unknown_file_where_one_of_ours_belongs_is_not_overwritten(project: Project) -> None:
    (project.dist / WEB).write_text("kind: Mine\n", encoding="utf-8")
    project.refuses_in_one_line(2, f"dist/{WEB}: not made by yagura")


def test_every_unknown_file_has_its_line(tmp_path: Path) -> None:
    old = {"a.yaml": b"mine\n", "b.yaml": ours("b"), "c.yaml": b"mine\n"}
    with pytest.raises(FindingsError) as caught:
        writer.refuse_unknown(old, {}, tmp_path)
    assert [line.partition(":")[0] for line in caught.value.problems] == [
        f"{tmp_path}/a.yaml",
        f"{tmp_path}/c.yaml",
    ]


def test_a_hand_edit_is_overwritten(project: Project) -> None:
    expected = tree(project.dist)
    with (project.dist / WEB).open("a", encoding="utf-8") as file:
        file.write("# edited by hand\n")
    result = project.synth()
    assert f"~ {WEB}" in result.err
    assert tree(project.dist) == expected


def test_synth_leaves_inode_and_time_of_unchanged_files(project: Project) -> None:
    for path in project.dist.rglob("*.yaml"):
        os.utime(path, (1000, 1000))
    before = {path: path.stat().st_ino for path in project.dist.rglob("*.yaml")}
    project.replace("apps/whoami.py", "port=80", "port=8081")
    project.synth("--no-cache")
    changed = {path for path in before if path.stat().st_mtime != 1000}
    assert project.dist / WEB in changed
    assert {path.parent.name for path in changed} == {"whoami"}
    assert all(path.stat().st_ino == before[path] for path in before.keys() - changed)


def test_losing_more_than_half_of_a_cluster_is_refused_unless_allowed(project: Project) -> None:
    expected = tree(project.dist)
    more = project.dist / "production" / "more"
    more.mkdir()
    for number in range(len(expected) + 1):
        (more / f"configmap-{number}.yaml").write_bytes(ours(str(number)))
    project.refuses_in_one_line(2, "dist/production would shrink from", "--allow-shrink")
    project.synth("--allow-shrink")
    assert tree(project.dist) == expected


def test_losing_exactly_half_is_not_refused() -> None:
    old = {f"one/{number}.yaml": ours(str(number)) for number in range(4)}
    writer.refuse_shrinking(old, dict(list(old.items())[:2]))
    with pytest.raises(FindingsError, match="from 4 files to 1"):
        writer.refuse_shrinking(old, dict(list(old.items())[:1]))


def test_each_cluster_that_shrinks_is_named_even_if_another_grows() -> None:
    old = {f"{name}/{number}.yaml": ours("") for name in ("one", "two") for number in range(4)}
    new = {f"three/{number}.yaml": ours("") for number in range(20)}
    with pytest.raises(FindingsError) as caught:
        writer.refuse_shrinking(old, new)
    assert [line.split()[0] for line in caught.value.problems] == ["dist/one", "dist/two"]


def test_one_cluster_alone_leaves_the_files_of_others_as_they_are(project: Project) -> None:
    other = {"staging/whoami/a.yaml": ours("a"), "staging/whoami/unknown.yaml": b"mine\n"}
    placed(project.dist, other)
    (project.dist / WEB).unlink()
    project.synth("--cluster", "production")
    files = tree(project.dist)
    assert WEB in files
    assert {path: files[path] for path in other} == other


def test_one_cluster_alone_does_not_count_as_a_whole_synth(project: Project) -> None:
    placed(project.dist, {"staging/whoami/a.yaml": ours("a")})
    project.synth("--cluster", "production")
    assert not project.remembered()


def test_output_writes_there_and_nowhere_else(project: Project, tmp_path: Path) -> None:
    expected = tree(project.dist)
    (project.dist / WEB).unlink()
    before = tree(project.dist)
    elsewhere = tmp_path / "elsewhere" / "out"
    elsewhere.parent.mkdir()
    project.synth("--output", elsewhere)
    assert tree(elsewhere) == expected
    assert tree(project.dist) == before
    assert [path.name for path in elsewhere.parent.iterdir()] == ["out"]


def test_output_may_be_a_relative_path_and_is_replaced_as_dist_is(project: Project) -> None:
    project.synth("--output", "out")
    placed(project.root / "out", {"production/gone/a.yaml": ours("a")})
    project.synth("--output", "out")
    assert tree(project.root / "out") == tree(project.dist)


def test_output_where_its_parent_is_missing_ends_with_one_line_or_makes_it(
    project: Project, tmp_path: Path
) -> None:
    project.synth("--output", tmp_path / "a" / "b" / "out")
    assert tree(tmp_path / "a" / "b" / "out") == tree(project.dist)


@pytest.mark.parametrize("where", [".", "..", "/", "~"])
def test_output_at_the_project_a_folder_around_it_or_home_is_refused(
    project: Project, where: str
) -> None:
    home = project.root.parent / "home"
    home.mkdir()
    target = home if where == "~" else Path(where)
    before = tree(project.root)
    project.refuses(1, "--output", arguments=("--output", target))
    assert tree(project.root).keys() - {".yagura/lock"} == before.keys()
    assert home.is_dir()


@pytest.mark.parametrize("where", ["apps", "lib", "clusters", "schemas"])
def test_output_at_a_folder_with_other_files_is_refused(project: Project, where: str) -> None:
    before = tree(project.root / where)
    result = project.run("synth", "--output", where)
    assert result.code in (1, 2)
    assert "Traceback" not in result.err
    assert tree(project.root / where) == before


def test_a_git_checkout_is_never_replaced(project: Project, tmp_path: Path) -> None:
    (tmp_path / "other" / ".git").mkdir(parents=True)
    project.refuses(1, "--output", arguments=("--output", tmp_path / "other", "--delete-unknown"))
    assert (tmp_path / "other" / ".git").is_dir()


@pytest.mark.parametrize("folder", ["dist", "dist/production", "apps"])
def test_synth_works_from_every_folder_of_the_project(project: Project, folder: str) -> None:
    expected = tree(project.dist)
    (project.dist / WEB).unlink()
    result = project.run("synth", cwd=project.root / folder)
    assert (result.code, result.out) == (0, ""), result.err
    assert tree(project.dist) == expected


def test_reading_a_tree_gives_its_files_and_nothing_where_there_is_none(tmp_path: Path) -> None:
    assert read(tmp_path / "dist") == {}
    files = placed(tmp_path / "dist", {"one/a.yaml": b"a", "b.yaml": b"b"})
    assert read(tmp_path / "dist") == files
    (tmp_path / "dist" / "link").symlink_to("b.yaml")
    with pytest.raises(EnvironmentFault, match="is a link"):
        read(tmp_path / "dist")
