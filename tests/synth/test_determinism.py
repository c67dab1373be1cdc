"""The same sources give the same bytes, wherever, whenever and by whomever they are made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.synth.project import Project, tree, tree_hash

if TYPE_CHECKING:
    from pathlib import Path

# An app in which order could matter: sets are refused, so it sorts; the rest follows insertion.
_BODY = """
names = {"alpha", "beta", "gamma", "delta", "epsilon"}
for name in sorted(names):
    configmap(self, name, {"i": "\\u0131\\u0130iI", "umlaut": "äß", "kanji": "祭り", name: "x"})
for path in sorted(Path(__file__).parent.glob("*.py")):
    configmap(self, path.stem.strip("_").replace("_", "-") + "-listed", {"name": path.name})
x = cdk8s.ApiObject(self, "patched", api_version="v1", kind="ConfigMap",
                    metadata=cdk8s.ApiObjectMetadata(name="patched"))
x.add_json_patch(cdk8s.JsonPatch.add("/data", {"z": "1", "a": "2"}))
"""

PLACES: dict[str, dict[str, str]] = {
    **{f"hash seed {seed}": {"PYTHONHASHSEED": str(seed)} for seed in range(8)},
    "plain locale": {"LC_ALL": "C", "TZ": "UTC"},
    "Turkish locale": {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns"},
    "Japanese locale": {"LC_ALL": "ja_JP.UTF-8", "TZ": "Asia/Tokyo"},
    "no UTF-8": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "folders listed backwards": {"REVERSED": "1"},
    "another user": {"USER": "mallory", "LOGNAME": "mallory", "HOME": "/nonexistent"},
}


@pytest.fixture(scope="module")
def source(pristine: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = pristine.copied(tmp_path_factory.mktemp("source") / "project")
    project.add_app(_BODY)
    project.synth()
    assert "祭り" in project.configmap("alpha")
    return project


def test_the_bytes_are_the_same_everywhere(source: Project, tmp_path: Path) -> None:
    expected = tree(source.dist)

    def made(place: str) -> dict[str, bytes]:
        folder = tmp_path / place / "project"
        folder.parent.mkdir()
        project = source.copied(folder)
        project.synth("--no-cache", "--output", project.root.parent / "out", env=PLACES[place])
        return tree(project.root.parent / "out")

    with ThreadPoolExecutor(max_workers=2) as pool:
        found = dict(zip(PLACES, pool.map(made, PLACES), strict=True))
    assert {place: tree_hash(files) for place, files in found.items()} == dict.fromkeys(
        PLACES, tree_hash(expected)
    )


def test_another_folder_with_spaces_and_kanji_gives_the_same_bytes(
    source: Project, tmp_path: Path
) -> None:
    project = source.copied(tmp_path / "a b 祭り 'quoted'")
    project.synth("--no-cache")
    assert tree(project.dist) == tree(source.dist)
    assert project.remembered()


def test_the_folder_does_not_appear_in_the_output(source: Project) -> None:
    everything = b"".join(tree(source.dist).values())
    assert str(source.root).encode() not in everything
    assert b"/site-packages/" not in everything


@pytest.mark.parametrize("mask", ["077", "002"])
def test_another_umask_gives_the_same_bytes(source: Project, tmp_path: Path, mask: str) -> None:
    out = tmp_path / "out"
    shell = ("sh", "-c", f'umask {mask} && exec "$@"', "sh")
    result = source.run("synth", "--no-cache", "--output", out, before=shell)
    assert result.code == 0, result.err
    assert tree(out) == tree(source.dist)


def test_a_changed_hash_seed_shows_an_app_that_depends_on_it(project: Project) -> None:
    """The comparison above would notice: an app that does depend on the seed gives other bytes."""
    project.add_app('configmap(self, "seed", {"a": " ".join({"alpha", "beta", "gamma", "delta"})})')
    found = set()
    for seed in ("1", "2", "3"):
        project.synth("--no-cache", env={"PYTHONHASHSEED": seed})
        found.add(project.configmap("seed"))
    assert len(found) > 1
