"""The values in dist/ are ones that their charts take."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path

import pytest
import yaml
from jsonschema.validators import validator_for

from tools.charts import HELM, SCHEMAS, UNPACKED, Installed, installed, read

ROOT = Path(__file__).resolve().parents[2]
USES = sorted(installed(read(ROOT / "dist")), key=lambda use: use.where)
WITH_SCHEMA = [use for use in USES if (SCHEMAS / use.chart.schema).is_file()]


def name(use: Installed) -> str:
    return f"{use.chart.name} in {use.where}"


def errors(use: Installed) -> list[str]:
    schema = json.loads((SCHEMAS / use.chart.schema).read_bytes())
    schema.pop("$schema", None)  # Vault's names a draft that there never was
    found = validator_for(schema)(schema).iter_errors(copy.deepcopy(dict(use.values)))
    return [f"{error.json_path}: {error.message}" for error in found]


def test_every_chart_is_one_that_was_looked_at_for_a_schema() -> None:
    records = json.loads((SCHEMAS / "charts.json").read_bytes())["charts"]
    known = {(r["chart"], r["version"], r["repository"]): r.get("schema") for r in records}
    assert {(u.chart.name, u.chart.version, u.chart.repository) for u in USES} == set(known)
    there = {path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.glob("charts/*/*.json")}
    assert {schema for schema in known.values() if schema} == there


@pytest.mark.parametrize("use", WITH_SCHEMA, ids=name)
def test_a_charts_own_schema_accepts_the_values(use: Installed) -> None:
    assert errors(use) == []


@pytest.mark.parametrize("use", WITH_SCHEMA, ids=name)
def test_a_charts_own_schema_refuses_a_value_of_the_wrong_kind(use: Installed) -> None:
    key = "deployment" if use.chart.name == "traefik" else "global"
    assert errors(Installed(use.chart, "", "", {**use.values, key: "text"}, ""))


@pytest.mark.parametrize("use", USES, ids=name)
def test_helm_renders_the_chart_with_the_values(use: Installed, tmp_path: Path) -> None:
    chart = UNPACKED / use.chart.folder
    if not (HELM.is_file() and chart.is_dir()):
        pytest.skip("no helm, or no chart: `make charts` fetches both")
    values = tmp_path / "values.yaml"
    values.write_text(yaml.safe_dump(dict(use.values)))
    command: list[str | Path] = [
        HELM,
        "template",
        use.release,
        chart,
        "--namespace",
        use.namespace or "default",
    ]
    result = subprocess.run(
        [*command, "--values", values, "--kube-version", "1.36.3"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    rendered = [document for document in yaml.safe_load_all(result.stdout) if document]
    runs = {"AutoscalingRunnerSet", "DaemonSet", "Deployment", "StatefulSet"}
    assert any(document["kind"] in runs for document in rendered)
