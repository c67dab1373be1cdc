"""Manifests whose values are of any type: the rules about secrets and logins do not mind."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from lib.checks import catalogue
from lib.checks.document import File
from lib.checks.engine import judge
from lib.checks.loading import load
from lib.checks.model import Context, Model

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = [rule for id_, rule in catalogue.RULES.items() if id_[0] in "SL"]
EXAMPLES = [(rule.id, text) for rule in RULES for text in (rule.good, rule.bad)]
# What nobody expects where a map, a list or a text stands.
VALUES: tuple[Any, ...] = (
    None, 0, -1.5, True, "", "<path:", "://:@", "\u0000", "\ud800", [], [None], [[]], {},
    {"": None},
    {"name": ["a"], "value": {"b": 1}}, "https://[::1", "Host(`", "a: {b: [", "{" * 300,
)  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    steps = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for step in steps:
        yield from places(value[step], (*way, step))


def changed(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    if not way:
        return new
    whole = copy.deepcopy(value)
    below = whole
    for step in way[:-1]:
        below = below[step]
    below[way[-1]] = new
    return whole


def crashed(documents: list[Any]) -> tuple[str, ...]:
    files = [
        File(f"{number}.json", json.dumps(value).encode(), f"dist/a/nodes/{number}.json")
        if isinstance(value, dict) and "kind" not in value
        else File(f"{number}.json", json.dumps(value).encode())
        for number, value in enumerate(documents)
    ]
    loaded = load(files)
    model = Model(loaded.documents, Context(complete=True), (), loaded.node_files)
    as_of = dt.date(2026, 4, 1)
    return judge([model], RULES, as_of=as_of, catalogue=catalogue.RULES).crashed


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=[id_ for id_, _ in EXAMPLES])
def test_any_value_anywhere_in_an_example_crashes_no_rule(rule: str, text: str) -> None:
    documents = list(yaml.safe_load_all(text))
    for number, document in enumerate(documents):
        for turn, way in enumerate(places(document)):
            # A quarter of the values at each place, so that all of them stand nearly anywhere.
            for new in VALUES[turn % 4 :: 4]:
                others = [
                    *documents[:number],
                    changed(document, way, new),
                    *documents[number + 1 :],
                ]
                assert crashed(others) == (), (rule, way, new)


@pytest.mark.parametrize("value", VALUES)
def test_any_value_in_a_file_for_the_nodes_crashes_no_rule(value: Any) -> None:
    assert crashed([{"kube-apiserver-arg": value}, {"kube-apiserver-arg": [value]}]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "a: " * 5000,
        "password: " + "a" * 200_000,
        "[" * 500,
        "\n".join(f"k{number} = v" for number in range(20_000)),
        "://" + "a:" * 50_000,
        "<path:" * 20_000,
        "-----BEGIN " * 20_000,
        "/".join("aB3" for _ in range(50_000)),
        "a=" * 50_000,
    ],
    ids=range(9),
)
def test_a_text_made_to_keep_the_gate_busy_does_not(text: str) -> None:
    configmap = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    start = dt.datetime.now(tz=dt.UTC)
    assert crashed([{**configmap, "data": {"a.yaml": text}}]) == ()
    assert dt.datetime.now(tz=dt.UTC) - start < dt.timedelta(seconds=5)
