"""What lies ready for node between two runs: laid once, checked, and safe to delete."""

from __future__ import annotations

import os
import tarfile
import tempfile
from pathlib import Path

import pytest

from lib.errors import EnvironmentFault
from lib.nodejs import process
from lib.nodejs.package import NAME, VERSION, packed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of a project that cannot be written."""
    (tmp_path / "file").touch()
    monkeypatch.setattr(process, "PROJECT", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_our_package_is_laid_once(tmp_path: Path) -> None:
    first = Path(packed(str(tmp_path)))
    before = first.stat().st_mtime_ns
    assert packed(str(tmp_path)) == str(first)
    assert [first] == list(tmp_path.iterdir())
    assert first.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", [b"", b"not a tarball", None])
def test_a_damaged_package_is_laid_anew(tmp_path: Path, damage: bytes | None) -> None:
    path = Path(packed(str(tmp_path)))
    good = path.read_bytes()
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    packed(str(tmp_path))
    assert path.read_bytes() == good
    assert [path] == list(tmp_path.iterdir())


def test_our_package_holds_our_javascript_and_the_version_that_is_asked_for(
    tmp_path: Path,
) -> None:
    with tarfile.open(packed(str(tmp_path))) as tar:
        files = {entry.name: tar.extractfile(entry) for entry in tar}
        texts = {name: file.read().decode() for name, file in files.items() if file is not None}
    ours = (ROOT / "lib/constructs/jsii/index.js").read_text(encoding="utf-8")
    assert texts["package/index.js"] == ours
    assert f'"name": "{NAME}"' in texts["package/package.json"]
    assert f'"version": "{VERSION}"' in texts["package/package.json"]


def test_the_cache_lies_in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PROJECT", str(tmp_path))
    assert process._cache_folder() == str(tmp_path / ".yagura" / "jsii")


def test_a_project_that_cannot_be_written_has_its_cache_in_the_temporary_folder(
    temporary: Path,
) -> None:
    folder = Path(process._cache_folder())
    assert folder == temporary / "yagura-jsii"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_cache_that_others_may_write_is_refused(temporary: Path) -> None:
    (temporary / "yagura-jsii").mkdir()
    (temporary / "yagura-jsii").chmod(0o777)
    with pytest.raises(EnvironmentFault, match="no folder can be written"):
        process._cache_folder()


def test_a_cache_that_is_a_link_is_refused(temporary: Path) -> None:
    (temporary / "elsewhere").mkdir(mode=0o700)
    (temporary / "yagura-jsii").symlink_to(temporary / "elsewhere")
    with pytest.raises(EnvironmentFault, match="no folder can be written"):
        process._cache_folder()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_cache_of_somebody_elses_is_refused(temporary: Path) -> None:
    (temporary / "yagura-jsii").mkdir(mode=0o700)
    os.chown(temporary / "yagura-jsii", 12345, 12345)
    with pytest.raises(EnvironmentFault, match="no folder can be written"):
        process._cache_folder()
