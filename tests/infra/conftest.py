from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.infra.scratch import copy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, to be changed at will."""
    return copy(tmp_path)


@pytest.fixture
def without_terraform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which there is no terraform."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
