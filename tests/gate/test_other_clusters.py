"""Every valid cluster file gives a dist/ that the gate lets pass, without a change of code."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.synth.project import ROOT, Project

if TYPE_CHECKING:
    from pathlib import Path

VALID = sorted((ROOT / "tests" / "config" / "valid").glob("*.yaml"))
# What a cluster with a Docker beside its jobs has to write itself.
EXCEPTION = """
- id: W02
  apiVersion: v1
  kind: Namespace
  name: arc-runners-festival-idle
  reason: the Docker beside each job is privileged; trusted repositories alone use it
  until: "2027-11-30"
  ref: docs/systems/actions-runners.md
"""


@pytest.fixture(scope="module")
def clusters(pristine: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with all of them beside production."""
    project = pristine.copied(tmp_path_factory.mktemp("clusters") / "project")
    (project.root / ".yagura" / "bin").symlink_to(ROOT / ".yagura" / "bin")
    shutil.copytree(ROOT / "policy", project.root / "policy")
    for file in VALID:
        shutil.copy2(file, project.root / "clusters" / file.name)
    project.synth()
    return project


def exceptions(project: Project) -> Path:
    return project.root / "policy" / "exceptions.yaml"


def test_the_gate_has_nothing_against_any_valid_cluster(clusters: Project) -> None:
    before = exceptions(clusters).read_text(encoding="utf-8")
    exceptions(clusters).write_text(before + EXCEPTION.lstrip("\n"), encoding="utf-8")
    result = clusters.run("check", "--as-of", "2026-12-01")
    exceptions(clusters).write_text(before, encoding="utf-8")
    assert (result.code, result.out) == (0, "")
    assert {path.name for path in clusters.dist.iterdir()} >= {file.stem for file in VALID}


def test_without_its_exception_the_privileged_namespace_of_another_cluster_is_named(
    clusters: Project,
) -> None:
    result = clusters.run("check", "--as-of", "2026-12-01", "--cluster", "largest")
    assert result.code == 2
    assert "Namespace arc-runners-festival-idle" in result.out
    assert result.out.count("error ") == 1
