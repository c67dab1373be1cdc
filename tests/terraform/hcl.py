"""Read HCL: the blocks of terraform/*.tf, and what their expressions are made of.

The parser gives a syntax tree; the functions here name its parts, so that the judge reads like a
list of what can be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import hcl2
from lark import Token, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Expression = Tree[Token]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block: `resource "sakura_disk" "agent" { ... }`."""

    kind: str
    labels: tuple[str, ...]
    where: str
    attributes: Mapping[str, Expression]
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        """How other expressions refer to it, such as `data.sakura_archive.ubuntu`."""
        return ".".join((*(["data"] if self.kind == "data" else []), *self.labels))

    def inner(self, kind: str) -> list[Block]:
        """Return the blocks of one kind that stand in it."""
        return [block for block in self.blocks if block.kind == kind]


def read(path: Path) -> tuple[Block, ...]:
    """Return the blocks of a file."""
    return blocks(path.read_text(encoding="utf-8"), path.name)


def blocks(text: str, file: str) -> tuple[Block, ...]:
    """Return the blocks of a text."""
    start = hcl2.parses_to_tree(text)
    (body,) = children(start, "body")
    return _body(body, file)[1]


def _body(body: Expression, file: str) -> tuple[dict[str, Expression], tuple[Block, ...]]:
    attributes = {}
    for attribute in children(body, "attribute"):
        name, value = trees(attribute)
        attributes[text_of(name)] = value
    return attributes, tuple(_block(block, file) for block in children(body, "block"))


def _block(block: Expression, file: str) -> Block:
    kind, *labels, body = trees(block)
    attributes, inner = _body(body, file)
    return Block(
        kind=text_of(kind),
        labels=tuple(text_of(label) for label in labels),
        where=f"{file}:{first_line(block)}",
        attributes=attributes,
        blocks=inner,
    )


def trees(tree: Expression) -> list[Expression]:
    """Return the parts of a tree that mean something: no punctuation, no comments."""
    return [
        child
        for child in tree.children
        if isinstance(child, Tree) and child.data != "new_line_or_comment"
    ]


def children(tree: Expression, kind: str) -> list[Expression]:
    """Return the parts of one kind."""
    return [child for child in trees(tree) if child.data == kind]


def text_of(tree: Expression) -> str:
    """Return a name, or a text without the quotes around it."""
    return "".join(str(token) for token in tree.scan_values(_any)).strip('"')


def _any(_: object) -> bool:
    return True


def first_line(tree: Expression) -> int:
    """Return the line on which it begins."""
    tokens: Iterator[Token] = tree.scan_values(_any)
    return next((token.line for token in tokens if token.line is not None), 0)


def bare(expression: Expression) -> Expression:
    """Return the expression without what only wraps it: parentheses."""
    while expression.data == "expr_term" and len(trees(expression)) == 1:
        (expression,) = trees(expression)
    return expression


def entries(expression: Expression) -> dict[str, Expression]:
    """Return an object's keys with their values."""
    found = {}
    for element in children(expression, "object_elem"):
        key, value = trees(element)
        found[text_of(key)] = value
    return found
