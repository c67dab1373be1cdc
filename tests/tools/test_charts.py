from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from lib.errors import EnvironmentFault, InternalError
from tools.charts import Chart, installed, replace, schemas, take
from tools.schema_structure import structure

if TYPE_CHECKING:
    from pathlib import Path

WORDY = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://charts.example/cups",
    "title": "Cups",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "title": {"type": "string", "description": "a key that is called title", "default": "x"},
        "size": {"$ref": "#/$defs/size"},
        "many": {"type": "array", "items": {"enum": ["title", "description"]}},
        "one": {"oneOf": [{"type": "string", "examples": ["a"]}, {"type": "null"}]},
    },
    "$defs": {"size": {"type": "integer", "minimum": 1, "$comment": "cups"}},
}


@pytest.mark.parametrize(
    ("values", "accepted"),
    [
        ({"title": "a", "size": 2, "many": ["title"], "one": None}, True),
        ({"title": 1}, False),
        ({"size": 0}, False),
        ({"many": ["tilte"]}, False),
        ({"one": 1}, False),
        ({"unknown": 1}, False),
    ],
)
def test_the_structure_of_a_schema_decides_as_the_schema_does(
    values: dict[str, Any], *, accepted: bool
) -> None:
    for schema in (WORDY, structure(WORDY)):
        assert Draft202012Validator(schema).is_valid(values) is accepted


def test_the_structure_holds_no_words_but_the_names_of_keys() -> None:
    text = json.dumps(structure(WORDY))
    for word in ("Cups", "called", "charts.example", "examples", "default"):
        assert word not in text
    assert list(structure(WORDY)["properties"]) == ["many", "one", "size", "title"]


def test_a_schema_that_needs_another_one_is_refused() -> None:
    with pytest.raises(ValueError, match=r"outside of itself"):
        structure({"properties": {"a": {"$ref": "https://schemas.example/a.json"}}})


def helm_chart(**spec: Any) -> dict[str, Any]:
    return {
        "kind": "HelmChart",
        "metadata": {"name": "release"},
        "spec": {"targetNamespace": "there", "version": "1.2.3", **spec},
    }


def application(*sources: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "Application",
        "metadata": {"name": "app"},
        "spec": {"destination": {"namespace": "there"}, "sources": list(sources)},
    }


def test_a_chart_is_found_in_every_form_that_installs_one() -> None:
    manifests = [
        helm_chart(chart="cups", repo="https://charts.example", values={"a": 1}),
        helm_chart(chart="oci://registry.example/charts/cups", valuesContent="a: 1\n"),
        application(
            {"repoURL": "https://git.example/x.git", "path": "dist"},
            {
                "repoURL": "registry.example/charts",
                "chart": "cups",
                "targetRevision": "1.2.3",
                "helm": {"releaseName": "release", "valuesObject": {"a": 1}},
            },
        ),
        {"kind": "Service"},
    ]
    found = list(installed([(str(n), manifest) for n, manifest in enumerate(manifests)]))
    assert [use.chart.repository for use in found] == [
        "https://charts.example",
        "oci://registry.example/charts",
        "oci://registry.example/charts",
    ]
    for use in found:
        assert (use.chart.name, use.chart.version) == ("cups", "1.2.3")
        assert (use.release, use.namespace, use.values) == ("release", "there", {"a": 1})
    assert [use.where for use in found] == ["0", "1", "2"]


CUPS = Chart("cups", "1.2.3", "https://charts.example")


def unpacked(folder: Path, version: str, schema: str | None = None) -> None:
    (folder / "cups").mkdir(parents=True)
    (folder / "cups" / "Chart.yaml").write_text(f"name: cups\nversion: {version}\n")
    if schema is not None:
        (folder / "cups" / "values.schema.json").write_text(schema)


def test_a_chart_that_is_there_is_taken_and_its_schema_derived(tmp_path: Path) -> None:
    unpacked(tmp_path / "there", "v1.2.3", json.dumps(WORDY))
    take(CUPS, tmp_path / "there", tmp_path / "charts" / CUPS.folder)
    files = schemas([CUPS], tmp_path / "charts")
    assert json.loads(files["charts/cups/1.2.3.json"]) == structure(WORDY)
    (record,) = json.loads(files["charts.json"])["charts"]
    assert record["schema"] == "charts/cups/1.2.3.json"


def test_a_chart_without_a_schema_is_recorded_without_one(tmp_path: Path) -> None:
    unpacked(tmp_path / "there", "1.2.3")
    take(CUPS, tmp_path / "there", tmp_path / "charts" / CUPS.folder)
    files = schemas([CUPS], tmp_path / "charts")
    assert list(files) == ["charts.json"]
    assert "schema" not in json.loads(files["charts.json"])["charts"][0]


def test_another_version_of_a_chart_is_not_taken(tmp_path: Path) -> None:
    unpacked(tmp_path / "there", "1.2.4")
    with pytest.raises(EnvironmentFault, match=r"1\.2\.4, dist/ installs 1\.2\.3"):
        take(CUPS, tmp_path / "there", tmp_path / "charts")


def test_a_broken_schema_is_an_error_and_names_its_file(tmp_path: Path) -> None:
    unpacked(tmp_path / "there", "1.2.3", "{")
    take(CUPS, tmp_path / "there", tmp_path / "charts" / CUPS.folder)
    with pytest.raises(InternalError, match=r"values\.schema\.json"):
        schemas([CUPS], tmp_path / "charts")


def test_a_schema_that_no_chart_has_any_more_goes(tmp_path: Path) -> None:
    old = {"charts/cups/1.2.2.json": b"{}\n", "charts.json": b"1\n"}
    new = {"charts/cups/1.2.3.json": b"{}\n", "charts.json": b"2\n"}
    (tmp_path / "other.json").write_text("stays")
    replace(tmp_path, old)
    assert replace(tmp_path, new) == [
        "charts.json",
        "charts/cups/1.2.2.json",
        "charts/cups/1.2.3.json",
    ]
    assert replace(tmp_path, new) == []
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")}
    assert left == {*new, "other.json"}
