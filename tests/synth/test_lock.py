from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, ClassVar

import pytest

from lib.errors import EnvironmentFault
from lib.synth import gate
from lib.synth.lock import locked
from lib.synth.state import State
from tests.synth.project import ROOT, finished, leftovers, tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.synth.project import Project

_HOLDER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from lib.synth.lock import locked
with locked(Path(sys.argv[2])):
    print("held", flush=True)
    time.sleep(float(sys.argv[3]))
"""


def holder(lock: Path, seconds: float) -> subprocess.Popen[str]:
    """Let another process hold ``lock``."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _HOLDER, ROOT, lock, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_two_synths_at_once_both_work_and_dist_is_right(project: Project) -> None:
    project.add_app("time = __import__('time'); time.sleep(0.3)")
    results = [finished(process) for process in [project.start("synth", "--no-cache")] * 1]
    expected = tree(project.dist)
    project.replace("apps/extra.py", '"b"', '"c"')
    both = [project.start("synth", "--no-cache"), project.start("synth", "--no-cache")]
    results += [finished(process) for process in both]
    assert [result.code for result in results] == [0, 0, 0], results
    assert tree(project.dist).keys() == expected.keys()
    assert "a: c" in project.configmap()
    assert leftovers(project.dist) == []


def test_a_run_without_change_beside_a_synth_never_fails(project: Project) -> None:
    project.synth()
    for value in ("c", "d", "e"):
        other = project.start("synth", "--no-cache")
        results = [project.run("synth") for _ in range(6)]
        assert [result.code for result in results] == [0] * 6, results
        assert finished(other).code == 0
        project.add_app(f'configmap(self, "more", {{"a": "{value}"}})')
    project.synth()


def test_a_dist_that_is_replaced_while_it_is_read_is_looked_at_again_under_the_lock(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(top: str) -> dict[str, bytes]:
        raise EnvironmentFault(f"cannot read {top}")

    class Same:
        inputs_are_same = outputs_are_same = staticmethod(lambda *_: True)
        facts: ClassVar[dict[str, str]] = {"objects": "1"}

    monkeypatch.setattr(State, "load", lambda _: Same())
    assert gate.told_up_to_date(str(project.root))
    monkeypatch.setattr("lib.synth.tree.read", gone)
    assert not gate.told_up_to_date(str(project.root))


def test_a_lock_that_is_held_too_long_ends_with_4_and_names_its_process(tmp_path: Path) -> None:
    process = holder(tmp_path / "lock", 60)
    try:
        start = time.monotonic()
        with (
            pytest.raises(EnvironmentFault, match=f"process {process.pid}\\b") as caught,
            locked(tmp_path / "lock", patience=0.3),
        ):
            pytest.fail("two hold the lock")
        assert caught.value.exit_code == 4
        assert 0.3 <= time.monotonic() - start < 5
    finally:
        ended(process)


def test_a_lock_is_had_as_soon_as_its_holder_ends(tmp_path: Path) -> None:
    process = holder(tmp_path / "lock", 0.3)
    try:
        with locked(tmp_path / "lock", patience=20):
            assert (tmp_path / "lock").read_text(encoding="utf-8") == str(os.getpid())
    finally:
        ended(process)


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    ended(holder(tmp_path / "lock", 60))
    with locked(tmp_path / "lock", patience=0):
        pass


def test_a_lock_that_cannot_be_made_ends_with_4(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with (
        pytest.raises(EnvironmentFault, match="cannot make the lock"),
        locked(tmp_path / "file" / "lock"),
    ):
        pass


def test_a_synth_waits_for_another_one(project: Project) -> None:
    process = holder(project.root / ".yagura" / "lock", 1.5)
    try:
        project.synth("--no-cache")
        assert process.wait(timeout=1) == 0
    finally:
        ended(process)
