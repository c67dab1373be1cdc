from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.synth.project import ROOT, Project, tree

if TYPE_CHECKING:
    from pathlib import Path

VALID = sorted((ROOT / "tests" / "config" / "valid").glob("*.yaml"))


def added(project: Project, file: Path) -> str:
    """Add a second cluster file, under the name that it gives itself."""
    name = str(yaml.safe_load(file.read_text(encoding="utf-8"))["name"])
    assert name != "production"
    shutil.copy(file, project.root / "clusters" / f"{name}.yaml")
    return name


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_a_second_cluster_file_makes_a_second_tree_without_a_change_of_code(
    project: Project, file: Path
) -> None:
    before = tree(project.dist)
    name = added(project, file)
    project.synth()
    after = tree(project.dist)
    assert {path: text for path, text in after.items() if path in before} == before
    new = {path for path in after if path not in before}
    assert {path.partition("/")[0] for path in new} == {name}
    assert f"{name}/whoami/deployment-web.yaml" in new
    route = yaml.safe_load(after[f"{name}/root/application-whoami.yaml"])
    assert f"dist/{name}/whoami" in str(route["spec"])
    assert "dist/production" not in str(route)
    assert project.remembered()


def test_one_of_two_clusters_can_be_made_alone_and_checked_alone(project: Project) -> None:
    name = added(project, VALID[0])
    before = tree(project.dist)
    project.synth("--cluster", name)
    after = tree(project.dist)
    assert {path: text for path, text in after.items() if not path.startswith(f"{name}/")} == before
    assert any(path.startswith(f"{name}/") for path in after)
    assert project.run("synth", "--check", "--cluster", name).code == 0
    assert project.run("synth", "--check").code == 0


def test_the_tree_of_a_cluster_whose_file_is_gone_goes_only_when_allowed(project: Project) -> None:
    before = tree(project.dist)
    name = added(project, VALID[0])
    project.synth()
    (project.root / "clusters" / f"{name}.yaml").unlink()
    project.refuses_in_one_line(2, f"dist/{name} would shrink", "to 0", "--allow-shrink")
    project.synth("--allow-shrink")
    assert tree(project.dist) == before


def test_a_cluster_that_is_not_there_is_refused_and_the_others_are_named(project: Project) -> None:
    project.refuses(1, "clusters/nowhere.yaml", "production", arguments=("--cluster", "nowhere"))


def test_an_app_that_fails_for_one_cluster_leaves_both_trees(project: Project) -> None:
    name = added(project, VALID[0])
    project.synth()
    project.replace("apps/whoami.py", "port=80", f'port=80 if cluster.name != "{name}" else 0 / 0')
    project.refuses_in_one_line(1, "apps/whoami.py:", "ZeroDivisionError")
