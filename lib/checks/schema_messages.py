"""Says readably why an object does not fit its schema: where, what was given, what is expected.

kubeconform decides; this only explains, with jsonschema, what kubeconform has refused already.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lib.checks.nearest import nearest
from lib.values import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_SHOWN = 60
_KEYS_SHOWN = 12
# A value below such a key, or anywhere in a Secret, is not for logs.
_SECRET = re.compile(r"secret|password|passwd|token|credential|private|key$|^data$", re.IGNORECASE)
_TYPES = {
    "object": "a map",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
_LIMITS = {
    "const": "{}",
    "pattern": "a text that matches {}",
    "minimum": "{} or more",
    "maximum": "{} or less",
    "minLength": "{} or more characters",
    "maxLength": "at most {} characters",
    "minItems": "{} or more entries",
    "maxItems": "at most {} entries",
    "minProperties": "{} or more keys",
    "maxProperties": "at most {} keys",
}


class Cause(NamedTuple):
    """One place that does not fit."""

    pointer: str
    message: str


def causes(value: Mapping[str, Any], schemas: Path, kubernetes: Path) -> list[Cause]:
    """Explain why ``value`` does not fit; empty where jsonschema has nothing against it.

    Args:
        value: The object.
        schemas: The folder of the custom resources' schemas.
        kubernetes: The folder of Kubernetes' own.
    """
    path = _schema_file(str(value.get("apiVersion")), str(value.get("kind")), schemas, kubernetes)
    if path is None:
        return []
    return told(_validator(path).iter_errors(value), hidden=value.get("kind") == "Secret")


def told(errors: Iterable[ValidationError], *, hidden: bool = False) -> list[Cause]:
    """Say what errors of jsonschema mean, one place after the other.

    Args:
        errors: What a validator found.
        hidden: Whether no value may be shown.
    """
    found = {cause for error in errors for cause in _leaves(error)}
    return sorted(Cause(pointer, message(hidden)) for pointer, message in found)


def _schema_file(version: str, kind: str, schemas: Path, kubernetes: Path) -> Path | None:
    """The schema that kubeconform takes (see ``lib.checks.kubeconform.run``)."""
    group, _, short = version.rpartition("/")
    custom = schemas / group / f"{kind.lower()}_{short}.json"
    suffix = f"-{group.partition('.')[0]}-{short}" if group else f"-{short}"
    own = kubernetes / f"{kind.lower()}{suffix}.json"
    return next((path for path in (custom, own) if path.is_file()), None)


@cache
def _validator(path: Path) -> Validator:
    from jsonschema.validators import validator_for  # noqa: PLC0415 - only to explain something

    schema = json.loads(path.read_bytes())
    return validator_for(schema)(schema)


class _Told(NamedTuple):
    """A message in two wordings: with the value that was given, and without it."""

    shown: str
    hidden: str

    def __call__(self, hide: bool) -> str:  # noqa: FBT001 - private
        return self.hidden if hide else self.shown


def _leaves(error: ValidationError) -> Iterator[tuple[str, _Told]]:
    """The causes of an error; of alternatives, those of the one that comes nearest."""
    if error.context:
        by_branch: dict[Any, list[ValidationError]] = {}
        for each in error.context:
            by_branch.setdefault(each.schema_path[0], []).append(each)
        if all(_is_of_type(each, error) for each in error.context):
            yield _mismatch(error, " or ".join(sorted({*map(_expected, error.context)})))
            return
        deepest = max(by_branch.values(), key=lambda each: (_depth(each), -len(each)))
        for each in deepest:
            yield from _leaves(each)
        return
    pointer = _pointer(error)
    given: Any = error.instance
    if error.validator == "additionalProperties" and isinstance(given, dict):
        yield from _unknown_keys(pointer, given, error.schema)
    elif error.validator == "required":
        wanted: Any = error.validator_value
        for key in sorted(key for key in wanted if key not in given):
            yield pointer, _Told(*(f"{key!r} is missing",) * 2)
    else:
        yield _mismatch(error, _expected(error))


def _pointer(error: ValidationError) -> str:
    return "".join(f"/{escape(str(step))}" for step in error.absolute_path)


def _mismatch(error: ValidationError, expected: str) -> tuple[str, _Told]:
    hide = any(_SECRET.search(str(step)) for step in error.absolute_path)
    kind = _kind_of(error.instance)
    shown = kind if hide else _short(error.instance)
    return _pointer(error), _Told(
        f"got {shown}, expected {expected}", f"got {kind}, expected {expected}"
    )


def _is_of_type(branch: ValidationError, error: ValidationError) -> bool:
    """Whether one of several alternatives only wants another type of the value itself."""
    return branch.validator == "type" and branch.absolute_path == error.absolute_path


def _depth(errors: Sequence[ValidationError]) -> int:
    return max(len(error.absolute_path) for error in errors)


def _unknown_keys(
    pointer: str, given: Mapping[str, Any], schema: Any
) -> Iterator[tuple[str, _Told]]:
    known = sorted(schema.get("properties", {}))
    patterns = schema.get("patternProperties", {})
    for key in given:
        if key in known or any(re.search(pattern, key) for pattern in patterns):
            continue
        close = _nearest(key, known)
        if close:
            told = f"unknown key {key!r}: did you mean {close!r}?"
        else:
            more = ", ..." if len(known) > _KEYS_SHOWN else ""
            told = f"unknown key {key!r}; known: {', '.join(known[:_KEYS_SHOWN])}{more}"
        yield f"{pointer}/{escape(key)}", _Told(told, told)


def _nearest(key: str, known: Sequence[str]) -> str:
    """The known key that looks most like ``key``, whatever its case."""
    folded = {each.lower(): each for each in known}
    return folded.get(nearest(key.lower(), folded), "")


def _expected(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    validator = str(error.validator)
    if validator == "type":
        names = [wanted] if isinstance(wanted, str) else wanted
        return " or ".join(_TYPES.get(name, name) for name in names if name != "null")
    if validator == "enum":
        close = _nearest(str(error.instance), [str(each) for each in wanted])
        meant = f": did you mean {close}?" if close and len(wanted) > 1 else ""
        return f"{'one of ' if len(wanted) > 1 else ''}{', '.join(map(str, wanted))}{meant}"
    return _LIMITS.get(validator, f"{validator} {{}}").format(_short(wanted))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, dict | list) and len(text) > _SHOWN:
        return _kind_of(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _kind_of(value: Any) -> str:
    names = (
        (bool, "boolean"),
        (dict, "object"),
        (list, "array"),
        (str, "string"),
        (int, "integer"),
    )
    for type_, name in names:
        if isinstance(value, type_):
            return _TYPES[name]
    return _TYPES["null" if value is None else "number"]
