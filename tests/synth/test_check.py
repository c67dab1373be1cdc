from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.synth.project import Project, tree

if TYPE_CHECKING:
    from pathlib import Path

WEB = "production/whoami/deployment-web.yaml"


def snapshot(project: Project) -> dict[str, tuple[bytes, int, int]]:
    """All of the project but its own memory: content, time and inode."""
    return {
        name: (content, status.st_mtime_ns, status.st_ino)
        for name, content in tree(project.root).items()
        if not name.startswith(".yagura/") and "__pycache__" not in name
        for status in [(project.root / name).stat()]
    }


def checked(project: Project, *arguments: str) -> tuple[int, str, str]:
    before = snapshot(project)
    result = project.run("synth", "--check", *arguments)
    assert snapshot(project) == before
    assert "Traceback" not in result.err
    return result.code, result.out, result.err


def test_a_check_of_what_is_right_says_so_and_writes_nothing(project: Project) -> None:
    code, out, err = checked(project)
    assert (code, out) == (0, "")
    assert err.startswith("dist/ is up to date: ")


@pytest.mark.parametrize("before", ["a synth", "nothing"])
def test_a_check_of_a_hand_edit_shows_a_unified_diff_and_exits_3(
    project: Project, before: str
) -> None:
    if before == "a synth":
        project.synth()
    path = project.dist / WEB
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("replicas: 2", "replicas: 7"), encoding="utf-8")
    assert text != path.read_text(encoding="utf-8")
    code, out, err = checked(project)
    assert code == 3
    assert len(err.splitlines()) == 1
    assert "dist/ differs from the sources" in err
    assert f"--- dist/{WEB}\n" in out
    assert f"+++ dist/{WEB}" in out
    assert "\n@@ " in out
    assert "\n-  replicas: 7\n" in out
    assert "\n+  replicas: 2\n" in out


def test_a_check_of_changed_sources_shows_new_changed_and_removed_files(project: Project) -> None:
    project.add_app()
    project.replace("apps/whoami.py", "port=80", "port=8081")
    (project.dist / "production" / "whoami" / "service-old.yaml").write_bytes(
        (project.dist / WEB).read_bytes()
    )
    code, out, err = checked(project)
    assert code == 3
    assert "1 removed" in err
    assert "+++ dist/production/extra/configmap-first.yaml" in out
    assert "--- dist/production/whoami/service-old.yaml" in out
    assert "8081" in out


def test_a_check_of_a_missing_dist_exits_3_and_does_not_make_it(project: Project) -> None:
    (project.dist).rename(project.root / "away")
    code, _, err = checked(project)
    assert code == 3
    assert "new" in err
    assert not project.dist.exists()


def test_a_check_of_a_failing_app_exits_1(project: Project) -> None:
    project.replace("apps/whoami.py", "port=80", "port=undefined")
    code, out, err = checked(project)
    assert (code, out) == (1, "")
    assert "apps/whoami.py:" in err


def test_a_check_finds_an_unknown_file(project: Project) -> None:
    (project.dist / "production" / "mine.yaml").write_text("kind: Mine\n", encoding="utf-8")
    code, out, err = checked(project)
    assert code == 3
    assert "dist/production/mine.yaml" in out
    assert "1 removed" in err


def test_a_check_of_one_cluster_ignores_the_others(project: Project) -> None:
    other = project.dist / "staging" / "a.yaml"
    other.parent.mkdir()
    other.write_bytes((project.dist / WEB).read_bytes())
    assert checked(project, "--cluster", "production")[0] == 0
    assert checked(project)[0] == 3


def test_a_check_does_not_make_the_next_synth_believe_that_it_wrote(project: Project) -> None:
    project.replace("apps/whoami.py", "port=80", "port=8081")
    assert checked(project)[0] == 3
    assert not project.remembered()
    project.synth()
    assert checked(project)[0] == 0


def test_a_long_difference_is_cut_and_says_how_much_is_left(
    project: Project, tmp_path: Path
) -> None:
    project.synth("--output", tmp_path / "out")
    for path in project.dist.rglob("*.yaml"):
        path.unlink()
    code, out, _ = checked(project)
    assert code == 3
    assert "more lines" in out.splitlines()[-1]
    assert len(out.splitlines()) < 250
