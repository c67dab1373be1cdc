"""Judge terraform/*.tf by the provider's schema: every argument, in every nested object.

Terraform itself drops a misspelt key inside a nested object without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tests.terraform.hcl import Block, Expression, bare, entries, first_line, trees
from tests.terraform.sample import UNKNOWN, NoSuchNameError, Scope, bind, evaluate, first

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

META: Final = {"count", "for_each", "depends_on", "provider"}
TYPES: Final = {"string": (str,), "number": (int, float), "bool": (bool,)}

Schema = Mapping[str, Any]


def judge(blocks: Sequence[Block], schema: Schema, plan: Schema, cluster: Schema) -> list[str]:
    """Return what is wrong, one line each.

    Args:
        blocks: All blocks of the configuration.
        schema: The provider's structure, as schemas/terraform/ keeps it.
        plan: The outputs of modules/plan.
        cluster: The decoded cluster file.
    """
    scope = _scope(blocks, schema, plan, cluster)
    return [
        f"{block.where}: {block.name}: {problem}"
        for block in blocks
        if block.kind in {"resource", "data"}
        for problem in _block(block, schema, scope)
    ]


def _scope(blocks: Sequence[Block], schema: Schema, plan: Schema, cluster: Schema) -> Scope:
    resources: dict[str, Any] = {"data": {}}
    for block in blocks:
        if block.kind in {"resource", "data"}:
            kind, name = block.labels
            known = schema[block.kind].get(kind)
            value = _sample_of(known) if known is not None else UNKNOWN
            into = resources if block.kind == "resource" else resources["data"]
            many = {"count", "for_each"} & set(block.attributes)
            into.setdefault(kind, {})[name] = {"sample": value} if many else value
    variables = {block.labels[0]: UNKNOWN for block in blocks if block.kind == "variable"}
    values = {
        **resources,
        "var": variables,
        "path": {"module": "."},
        "module": {"plan": plan},
        "local": {"cluster": cluster},
    }
    found = [block.attributes for block in blocks if block.kind == "locals"]
    own = {name: value for each in found for name, value in each.items() if name != "cluster"}
    return Scope(values=values, locals=own)


def _sample_of(attributes: Schema) -> dict[str, Any]:
    return {name: _sample(attribute) for name, attribute in attributes.items()}


def _sample(attribute: Schema) -> Any:
    if "attributes" in attribute:
        inner = _sample_of(attribute["attributes"])
        return inner if attribute["nesting"] == "single" else [inner]
    return _sample_of_type(attribute["type"])


def _sample_of_type(kind: Any) -> Any:
    if isinstance(kind, list):
        element = _sample_of_type(kind[1])
        return {"sample": element} if kind[0] == "map" else [element]
    return {"string": "sample", "number": 1, "bool": True}[kind]


def _block(block: Block, schema: Schema, scope: Scope) -> Iterator[str]:
    attributes = schema[block.kind].get(block.labels[0])
    if attributes is None:
        yield f"the provider has no {block.kind} {block.labels[0]}"
        return
    try:
        if "for_each" in block.attributes:
            value = first(evaluate(block.attributes["for_each"], scope))
            scope = scope.with_(each={"key": "sample", "value": value})
        given = {key: value for key, value in block.attributes.items() if key not in META}
        yield from _object(given, attributes, scope)
    except NoSuchNameError as error:
        yield f"{error} does not exist"
    for inner in block.blocks:
        if inner.kind not in {"lifecycle", "provisioner"}:
            yield f"{inner.kind} is written as a block; the provider has attributes alone"


def _object(given: Mapping[str, Expression], attributes: Schema, scope: Scope) -> Iterator[str]:
    for key, value in given.items():
        attribute = attributes.get(key)
        if attribute is None:
            yield f"{key}: there is no such argument"
        elif not attribute.get("required") and not attribute.get("optional"):
            yield f"{key}: the provider sets it, nobody else"
        else:
            for problem in _value(value, attribute, scope):
                yield f"{key}{problem}"
    for key, attribute in attributes.items():
        if attribute.get("required") and key not in given:
            yield f"{key}: it is required, and missing"


def _value(expression: Expression, attribute: Schema, scope: Scope) -> Iterator[str]:
    expression = bare(expression)
    if expression.data == "conditional":
        for branch in trees(expression)[1:]:
            yield from _value(branch, attribute, scope)
    elif "attributes" in attribute:
        yield from _nested(expression, attribute, scope)
    else:
        yield from _typed(evaluate(expression, scope), attribute["type"], first_line(expression))


def _nested(expression: Expression, attribute: Schema, scope: Scope) -> Iterator[str]:
    kind, attributes = str(expression.data), attribute["attributes"]
    many = attribute["nesting"] != "single"
    if kind == "literal_value" and evaluate(expression, scope) is None:
        return
    if kind == "object" and not many:
        for problem in _object(entries(expression), attributes, scope):
            yield f".{problem}"
    elif kind == "tuple" and many:
        for each in trees(expression):
            yield from _nested(bare(each), {**attribute, "nesting": "single"}, scope)
    elif kind == "for_tuple_expr" and many:
        element = bare(trees(expression)[1])
        inner = bind(expression, scope)
        yield from _nested(element, {**attribute, "nesting": "single"}, inner)
    else:
        # Written out, so that each key is visible here, and judged.
        yield f": {'a list of objects' if many else 'an object'} has to be written out"


def _typed(value: Any, kind: Any, line: int) -> Iterator[str]:
    if value is UNKNOWN or value is None:
        return
    if isinstance(kind, list):
        wanted: Any = dict if kind[0] == "map" else list
        if not isinstance(value, wanted):
            yield f": line {line} gives {_what(value)} where a {kind[0]} of {kind[1]} belongs"
        for element in value if isinstance(value, list) else []:
            yield from _typed(element, kind[1], line)
    elif not isinstance(value, TYPES[kind]) or isinstance(value, bool) != (kind == "bool"):
        yield f": line {line} gives {_what(value)} where a {kind} belongs"


def _what(value: Any) -> str:
    names = {str: "string", bool: "bool", int: "number", float: "number", list: "list"}
    return f"a {names.get(type(value), 'map')}"
