"""L01: pods find Dex under the name that people use, where the cluster's DNS says so itself.

Source: plugin/rewrite of coredns/coredns, and values.yaml of coredns/helm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lib.checks.charts import charts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_CHARTS = frozenset({"coredns", "rke2-coredns"})
_TYPES = frozenset({"exact", "prefix", "regex", "substring", "suffix"})


class Rewrite(NamedTuple):
    """A name that CoreDNS answers as if another had been asked for.

    Attributes:
        place: Where it stands.
        host: The name; empty where it is a pattern.
        target: The other name.
    """

    place: Place
    host: str
    target: str


def rewrites(model: Model) -> tuple[Rewrite, ...]:
    """All of them that lead to a Service; ask for ``model.derived(rewrites)``."""
    found = (
        _read(plugin.at("parameters"))
        for chart in model.derived(charts)
        if chart.name in _CHARTS
        for server in chart.values.each("servers")
        for plugin in server.each("plugins")
        if plugin.text("name") == "rewrite"
    )
    return tuple(each for each in found if ".svc" in each.target)


def _read(parameters: Place) -> Rewrite:
    words = [each for each in parameters.text().split() if each not in {"stop", "continue"}]
    kind = words[1] if len(words) > 1 and words[1] in _TYPES else ""
    host, target = (*words[2 if kind else 1 :], "", "")[:2]
    return Rewrite(parameters, host.rstrip(".").lower() if kind in {"", "exact"} else "", target)


def issuer_is_found_inside(host: str, model: Model) -> Iterator[Problem]:
    """The problem that the DNS leads pods to Traefik by other names than the issuer's."""
    found = model.derived(rewrites)
    # A pattern may be good for the host as well.
    if model.context.complete and found and all(each.host not in {"", host} for each in found):
        yield found[0].place.problem(
            f"within the cluster {found[0].host} leads to {found[0].target}, and Dex is {host}: "
            "what logs people in does not find it"
        )
