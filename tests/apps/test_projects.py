"""The projects, and the roles that the cluster file gives them."""

from __future__ import annotations

import pytest

from lib.config import parse_cluster
from lib.errors import BuildError
from lib.synth.build import build_cluster
from main import build
from tests.apps.alone import FILES

PRODUCTION = FILES["production"].read_text(encoding="utf-8")


def refused(old: str, new: str) -> str:
    assert old in PRODUCTION
    cluster = parse_cluster(PRODUCTION.replace(old, new, 1), "clusters/production.yaml")
    with pytest.raises(BuildError) as caught:
        build_cluster(cluster, build)
    (problem,) = caught.value.problems
    return problem.partition("access.projects: ")[2]


def test_a_misspelt_project_is_refused_before_its_team_loses_its_rights() -> None:
    said = refused("    live-stream: [platform, live-stream]", "    livestream: [platform]")
    assert said == "there is no project 'livestream': did you mean 'live-stream'?"


def test_a_project_of_another_name_is_told_which_there_are() -> None:
    said = refused("    apps: [platform, developers]", "    shop: [platform]")
    assert said == ("there is no project 'shop': there are: platform, apps, runners, live-stream")


def test_a_project_that_a_cluster_does_without_may_be_named() -> None:
    cluster = parse_cluster(
        PRODUCTION.replace("  projects:\n", "  projects:\n    runners: [platform]\n", 1),
        "clusters/production.yaml",
    )
    assert build_cluster(cluster, build).manifests
