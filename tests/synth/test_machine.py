"""The machine is in the way: each time exit code 4, one clear line, and dist/ as it was."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.synth.project import leftovers, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.synth.project import Project, Result

NODE_PROCESS = "__import__('jsii')._runtime.kernel.provider._process._process"


def _works(command: Sequence[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """Mount a file system of its own at ``folder``."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", *options, "none", str(folder)]
    if not _works(command):
        pytest.skip("mounting a file system is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def told(result: Result, *words: str) -> None:
    assert result.code == 4, result
    assert len(result.err.splitlines()) == 1, result.err
    assert result.out == ""
    for word in words:
        assert word in result.err


@pytest.mark.parametrize("room", ["16k", "48k"])
def test_a_full_disk_leaves_the_output_as_it_was(
    project: Project, tmp_path: Path, room: str
) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-o", "size=4m"):
        project.synth("--output", disk / "out")
        before = tree(disk / "out")
        for path in (project.root / "apps").rglob("*.py"):
            path.write_text(f"# changed\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
        project.replace("lib/synth/files.py", "yagura made this from", "yagura made  this from")
        fill(disk, room)
        told(
            project.run("synth", "--output", disk / "out", "--delete-unknown", "--allow-shrink"),
            "No space left on device",
            "it is unchanged",
        )
        assert tree(disk / "out") == before
        assert leftovers(disk / "out") == []
        (disk / "filler").unlink()
        project.synth("--output", disk / "out", "--delete-unknown", "--allow-shrink")
        assert tree(disk / "out") != before


def fill(disk: Path, room: str) -> None:
    """Leave only ``room`` on ``disk``."""
    free = os.statvfs(disk)
    size = free.f_bavail * free.f_bsize - int(room.removesuffix("k")) * 1024
    with (disk / "filler").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)


def test_a_full_disk_below_the_whole_project_leaves_dist_as_it_was(
    project: Project, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-o", "size=16m"):
        copy = project.copied(disk / "project")
        copy.synth()
        before = tree(copy.dist)
        copy.replace("apps/whoami.py", "port=80", "port=8081")
        copy.replace("lib/synth/files.py", "yagura made this from", "yagura made  this from")
        fill(disk, "0k")
        told(copy.run("synth", "--delete-unknown", "--allow-shrink"), "No space left on device")
        assert tree(copy.dist) == before
        assert leftovers(copy.dist) == []
        (disk / "filler").unlink()
        copy.synth("--delete-unknown", "--allow-shrink")
        assert "8081" in (copy.dist / "production/whoami/deployment-web.yaml").read_text("utf-8")


def test_a_synth_without_change_needs_no_disk(project: Project, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-o", "size=16m"):
        copy = project.copied(disk / "project")
        copy.synth()
        fill(disk, "0k")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        assert copy.remembered()


def test_a_read_only_project_ends_with_one_line(project: Project, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-o", "size=16m"):
        copy = project.copied(disk / "project")
        copy.replace("apps/whoami.py", "port=80", "port=8081")
        copy.environment()
        before = tree(copy.dist)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        told(copy.run("synth"), "Read-only file system")
        assert tree(copy.dist) == before


def test_a_read_only_output_ends_with_one_line(project: Project, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "-o", "size=16m"):
        project.synth("--output", disk / "out")
        before = tree(disk / "out")
        project.replace("apps/whoami.py", "port=80", "port=8081")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        told(project.run("synth", "--output", disk / "out"), "Read-only file system")
        assert tree(disk / "out") == before


def test_a_dist_that_is_a_mount_of_its_own_ends_with_one_line_and_keeps_its_files(
    project: Project,
) -> None:
    files = tree(project.dist)
    shutil.rmtree(project.dist)
    with mounted(project.dist, "-o", "size=4m"):
        for path, content in files.items():
            (project.dist / path).parent.mkdir(parents=True, exist_ok=True)
            (project.dist / path).write_bytes(content)
        project.replace("apps/whoami.py", "port=80", "port=8081")
        told(project.run("synth"), "dist")
        assert tree(project.dist) == files
        assert leftovers(project.dist) == []


def test_no_node_ends_with_one_line(project: Project) -> None:
    project.env["JSII_NODE"] = "/nonexistent/node"
    project.refuses_in_one_line(4, "/nonexistent/node", "JSII_NODE")


def without_node(project: Project, folder: Path) -> Project:
    """A Python like ours, but with no node beside it or on PATH."""
    hook = folder / "sitecustomize.py"
    folder.mkdir()
    hook.write_text(f"import sys\nsys.prefix = {str(folder / 'prefix')!r}\n", encoding="utf-8")
    project.env.update(PYTHONPATH=f"{project.root}:{folder}", PATH=str(folder))
    return project


def test_no_node_at_all_says_what_to_do(project: Project, tmp_path: Path) -> None:
    without_node(project, tmp_path / "bare").refuses_in_one_line(4, "Node.js", "make setup")


def test_an_older_node_on_path_says_which_it_is_and_what_to_do(
    project: Project, tmp_path: Path
) -> None:
    without_node(project, tmp_path / "bare")
    script(tmp_path / "bare" / "node", "echo v18.0.0")
    project.refuses_in_one_line(4, "bare/node (the one on PATH) is v18.0.0", "make setup")


def script(path: Path, does: str) -> str:
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(stat.S_IRWXU)
    return str(path)


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ("echo v18.0.0", "v18.0.0"),
        ("echo hello", "does not run"),
        ("exit 3", "does not run"),
        ('[ "$1" = --version ] && echo v24.0.0 && exit; exit 3', "does not start"),
    ],
)
def test_a_node_that_does_not_fit_ends_with_one_line(
    project: Project, tmp_path: Path, does: str, words: str
) -> None:
    project.env["JSII_NODE"] = script(tmp_path / "node", does)
    project.refuses_in_one_line(4, str(tmp_path / "node"), words)


@pytest.mark.parametrize("when", ["", "self.node.children", "time.sleep(0.2)"])
def test_a_node_killed_midway_ends_with_one_line(project: Project, when: str) -> None:
    project.add_app(
        f"import time\nos.kill({NODE_PROCESS}.pid, 9)\n{when}\nconfigmap(self, 'second', dict())"
    )
    project.refuses_in_one_line(4, "node", "ended in the middle", "dist/ is unchanged")


def test_a_node_killed_by_the_last_app_ends_with_one_line(project: Project) -> None:
    project.add_app(f"os.kill({NODE_PROCESS}.pid, 9)")
    project.refuses_in_one_line(4, "ended in the middle")
