"""The JSON Schema that editors check cluster files with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from lib.config import cluster_schema
from lib.config.json_schema import schema_at, schema_text
from lib.config.schema import SCHEMA_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = [*sorted((HERE / "valid").glob("*.yaml")), ROOT / "clusters" / "production.yaml"]


def properties(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each property that the schema describes, with its path."""
    if isinstance(part, dict):
        for name, value in part.get("properties", {}).items():
            yield f"{path}/{name}", value
        for name, value in part.items():
            yield from properties(value, f"{path}/{name}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from properties(value, f"{path}/{index}")


def test_the_committed_schema_is_the_generated_one() -> None:
    assert SCHEMA_FILE == ROOT / "schemas" / "cluster.schema.json"
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(cluster_schema())


def test_every_key_has_a_description() -> None:
    sections = cluster_schema()["$defs"]
    undescribed = [
        path
        for path, part in properties(cluster_schema())
        if not {**sections.get(part.get("$ref", "").rpartition("/")[2], {}), **part}["description"]
    ]
    assert undescribed == []


def test_the_schema_names_no_null() -> None:
    assert '"null"' not in schema_text()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_editor_accepts_every_valid_file(file: Path) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(cluster_schema())
    assert [error.message for error in validator.iter_errors(data)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_first_line_of_a_cluster_file_names_the_schema(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (file.parent / named).resolve() == SCHEMA_FILE


@pytest.mark.parametrize(
    "name",
    [
        "bad-role-name",
        "disk-size-not-sold",
        "key-of-another-kind",
        "missing-key",
        "number-for-a-text",
        "rke2-version-format",
        "text-for-a-number",
        "too-many-agents",
        "unknown-cni",
        "unknown-key",
        "upper-case-domain",
    ],
)
def test_an_editor_refuses_what_the_structure_forbids(name: str) -> None:
    text = (HERE / "invalid" / f"{name}.yaml").read_text(encoding="utf-8")
    validator = jsonschema.Draft202012Validator(cluster_schema())
    assert not validator.is_valid(yaml.safe_load(text))


def test_a_changed_copy_of_the_schema_changes_no_other() -> None:
    cluster_schema().clear()
    assert "properties" in cluster_schema()


def test_a_place_in_the_schema_is_found_through_sections_lists_mappings_and_kinds() -> None:
    assert schema_at(("agents", "count"))["maximum"] == 40
    assert schema_at(("runner_scale_sets", 0, "mode"))["enum"] == ["dind", "kubernetes"]
    assert schema_at(("github", "teams", "any", 0))["type"] == "string"
    assert schema_at(("dns", "sakura", "zone_id"))["type"] == "integer"
    assert schema_at(("no", "such", "place")) == {}


def test_every_key_of_the_production_file_stands_under_a_comment() -> None:
    lines = (ROOT / "clusters" / "production.yaml").read_text(encoding="utf-8").splitlines()
    top = [index for index, line in enumerate(lines) if line[:1].isalpha()]
    assert len(top) == len(cluster_schema()["properties"])
    assert [lines[index] for index in top if not lines[index - 1].startswith("# ")] == []


def test_the_schema_is_json_with_a_line_end() -> None:
    assert json.loads(schema_text()) == cluster_schema()
    assert schema_text().endswith("}\n")
