"""Circles in a graph: the shortest one in each knot of things that wait for each other."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

Node = TypeVar("Node", bound="Hashable")
Edge = tuple[Node, str]


def cycles(
    nodes: Iterable[Node], edges: Callable[[Node], Sequence[Edge[Node]]]
) -> list[list[Edge[Node]]]:
    """One circle per knot.

    Args:
        nodes: Where to look, in the order in which knots are told.
        edges: What a node waits for, and why.

    Returns:
        For each circle its nodes, each with why it waits for the next, the last for the first.
    """
    known = {node: edges(node) for node in nodes}
    found = []
    for knot in _knots(known):
        inside = set(knot)
        start = next(node for node in known if node in inside)
        way = _shortest(start, inside, known)
        found.append(way)
    order = {node: number for number, node in enumerate(known)}
    return sorted(found, key=lambda circle: order[circle[0][0]])


def _knots(known: dict[Node, Sequence[Edge[Node]]]) -> list[list[Node]]:
    """Strongly connected parts with more than one node (Tarjan's way, without recursion)."""
    number: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    found: list[list[Node]] = []
    for root, first in known.items():
        if root in number:
            continue
        work = [(root, iter(first))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is not None:
                other = following[0]
                if other not in number:
                    number[other] = low[other] = len(number)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(known.get(other, ()))))
                elif other in on_stack:
                    low[node] = min(low[node], number[other])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == number[node]:
                place = stack.index(node)
                part, stack[place:] = stack[place:], []
                on_stack.difference_update(part)
                if len(part) > 1:
                    found.append(part)
    return found


def _shortest(
    start: Node, inside: set[Node], known: dict[Node, Sequence[Edge[Node]]]
) -> list[Edge[Node]]:
    """The shortest way from a node of a knot back to it."""
    came: dict[Node, Edge[Node]] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other, why in known.get(node, ()):
            if other == start:
                circle = [(node, why)]
                while circle[0][0] != start:
                    circle.insert(0, came[circle[0][0]])
                return circle
            if other in inside and other not in came:
                came[other] = (node, why)
                queue.append(other)
    raise AssertionError("a knot without a circle")
