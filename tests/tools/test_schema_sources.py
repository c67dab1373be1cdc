from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from lib.errors import EnvironmentFault
from tools import derive_schemas
from tools.schema_sources import DEFINITIONS, Download, Source, download

if TYPE_CHECKING:
    from pathlib import Path

SHOP = Source(module="shop", version="v1.0.0", files=("crds/*.yaml",), helm=True)


def fake_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "go").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "bin" / "go").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")


def test_a_download_asks_go_for_exactly_the_pinned_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json.dumps({"Dir": str(tmp_path), "Sum": "h1:abc", "Info": None})
    fake_go(
        tmp_path, monkeypatch, f'[ "$*" = "mod download -json shop@v1.0.0" ] && echo \'{answer}\''
    )
    assert download(SHOP) == Download(source=SHOP, folder=tmp_path, checksum="h1:abc")


def test_a_failed_download_leaves_the_folder_alone_and_ends_with_4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "scopes.json").write_text("{}")
    monkeypatch.setattr(derive_schemas, "SCHEMAS", folder)
    (tmp_path / "answer").write_text(json.dumps({"Error": "403 Forbidden\n\tno such version"}))
    fake_go(tmp_path, monkeypatch, f"cat {tmp_path / 'answer'}; exit 1")
    assert derive_schemas.main() == 4
    assert capsys.readouterr().err == (
        f"error: cannot download {DEFINITIONS[0]}: 403 Forbidden no such version\n"
    )
    assert [path.read_text() for path in folder.iterdir()] == ["{}"]


@pytest.mark.parametrize("script", ["exit 0", "echo broken", "echo oops >&2; exit 2", "echo []"])
def test_an_answer_that_is_none_is_a_fault_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    fake_go(tmp_path, monkeypatch, script)
    with pytest.raises(EnvironmentFault, match=r"cannot download shop@v1\.0\.0"):
        download(SHOP)


def test_without_go_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault, match="no go on PATH"):
        download(SHOP)
