"""Turns what pydantic finds wrong with the data into problems that say what would be right."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from lib.config.json_schema import schema_at
from lib.config.problems import KeyPath, Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys",
    "mapping_type": "a mapping of keys",
    "dataclass_type": "a mapping of keys",
}

_LIMITS = {
    "greater_than_equal": "use at least {ge}",
    "less_than_equal": "use at most {le}",
    "multiple_of": "use a multiple of {multiple_of}",
    "string_too_short": "give at least {min_length} characters",
    "string_too_long": "use at most {max_length} characters",
    "too_short": "give at least {min_length}",
    "too_long": "give at most {max_length}",
}

_FORMATS = {
    "ipv4": "use an IPv4 address such as 192.168.0.5",
    "ipv4network": "use a network such as 192.168.0.0/22, its host bits zero",
}


def structure_problems(error: ValidationError, data: object) -> Iterator[Problem]:
    """Yield a problem for each thing that pydantic refused.

    Args:
        error: What pydantic raised for the data.
        data: What the file says.
    """
    details = [(_file_path(item["loc"], data), item) for item in error.errors(include_url=False)]
    misspelt = {
        (*path[:-1], _meant(item["loc"]))
        for path, item in details
        if item["type"] == "unexpected_keyword_argument"
    }
    for path, item in details:
        if item["type"] != "missing" or path not in misspelt:
            yield _problem(item, path)


def _file_path(loc: tuple[int | str, ...], data: object) -> KeyPath:
    """Return a pydantic location without the parts that are not in the file.

    Pydantic puts a union's chosen kind between two keys, and ``[key]`` after a refused key.
    """
    path: list[int | str] = []
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if last and part == "[key]":
            break
        if isinstance(data, dict) and part not in data and not last:
            continue
        path.append(part)
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
    return tuple(path)


def _problem(detail: ErrorDetails, path: KeyPath) -> Problem:
    """Return the problem for one pydantic error at a path of the file."""
    loc, given, context = detail["loc"], detail["input"], detail.get("ctx", {})
    schema = schema_at(loc)
    if loc and loc[-1] == "[key]":
        schema, given = schema_at(loc[:-2]).get("propertyNames", {}), path[-1]
    match detail["type"]:
        case "unexpected_keyword_argument":
            problem = _unknown_key(path, loc, given)
        case "missing":
            use = "add it: " + schema.get("description", "")
            problem = Problem(rule="missing-key", path=path, what="is missing", use=use)
        case "union_tag_not_found":
            problem = _missing_kind(path, schema)
        case "union_tag_invalid":
            name = context["discriminator"].strip("'")
            tag = context["tag"]
            problem = _bad_value((*path, name), tag, _choices(tag, _kinds_of(schema)))
        case "literal_error":
            problem = _bad_value(path, given, _choices(given, _allowed(schema)))
        case kind if kind in _KINDS:
            problem = _wrong_type(path, given, _KINDS[kind])
        case kind:
            use = context.get("use") or _expectation(kind, context, schema) or detail["msg"]
            problem = _bad_value(path, given, use)
    return problem


def _bad_value(path: KeyPath, given: object, use: str) -> Problem:
    what = "is not a value for this key"
    return Problem(rule="bad-value", path=path, what=what, given=shown(given), use=use)


def _wrong_type(path: KeyPath, value: object, kind: str) -> Problem:
    use = f"use {kind}"
    if kind == "text" and isinstance(value, int):
        use += f': quote it, "{shown(value)}"'
    elif kind == "a whole number" and isinstance(value, str) and value.isdigit():
        use += f": without quotation marks, {value}"
    return Problem(
        rule="wrong-type", path=path, what="is the wrong kind of value", given=shown(value), use=use
    )


def _unknown_key(path: KeyPath, loc: KeyPath, given: object) -> Problem:
    meant = _meant(loc)
    use = f"did you mean {meant}?" if meant else "the keys here are " + ", ".join(_keys_at(loc))
    use = _of_another_kind(loc) or use
    what = "is not a key of a cluster file"
    return Problem(rule="unknown-key", path=path, what=what, given=shown(given), use=use)


def _keys_at(loc: KeyPath) -> list[str]:
    """Return the keys that may stand in place of a location's last one."""
    return sorted(schema_at(loc[:-1]).get("properties", {}))


def _of_another_kind(loc: KeyPath) -> str:
    """Say to which other kind of the same section an unknown key belongs, if to any."""
    section = loc[:-2]
    choice = schema_at(section).get("discriminator", {})
    for kind in choice.get("mapping", {}):
        if loc[-1] in schema_at((*section, kind)).get("properties", {}):
            return f"it goes with {choice['propertyName']}: {kind}"
    return ""


def _meant(loc: KeyPath) -> str | None:
    """Return the key that an unknown one is a misspelling of, if there is one."""
    near = difflib.get_close_matches(str(loc[-1]), _keys_at(loc), n=1, cutoff=0.6)
    return near[0] if near else None


def _missing_kind(path: KeyPath, schema: Mapping[str, Any]) -> Problem:
    name = schema.get("discriminator", {}).get("propertyName", "kind")
    use = "use one of " + ", ".join(_kinds_of(schema))
    return Problem(rule="missing-key", path=(*path, name), what="is missing", use=use)


def _kinds_of(schema: Mapping[str, Any]) -> list[str]:
    return sorted(schema.get("discriminator", {}).get("mapping", {}))


def _allowed(schema: Mapping[str, Any]) -> list[str]:
    return [str(item) for item in schema.get("enum", [schema.get("const", "")])]


def _choices(given: object, allowed: list[str]) -> str:
    near = difflib.get_close_matches(str(given), allowed, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]}?" if near else ""
    return "use one of " + ", ".join(allowed) + hint


def _expectation(kind: str, context: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if kind in _LIMITS:
        return _LIMITS[kind].format_map(context)
    if kind == "string_pattern_mismatch":
        return str(schema.get("patternErrorMessage", f"use text like {context['pattern']}"))
    return _FORMATS.get(str(schema.get("format")), "")
