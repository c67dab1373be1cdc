"""The middlewares that requests go through on a route of Traefik's, those of chains too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place

# Chains that name chains; Traefik itself refuses one that comes back to itself.
_DEEPEST = 8
_LOGINS = ("basicAuth", "digestAuth", "forwardAuth")


def middlewares(
    holder: Place, owner: Document, model: Model, depth: int = 0
) -> Iterator[Document | None]:
    """Each of them; None for one that is not in the set, and may do anything.

    Args:
        holder: What has ``middlewares``: a route of an IngressRoute, or a chain.
        owner: The object that it is in.
        model: The set.
        depth: How many chains are around it.
    """
    for each in holder.each("middlewares"):
        namespace = each.text("namespace") or owner.namespace
        found = model.get(f"Middleware.{owner.group}", namespace, each.text("name"))
        yield found
        if found is not None and depth < _DEEPEST:
            yield from middlewares(found.at("spec", "chain"), found, model, depth + 1)


def may_ask_for_login(
    route: Place, owner: Document, model: Model, *, by: tuple[str, ...] = ()
) -> bool:
    """Whether a middleware asks who somebody is, or is unknown; ``by``: what else may ask."""
    return any(
        each is None or any(each.at("spec", kind) for kind in (*_LOGINS, *by))
        for each in middlewares(route, owner, model)
    )
