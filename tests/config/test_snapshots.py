"""A validated cluster is kept for the next run, and used only if nothing that made it changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lib.config import Cluster, Snapshots, load_cluster, snapshots
from lib.errors import ConfigError

if TYPE_CHECKING:
    from tests.synth.project import Project

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PRODUCTION = ROOT / "clusters" / "production.yaml"
FILES = [*sorted((HERE / "valid").glob("*.yaml")), PRODUCTION]
SMALLEST = HERE / "valid" / "smallest.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


def kept(file: Path, folder: Path) -> Cluster:
    """Validate a file, and keep the cluster."""
    before = Snapshots(folder, "this machine")
    cluster = load_cluster(file, before)
    before.keep()
    return cluster


def recalled(file: Path, folder: Path, environment: str = "this machine") -> Cluster | None:
    return Snapshots(folder, environment).recall(file, file.read_bytes())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_recalled_cluster_is_the_validated_one(file: Path, folder: Path) -> None:
    cluster = kept(file, folder)
    again = recalled(file, folder)
    assert again == cluster == load_cluster(file)
    assert repr(again) == repr(cluster)
    assert hash(again) == hash(cluster)


def test_a_recalled_cluster_cannot_be_changed_either(folder: Path) -> None:
    kept(PRODUCTION, folder)
    cluster = recalled(PRODUCTION, folder)
    assert cluster is not None
    with pytest.raises(AttributeError, match="frozen"):
        del cluster.vault.mount
    with pytest.raises(TypeError, match="cannot be changed"):
        cluster.access.projects["apps"] = ()  # type: ignore[index]


def test_a_recalled_cluster_needs_neither_pydantic_nor_yaml(folder: Path) -> None:
    kept(PRODUCTION, folder)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from lib.config import Snapshots, load_cluster\n"
        f"known = Snapshots(Path({str(folder)!r}), 'this machine')\n"
        f"print(load_cluster(Path({str(PRODUCTION)!r}), known).name)\n"
        "print({'pydantic', 'pydantic_core', 'yaml'} & {*sys.modules})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "production\nset()\n"


def test_a_file_with_another_byte_is_validated_anew(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "smallest.yaml"
    file.write_bytes(SMALLEST.read_bytes())
    kept(file, folder)
    file.write_bytes(SMALLEST.read_bytes() + b"\n")
    assert recalled(file, folder) is None
    file.write_bytes(SMALLEST.read_bytes().replace(b"count: 1", b"count: 2"))
    with pytest.raises(ConfigError, match="odd-servers"):
        load_cluster(file, Snapshots(folder, "this machine"))


def test_the_same_bytes_under_another_name_are_validated_anew(tmp_path: Path, folder: Path) -> None:
    kept(SMALLEST, folder)
    shutil.copy(folder / "smallest", folder / "other")
    other = tmp_path / "other.yaml"
    shutil.copy(SMALLEST, other)
    with pytest.raises(ConfigError, match="name-equals-file"):
        load_cluster(other, Snapshots(folder, "this machine"))


def test_another_python_or_package_validates_anew(folder: Path) -> None:
    kept(SMALLEST, folder)
    assert recalled(SMALLEST, folder, "another machine") is None


def test_a_changed_new_or_missing_source_validates_anew(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "config"
    shutil.copytree(ROOT / "lib" / "config", package)
    monkeypatch.setattr(snapshots, "__file__", str(package / "snapshots.py"))
    cluster = kept(SMALLEST, folder)
    for module in sorted(package.glob("*.py")):
        content = module.read_bytes()
        module.write_bytes(content + b"#")
        assert recalled(SMALLEST, folder) is None, module
        module.unlink()
        assert recalled(SMALLEST, folder) is None, module
        module.write_bytes(content)
    (package / "new.py").write_text("")
    assert recalled(SMALLEST, folder) is None
    (package / "new.py").unlink()
    assert recalled(SMALLEST, folder) == cluster


def test_a_snapshot_cut_or_damaged_anywhere_is_not_used(folder: Path) -> None:
    kept(SMALLEST, folder)
    place = folder / "smallest"
    content = place.read_bytes()
    for position in range(len(content)):
        place.write_bytes(content[:position])
        assert recalled(SMALLEST, folder) is None
        damaged = bytes([content[position] ^ 1])
        place.write_bytes(content[:position] + damaged + content[position + 1 :])
        assert recalled(SMALLEST, folder) is None
    place.write_bytes(content + b"\0")
    assert recalled(SMALLEST, folder) is None


@pytest.mark.parametrize("content", [b"", b"\x80\x04N.", b"\x00" * 4096, b"yagura"])
def test_a_file_that_is_no_snapshot_is_replaced(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "smallest").write_bytes(content)
    cluster = kept(SMALLEST, folder)
    assert recalled(SMALLEST, folder) == cluster
    assert [path.name for path in folder.iterdir()] == ["smallest"]


def test_a_folder_that_cannot_be_written_is_only_slower(folder: Path) -> None:
    folder.write_text("no folder")
    assert kept(SMALLEST, folder).name == "smallest"
    assert recalled(SMALLEST, folder) is None


def test_nothing_is_kept_before_the_end_of_a_run(folder: Path) -> None:
    load_cluster(SMALLEST, Snapshots(folder, "this machine"))
    assert not folder.exists()


def test_a_file_with_a_problem_is_never_kept(folder: Path) -> None:
    before = Snapshots(folder, "this machine")
    with pytest.raises(ConfigError):
        load_cluster(HERE / "invalid" / "unknown-cni.yaml", before)
    before.keep()
    assert not folder.exists()


def validates(project: Project, *arguments: str) -> bool:
    """Synthesize; tell whether the cluster file was validated on the way."""
    told = project.synth(*arguments, env={"PYTHONPROFILEIMPORTTIME": "1"}).err
    assert "lib.config.cluster" in told
    return "pydantic" in told


def test_a_run_after_a_changed_app_does_not_validate_the_same_cluster_file_again(
    project: Project,
) -> None:
    assert validates(project)
    project.add_app()
    assert not validates(project)
    assert "a: b" in project.configmap()
    project.replace("clusters/production.yaml", "domain: festival.example", "domain: Example")
    project.refuses(1, "clusters/production.yaml:", "domain: is not a value for this key")


def test_a_run_after_a_changed_rule_validates_the_same_cluster_file_again(project: Project) -> None:
    project.synth()
    project.replace("lib/config/machines.py", "ge=2, le=32", "ge=6, le=32")
    project.refuses(1, "servers.cores: is not a value for this key", "use at least 6")


def test_no_cache_neither_reads_nor_writes_snapshots(project: Project) -> None:
    assert validates(project, "--no-cache")
    assert not (project.root / ".yagura" / "clusters").exists()
    project.add_app()
    project.synth()
    assert validates(project, "--no-cache")


def test_a_run_whose_sources_change_meanwhile_keeps_no_snapshot(project: Project) -> None:
    project.add_app('Path("lib/config/rules.py").touch()')
    project.synth()
    assert not (project.root / ".yagura" / "clusters").exists()
