"""What an expression of terraform/*.tf would be worth, as far as its type needs to be known.

`module.plan` stands for the outputs of a real run, `local.cluster` for a decoded cluster file, a
resource for a sample of its schema. What cannot be said is `UNKNOWN`; a name that does not exist is
an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from tests.terraform.hcl import Expression, bare, entries, text_of, trees

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNKNOWN: Final = object()
LITERALS: Final = {"true": True, "false": False, "null": None}


class NoSuchNameError(Exception):
    """An expression names what is not there."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What names mean at one place.

    Args:
        values: The first part of a reference -> its value: `module`, `each`, a resource's type.
        locals: The locals that are expressions themselves.
    """

    values: Mapping[str, Any]
    locals: Mapping[str, Expression] = field(default_factory=dict)

    def with_(self, **values: Any) -> Scope:
        """Return the scope with more names, such as those that `for` binds."""
        return replace(self, values={**self.values, **values})


def evaluate(expression: Expression, scope: Scope) -> Any:
    """Return what the expression is worth, or UNKNOWN."""
    expression = bare(expression)
    reader = _READERS.get(str(expression.data))
    return UNKNOWN if reader is None else reader(expression, scope)


def _identifier(expression: Expression, scope: Scope) -> Any:
    return _name(text_of(expression), scope)


def _attribute(expression: Expression, scope: Scope) -> Any:
    whole, part = trees(expression)
    return _get(whole, text_of(part).removeprefix("."), scope)


def _index(expression: Expression, scope: Scope) -> Any:
    return first(evaluate(trees(expression)[0], scope))


def _tuple(expression: Expression, scope: Scope) -> Any:
    return [evaluate(each, scope) for each in trees(expression)]


def _object(expression: Expression, scope: Scope) -> Any:
    return {key: evaluate(value, scope) for key, value in entries(expression).items()}


def _for_tuple(expression: Expression, scope: Scope) -> Any:
    return [evaluate(trees(expression)[1], bind(expression, scope))]


def _for_object(expression: Expression, scope: Scope) -> Any:
    return {"sample": evaluate(trees(expression)[2], bind(expression, scope))}


def _name(name: str, scope: Scope) -> Any:
    if name not in scope.values:
        raise NoSuchNameError(name)
    return scope.values[name]


def _get(whole: Expression, key: str, scope: Scope) -> Any:
    base = bare(whole)
    if base.data == "identifier" and text_of(base) == "local" and key in scope.locals:
        return evaluate(scope.locals[key], scope)
    value = evaluate(whole, scope)
    if value is UNKNOWN or value is None:
        return UNKNOWN
    if not isinstance(value, dict) or key not in value:
        raise NoSuchNameError(f"{text_of(whole)}.{key}")
    return value[key]


def bind(expression: Expression, scope: Scope) -> Scope:
    """Return the scope inside a `for`: its names hold a sample of what it goes through."""
    intro = trees(expression)[0]
    *names, collection = trees(intro)
    names = [name for name in names if name.data == "identifier"]
    whole = evaluate(collection, scope)
    key = next(iter(whole)) if isinstance(whole, dict) and whole else UNKNOWN
    values = (key, first(whole))[-len(names) :]
    return scope.with_(**{text_of(name): value for name, value in zip(names, values, strict=True)})


def first(value: Any) -> Any:
    """Return a sample of what a list, a map or an object holds."""
    if isinstance(value, dict):
        value = list(value.values())
    return value[0] if isinstance(value, list) and value else UNKNOWN


def _either(expression: Expression, scope: Scope) -> Any:
    values = [evaluate(branch, scope) for branch in trees(expression)[1:]]
    return next((value for value in values if value not in (None, {}, [])), None)


def _call(expression: Expression, scope: Scope) -> Any:
    name, *rest = trees(expression)
    arguments = [evaluate(each, scope) for each in trees(rest[0])] if rest else []
    match text_of(name):
        case "slice":
            return arguments[0]
        case "concat":
            lists = [each for each in arguments if isinstance(each, list)]
            return [element for each in lists for element in each]
        case "keys":
            return list(arguments[0]) if isinstance(arguments[0], dict) else UNKNOWN
        case _:
            return UNKNOWN


_READERS: Final[dict[str, Callable[[Expression, Scope], Any]]] = {
    "identifier": _identifier,
    "get_attr_expr_term": _attribute,
    "index_expr_term": _index,
    "tuple": _tuple,
    "object": _object,
    "for_tuple_expr": _for_tuple,
    "for_object_expr": _for_object,
    "conditional": _either,
    "function_call": _call,
    "string": lambda expression, _: text_of(expression),
    "literal_value": lambda expression, _: LITERALS[text_of(expression)],
    "int_lit": lambda expression, _: int(text_of(expression)),
    "float_lit": lambda expression, _: float(text_of(expression)),
}
