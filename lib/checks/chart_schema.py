"""The values of charts against the charts' own schemas, of which schemas/ keeps the structure.

Helm judges a chart's defaults and the given values together. The defaults are not kept, so what
might be in them is never missing here; a list is always given as a whole, and judged so.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from lib.checks.charts import charts
from lib.checks.engine import Found
from lib.checks.model import Model
from lib.checks.place import steps
from lib.checks.schema_messages import told
from lib.manifests import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jsonschema.protocols import Validator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.place import Problem

_SCHEMAS = PROJECT / "schemas"
# What a default could bring, or turn into something else.
_ABOUT_ABSENCE = frozenset(
    {"required", "minProperties", "if", "then", "else", "not"}
    | {"dependencies", "dependentRequired", "dependentSchemas"}
)
_BELOW = frozenset({"additionalProperties", "propertyNames", "unevaluatedProperties"})
_BELOW_BY_NAME = frozenset({"$defs", "definitions", "patternProperties", "properties"})


def check_charts(documents: Sequence[Document]) -> Found:
    """Judge the values of every chart whose schema is kept; of others there is nothing to say."""
    by_cluster: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_cluster[document.cluster].append(document)
    problems: list[tuple[str, Problem]] = []
    count = 0
    for each in by_cluster.values():
        for chart in charts(Model(each)):
            problems += [("K03", problem) for problem in _unreadable(chart)]
            path = _kept().get(_key(chart.name, chart.version, chart.repo))
            if path is not None:
                count += 1
                problems += [("K03", problem) for problem in _unfit(chart, path)]
    return Found(problems=tuple(problems), examined={"K03": count})


@cache
def _kept() -> Mapping[tuple[str, str, str], str]:
    """Name, version and repository -> the schema's path below schemas/."""
    records = json.loads((_SCHEMAS / "charts.json").read_bytes())["charts"]
    return {
        _key(each["chart"], each["version"], each["repository"]): each["schema"]
        for each in records
        if "schema" in each
    }


def _key(name: str, version: str, repository: str) -> tuple[str, str, str]:
    return name, version.removeprefix("v"), repository.rstrip("/")


def _unreadable(chart: Chart) -> Iterator[Problem]:
    for text in chart.unreadable:
        yield text.problem(f"the values of {chart.name or chart.release} are no map of YAML")


def _unfit(chart: Chart, path: str) -> Iterator[Problem]:
    values = _without_nulls(chart.values.value or {})
    for pointer, message in told(_validator(path).iter_errors(values)):
        place, keys = chart.values.at_pointer(pointer), ".".join(steps(pointer))
        yield place.problem(f"{chart.name} {chart.version}: {keys}: {message}")


def _without_nulls(value: Any) -> Any:
    """Helm takes a key away whose value is null."""
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return value


@cache
def _validator(path: str) -> Validator:
    from jsonschema import validators  # noqa: PLC0415 - slow to load

    schema = json.loads((_SCHEMAS / path).read_bytes())
    # Of the one most in use: some charts name a draft that there is not.
    found = validators.validator_for(schema, default=validators.Draft7Validator)
    return found(relaxed(schema))


def relaxed(schema: Any) -> Any:
    """A schema that never refuses a map for what it does not hold; lists are judged as they are."""
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _BELOW:
            kept[key] = relaxed(value)
        elif key in _BELOW_BY_NAME:
            kept[key] = {name: relaxed(each) for name, each in value.items()}
        elif key in {"allOf", "anyOf"}:
            kept[key] = [relaxed(each) for each in value]
        elif key not in _ABOUT_ABSENCE and key != "oneOf":
            kept[key] = value
    if "oneOf" in schema:
        # What tells the alternatives apart may be what is left out here.
        branches = [relaxed(each) for each in schema["oneOf"]]
        kept["allOf"] = [*kept.get("allOf", []), {"anyOf": branches}]
    return kept
