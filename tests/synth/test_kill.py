"""A write that is killed at any moment leaves the old dist/ or the new one, never a mixture."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lib.synth import writer
from lib.synth.files import MARK
from lib.synth.tree import read
from tests.synth.project import ROOT, leftovers, tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.synth.project import Project

# Counts every call that can change or bring something to the disk, just before it happens, and ends
# itself at the one it was told.
_DRIVER = """
import ctypes, os, signal, sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
top, last, exchange = Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "exchange"

from lib.synth import writer
from lib.synth.files import MARK
from lib.synth.tree import read

old = read(top)
new = {path: content for path, content in old.items() if "stale" not in path}
new["one/changed.yaml"] = f"{MARK}x\\nnew: true\\n".encode()
new["two/added.yaml"] = f"{MARK}x\\nadded: true\\n".encode()
calls = 0


def step():
    global calls
    calls += 1
    if calls == last:
        os.kill(os.getpid(), signal.SIGKILL)


def before(event, arguments):
    if event == "open" or event.startswith(("os.", "shutil.")):
        step()


def counted(function):
    def run(*arguments):
        step()
        result = function(*arguments)
        step()
        return result

    return run


class Library:
    def __init__(self, *arguments, **options):
        if exchange:
            self.renameat2 = counted(library.renameat2)


library = ctypes.CDLL(None, use_errno=True)
ctypes.CDLL = Library
os.fsync = counted(os.fsync)
os.link = counted(os.link)
os.rename = counted(os.rename)
sys.addaudithook(before)
writer.write(top, old, new)
print(calls)
"""
OLD = {
    "one/same.yaml": f"{MARK}x\nsame: true\n".encode(),
    "one/changed.yaml": f"{MARK}x\nold: true\n".encode(),
    "gone/stale.yaml": f"{MARK}x\nstale: true\n".encode(),
}
NEW = {
    "one/same.yaml": OLD["one/same.yaml"],
    "one/changed.yaml": f"{MARK}x\nnew: true\n".encode(),
    "two/added.yaml": f"{MARK}x\nadded: true\n".encode(),
}


def placed(top: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content)


def driven(tmp_path: Path, top: Path, last: int, way: str) -> subprocess.CompletedProcess[str]:
    """Write NEW over OLD in another process, which ends itself at its call number ``last``."""
    driver = tmp_path / "driver.py"
    driver.write_text(_DRIVER, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", driver, ROOT, top, str(last), way],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("way", ["exchange", "fallback"])
def test_a_kill_at_any_step_leaves_the_old_tree_or_the_new_one(tmp_path: Path, way: str) -> None:
    counting = tmp_path / "counting" / "dist"
    placed(counting, OLD)
    done = driven(tmp_path, counting, 0, way)
    assert done.returncode == 0, done.stderr
    assert tree(counting) == NEW
    steps = int(done.stdout)
    assert steps > 20
    seen = []
    for last in range(1, steps + 1):
        top = tmp_path / str(last) / "dist"
        placed(top, OLD)
        killed = driven(tmp_path, top, last, way)
        assert killed.returncode == -signal.SIGKILL, (last, killed.stderr)
        found = tree(top) if top.exists() else None
        seen.append("gone" if found is None else "old" if found == OLD else "new")
        assert found in ((OLD, NEW) if way == "exchange" else (OLD, NEW, None)), last
        writer.clean(top)
        assert tree(top) in (OLD, NEW), last
        assert leftovers(top) == [], last
        writer.write(top, read(top), NEW)
        assert tree(top) == NEW, last
        assert leftovers(top) == [], last
    assert seen[0] == "old"
    assert seen[-1] == "new"
    assert ("gone" in seen) == (way == "fallback")


def test_a_synth_brings_back_a_tree_that_was_set_aside_even_if_it_then_fails(
    project: Project,
) -> None:
    before = tree(project.dist)
    aside = project.root / ".dist.old"
    project.dist.rename(aside)
    project.replace("apps/whoami.py", "port=80", "port=undefined")
    result = project.run("synth")
    assert result.code == 1
    assert tree(project.dist) == before
    assert not aside.exists()


def test_a_synth_cleans_what_a_killed_one_left_even_if_nothing_else_is_to_do(
    project: Project,
) -> None:
    for name in (".dist.new-1", ".dist.new-2"):
        placed(project.root / name, OLD)
    placed(project.root / ".dist.old", OLD)
    before = tree(project.dist)
    project.synth()
    assert leftovers(project.dist) == []
    assert tree(project.dist) == before


def test_an_unknown_file_in_a_tree_that_was_set_aside_is_still_refused(project: Project) -> None:
    mine = project.dist / "production" / "mine.yaml"
    mine.write_text("kind: Mine\n", encoding="utf-8")
    project.dist.rename(project.root / ".dist.old")
    result = project.run("synth")
    assert result.code == 2
    assert "dist/production/mine.yaml" in result.err
    assert mine.read_text(encoding="utf-8") == "kind: Mine\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_synth_that_is_stopped_leaves_dist_and_no_lock(
    project: Project, number: signal.Signals
) -> None:
    before = tree(project.dist)
    project.add_app(
        "import time\nPath(cluster_mark()).touch()\ntime.sleep(30)".replace(
            "cluster_mark()", repr(str(project.root / "started"))
        )
    )
    # Whoever starts the tests in the background has them ignore SIGINT, and so all that they start.
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = project.start("synth")
    signal.signal(signal.SIGINT, ours)
    while not (project.root / "started").exists():
        assert process.poll() is None
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode != 0
    assert out == ""
    assert "Traceback" not in err
    assert tree(project.dist) == before
    project.replace("apps/extra.py", "time.sleep(30)", "pass")
    project.synth()
