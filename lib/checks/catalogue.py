"""The catalogue: every rule there is, family by family, in the order in which they are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.checks.nearest import did_you_mean
from lib.checks.rules import (
    argocd,
    exceptions,
    files,
    login,
    network,
    order,
    platform,
    rbac,
    references,
    schema,
    secrets,
    traefik,
    tree,
    workloads,
)
from lib.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lib.checks.rule import Rule


@dataclass(frozen=True)
class Family:
    """Rules about one matter.

    Attributes:
        title: What they are about.
        rules: In the order of their ids.
    """

    title: str
    rules: tuple[Rule[Any], ...]


FAMILIES = (
    Family("Files", files.RULES),
    Family("Schemas", schema.RULES),
    Family("Secrets", secrets.RULES),
    Family("Argo CD", argocd.RULES),
    Family("Workloads", workloads.RULES),
    Family("Access", rbac.RULES),
    Family("Network", network.RULES),
    Family("Traefik", traefik.RULES),
    Family("Platform", platform.RULES),
    Family("References", references.RULES),
    Family("Order", order.RULES),
    Family("Login", login.RULES),
    Family("The tree", tree.RULES),
    Family("Exceptions", exceptions.RULES),
)
RULES: dict[str, Rule[Any]] = {rule.id: rule for family in FAMILIES for rule in family.rules}


def chosen(wanted: Iterable[str]) -> tuple[Rule[Any], ...]:
    """The rules of these ids, or of these letters; all where none is wanted.

    Raises:
        ConfigError: There is no such rule.
    """
    names = [name.strip().upper() for name in wanted]
    for name in names:
        if not any(_fits(name, id_) for id_ in RULES):
            meant = did_you_mean(name, RULES, cutoff=0.4)
            raise ConfigError(f"there is no rule {name!r}{meant}")
    return tuple(
        rule for id_, rule in RULES.items() if not names or any(_fits(name, id_) for name in names)
    )


def _fits(name: str, id_: str) -> bool:
    return id_ == name or (len(name) == 1 and id_.startswith(name))
