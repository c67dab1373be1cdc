"""Every cluster file there is becomes a tree in which all that is named is there."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from lib.checks.catalogue import RULES
from lib.checks.document import Document, File
from lib.checks.engine import judge
from lib.checks.model import Context, Model
from lib.checks.provided import SOME_CLUSTERS
from lib.config import load_cluster
from lib.gate.policy_files import policy_files
from lib.synth.build import build_cluster
from lib.synth.naming import paths
from lib.synth.scopes import Scopes
from main import build
from tests.checks.judging import TODAY

ROOT = Path(__file__).resolve().parents[3]
FILES = {path.stem: path for path in sorted((ROOT / "tests" / "config" / "valid").glob("*.yaml"))}
FILES["production"] = ROOT / "clusters" / "production.yaml"
DECLARED = policy_files(ROOT).provided
MINE = [
    rule
    for rule in RULES.values()
    if rule.id[0] in "NT" or rule.id in {f"G{number:02}" for number in (*range(8, 16), 29, 30, 31)}
]


@cache
def model_of(name: str) -> Model:
    """The model of a cluster's tree, as the gate would read it."""
    cluster = load_cluster(FILES[name])
    manifests = build_cluster(cluster, build).manifests
    documents = []
    for path, manifest in paths(manifests, Scopes.load()).items():
        value = json.loads(json.dumps(manifest.object))
        if not manifest.namespace or Scopes.load().of(manifest) == "Cluster":
            value["metadata"].pop("namespace", None)
        file = File(path, b"", f"dist/{cluster.name}/{path}")
        documents.append(Document(file, 0, value))
    return Model(documents, Context(complete=True, cluster=cluster), DECLARED)


@pytest.mark.parametrize("name", FILES)
def test_no_cluster_names_what_is_not_there(name: str) -> None:
    catalogue = {rule.id: rule for rule in MINE} | {"G20": RULES["G20"], "X07": RULES["X07"]}
    report = judge([model_of(name)], [*MINE, RULES["X07"]], as_of=TODAY, catalogue=catalogue)
    assert [f"{each.rule} {each.file}: {each.message}" for each in report.findings] == []
    assert report.crashed == ()
    examined = {id_ for id_, number in report.examined.items() if number}
    wanted = {"G08", "G09", "G10", "G11", "G12", "G13", "G14", "N03", "T01", "T03", "T05", "T07"}
    assert wanted | {"T08"} <= examined


def test_what_only_some_clusters_need_is_needed_by_one_of_them() -> None:
    for name in FILES:
        test_no_cluster_names_what_is_not_there(name)
    used = {document for name in FILES for document in model_of(name).used}
    by_some = {document for document in DECLARED if SOME_CLUSTERS in document.annotations}
    assert by_some <= used
    assert not any(SOME_CLUSTERS in each.annotations for each in model_of("production").used)
