from __future__ import annotations

from pathlib import Path

import pytest

from lib.config import Cluster, load_cluster, parse_cluster

PRODUCTION = Path(__file__).resolve().parents[2] / "clusters" / "production.yaml"


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    return load_cluster(PRODUCTION)


@pytest.fixture(scope="session")
def older() -> Cluster:
    """The same cluster on the last RKE2 whose HelmChart has no structured values."""
    text = PRODUCTION.read_text(encoding="utf-8")
    return parse_cluster(
        text.replace("version: v1.36.3+rke2r1", "version: v1.35.7+rke2r1"), "production.yaml"
    )
