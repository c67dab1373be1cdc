"""The reports for programs: each is what its reader takes, whatever the manifests hold."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from jsonschema import Draft202012Validator

from lib.checks import catalogue
from lib.checks.document import File
from lib.checks.engine import Found, judge
from lib.checks.loading import load
from lib.checks.model import Model
from lib.checks.report import as_github, as_sarif
from lib.manifests import Source

HOSTILE = 'a %0A,b:c::d\r\n::error file=x::y" \u2028 \U0001f3aa'
MANIFEST = """\
apiVersion: v1
kind: Secret
metadata: {name: %s, namespace: whoami}
stringData: {password: hunter2hunter2}
"""
TEXT = {"type": "object", "required": ["text"], "additionalProperties": False,
        "properties": {"text": {"type": "string", "minLength": 1}}}  # fmt: skip
LEVEL = {"enum": ["error", "warning", "note", "none"]}


def only(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False,
            "properties": properties}  # fmt: skip


def every(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item, "uniqueItems": True}


LOCATION = only(
    ["physicalLocation"],
    physicalLocation=only(
        ["artifactLocation", "region"],
        artifactLocation=only(["uri"], uri={"type": "string", "pattern": "^[!-~]+$"}),
        region=only(["startLine"], startLine={"type": "integer", "minimum": 1}),
    ),
    logicalLocations=every(
        only(
            ["fullyQualifiedName", "kind"],
            fullyQualifiedName={"type": "string"},
            kind={"const": "resource"},
        )
    ),
)
RULE = only(
    ["id"],
    id={"type": "string"},
    shortDescription=TEXT,
    fullDescription=TEXT,
    help=TEXT,
    defaultConfiguration=only(["level"], level=LEVEL),
)
RESULT = only(
    ["message", "ruleId", "ruleIndex", "level", "locations"],
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=TEXT,
    locations={**every(LOCATION), "minItems": 1},
    relatedLocations=every(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
)
INVOCATION = only(
    ["executionSuccessful"],
    executionSuccessful={"type": "boolean"},
    toolExecutionNotifications=every(only(["message"], level=LEVEL, message=TEXT)),
)
# What of SARIF 2.1.0 is written here: sections 3.13, 3.14, 3.18 to 3.20, 3.27 to 3.30 and 3.49.
SARIF = only(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "minItems": 1,
        "items": only(
            ["tool", "results"],
            tool=only(
                ["driver"], driver=only(["name"], name={"type": "string"}, rules=every(RULE))
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            invocations=every(INVOCATION),
            results={"type": "array", "items": RESULT},
        ),
    },
)


def report(
    name: str, *, file: str = "a.yaml", source: Source | None = None, crash: str = ""
) -> Any:
    text = MANIFEST % json.dumps(name, ensure_ascii=False)
    loaded = load([File(file, text.encode())], lambda _: source)
    return judge(
        [Model(loaded.documents)],
        catalogue.chosen([]),
        as_of=dt.date(2026, 4, 1),
        catalogue=catalogue.RULES,
        found=[loaded.found, Found(crashed=(crash,) if crash else ())],
    )


def sarif(name: str, **given: Any) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(as_sarif(report(name, **given)))
    errors = [f"{list(each.path)}: {each.message}" for each in
              Draft202012Validator(SARIF).iter_errors(log)]  # fmt: skip
    assert errors == []
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize("name", ["web", HOSTILE, ""])
def test_sarif_is_what_the_standard_says(name: str) -> None:
    run = sarif(name, source=Source("apps/web.py", 7))
    assert {"S01"} <= {each["ruleId"] for each in run["results"]} or not name


def test_each_result_of_sarif_names_its_rule_by_id_and_by_place() -> None:
    run = sarif("web")
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(catalogue.RULES)
    assert run["results"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])


def test_sarif_stands_on_the_python_line_and_tells_the_manifests() -> None:
    run = sarif("web", source=Source("apps/web.py", 7))
    result = next(each for each in run["results"] if each["ruleId"] == "S01")
    (place,), (related,) = result["locations"], result["relatedLocations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "apps/web.py"},
        "region": {"startLine": 7},
    }
    assert related["physicalLocation"]["artifactLocation"] == {"uri": "a.yaml"}
    assert related["physicalLocation"]["region"] == {"startLine": 4}


@pytest.mark.parametrize(
    "file",
    ["a b,c:d%41.yaml", "x:y/a#b?c.yaml", "/tmp/ä.yaml", "a\nb.yaml"],  # noqa: S108
)
def test_the_address_of_a_file_is_a_uri_that_leads_to_it(file: str) -> None:
    run = sarif("web", file=file)
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    parts = urlsplit(uri)
    assert unquote(parts.path) == file
    assert (parts.scheme, parts.query, parts.fragment) == (
        "file" if file[0] == "/" else "", "", "")  # fmt: skip


def test_sarif_says_that_a_rule_crashed() -> None:
    (invocation,) = sarif("web", crash="the rule W03 crashed")["invocations"]
    assert invocation["executionSuccessful"] is False
    (said,) = invocation["toolExecutionNotifications"]
    assert said["message"] == {"text": "the rule W03 crashed"}


def test_every_line_for_github_is_one_command_whatever_the_names_hold() -> None:
    lines = as_github(report(HOSTILE, file=f"{HOSTILE}.yaml", crash=HOSTILE)).split("\n")
    assert lines.pop() == ""
    assert len(lines) > 1
    assert lines[-1] == "::error::" + HOSTILE.replace("%", "%25").replace("\r\n", "%0D%0A")
    for line in lines[:-1]:
        _, command, text = line.split("::", 2)
        kind, _, properties = command.partition(" ")
        assert kind in {"error", "warning", "notice"}
        assert [part.partition("=")[0] for part in properties.split(",")] == [
            "file", "line", "title"]  # fmt: skip
        assert "\r" not in text


def test_a_command_for_github_keeps_what_it_escapes() -> None:
    first = as_github(report("web", file="50%,a:b.yaml")).partition("\n")[0]
    assert first.startswith("::error file=50%25%2Ca%3Ab.yaml,line=4,title=S01 Secret whoami/web::")
    assert "%0A50%25,a:b.yaml:4 /stringData/password%0AFix: " in first
