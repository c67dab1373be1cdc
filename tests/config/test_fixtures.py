"""Cluster files that are right, and cluster files that break one rule each."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.config import Cluster, load_cluster
from lib.errors import ConfigError

HERE = Path(__file__).parent
PRODUCTION = HERE.parents[1] / "clusters" / "production.yaml"
VALID = sorted((HERE / "valid").glob("*.yaml"))
INVALID = sorted((HERE / "invalid").glob("*.yaml"))


def expectations(file: Path) -> list[tuple[str, list[str]]]:
    """Return the beginning and the fragments of each problem, from the lines with `# expect:`."""
    found = []
    for line in file.read_bytes().decode("latin-1").splitlines():
        if line.startswith("# expect: line "):
            number, *fragments = line.removeprefix("# expect: line ").split(" | ")
            found.append((f"{file}:{number}: ", fragments))
    return found


def problems(file: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_cluster(file)
    return list(caught.value.problems)


@pytest.mark.parametrize("file", [*VALID, PRODUCTION], ids=lambda file: file.stem)
def test_a_valid_file_becomes_the_cluster_of_its_name(file: Path) -> None:
    cluster = load_cluster(file)
    assert isinstance(cluster, Cluster)
    assert cluster.name == file.stem


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_file_is_refused_with_the_problems_it_expects_and_no_other(file: Path) -> None:
    expected = expectations(file)
    assert expected
    told = problems(file)
    assert len(told) == len(expected), told
    for problem, (start, fragments) in zip(told, expected, strict=True):
        assert problem.startswith(start)
        assert "\n" not in problem
        assert [part for part in fragments if part not in problem] == [], problem


def test_there_are_fixtures_for_the_three_kinds_of_cluster_and_for_many_faults() -> None:
    assert [file.stem for file in VALID] == ["largest", "nfs-with-sakura-dns", "smallest"]
    assert len(INVALID) >= 25
