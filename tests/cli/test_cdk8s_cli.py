"""``cdk8s synth``, the official CLI, works as people know it, and dist/ is never its prey."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from lib.synth.node_files import without_node_files
from tests.synth.project import ROOT, Project, Result, finished, tree

if TYPE_CHECKING:
    from pathlib import Path

CLI = ROOT / "node_modules" / ".bin" / "cdk8s"
WEB = "production/whoami/deployment-web.yaml"


@pytest.fixture
def checkout(project: Project) -> Project:
    if not CLI.exists():
        pytest.fail(
            "the cdk8s CLI is not here: `make test` installs it (.ci/setup cli)", pytrace=False
        )
    project.replace("cdk8s.yaml", ".venv/bin/python", sys.executable)
    project.write("bin/node", "").unlink()
    (project.root / "bin" / "node").symlink_to(ROOT / ".venv" / "node")
    return project


def cdk8s(project: Project, *arguments: str | Path) -> Result:
    path = f"{project.root}/bin:{project.environment()['PATH']}"
    return finished(
        subprocess.Popen(
            [CLI, "synth", "--check-upgrade=false", *arguments],
            cwd=project.root,
            env=project.environment({"PATH": path, "CI": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    )


def test_cdk8s_synth_brings_dist_up_to_date_and_lists_its_files(checkout: Project) -> None:
    checkout.replace("apps/whoami.py", "port=80", "port=8081")
    before = tree(checkout.dist)
    result = cdk8s(checkout)
    assert result.code == 0, result
    after = tree(checkout.dist)
    assert after.keys() == before.keys()
    assert b"8081" in after[WEB]
    objects = without_node_files(after)
    for path in objects:
        assert f".yagura/cdk8s/{path}" in result.out
    assert tree(checkout.root / ".yagura" / "cdk8s") == objects
    assert checkout.remembered()


def test_cdk8s_synth_a_second_time_lists_the_same_files(checkout: Project) -> None:
    first, second = cdk8s(checkout), cdk8s(checkout)
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert WEB in second.out


def test_cdk8s_synth_to_stdout_prints_every_object_and_leaves_dist_alone(
    checkout: Project,
) -> None:
    (checkout.dist / WEB).unlink()
    before = without_node_files(tree(checkout.dist))
    result = cdk8s(checkout, "--stdout")
    assert result.code == 0, result
    printed = [document for document in yaml.safe_load_all(result.out) if document]
    checkout.synth()
    objects = without_node_files(tree(checkout.dist))
    expected = [yaml.safe_load(text) for text in objects.values()]
    assert len(printed) == len(expected) == len(before) + 1
    assert all(document in expected for document in printed)
    assert all(document in printed for document in expected)


def test_cdk8s_synth_to_stdout_writes_nothing_into_dist(checkout: Project) -> None:
    (checkout.dist / WEB).unlink()
    before = tree(checkout.dist)
    assert cdk8s(checkout, "--stdout").code == 0
    assert tree(checkout.dist) == before


def test_cdk8s_synth_to_a_folder_writes_there_and_leaves_dist_alone(
    checkout: Project, tmp_path: Path
) -> None:
    expected = tree(checkout.dist)
    (checkout.dist / WEB).unlink()
    before = tree(checkout.dist)
    result = cdk8s(checkout, "--output", tmp_path / "out")
    assert result.code == 0, result
    assert tree(tmp_path / "out") == without_node_files(expected)
    assert tree(checkout.dist) == before


@pytest.mark.parametrize("arguments", [(), ("--stdout",), ("--output", "out")])
def test_a_failing_app_makes_cdk8s_synth_fail_and_dist_stays(
    checkout: Project, arguments: tuple[str, ...]
) -> None:
    before = tree(checkout.dist)
    checkout.replace("apps/whoami.py", "port=80", "port=undefined")
    result = cdk8s(checkout, *arguments)
    assert result.code != 0
    assert "apps/whoami.py:" in result.err + result.out
    assert tree(checkout.dist) == before
