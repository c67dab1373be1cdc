"""The host names that a set routes, and whether a name of a certificate or of the DNS is one's.

Source: docs/content/reference/routing-configuration of traefik/traefik.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from lib.checks.kinds import INGRESS
from lib.checks.traefik_objects import INGRESS_ROUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place

_KINDS = (INGRESS_ROUTE, INGRESS, "HTTPRoute.gateway.networking.k8s.io")
_HOST = re.compile(r"(?<![!\w])Host(?:SNI)?\((?P<names>[^)]*)\)")
_NAME = re.compile(r"[`\"']([^`\"']+)[`\"']")


class Route(NamedTuple):
    """A host that is routed.

    Attributes:
        host: Its name; of a wildcard with the star.
        place: Where the name stands.
    """

    host: str
    place: Place

    @property
    def document(self) -> Document:
        """The object that routes it."""
        return self.place.document


def hosts_of(route: Document) -> Iterator[Route]:
    """The hosts of an IngressRoute, Ingress or HTTPRoute."""
    if route.type == INGRESS_ROUTE:
        for rule in route.each("spec", "routes"):
            for match in _HOST.finditer(rule.text("match")):
                for name in _NAME.findall(match["names"]):
                    yield Route(name.lower(), rule.at("match"))
    elif route.type == INGRESS:
        for rule in route.each("spec", "rules"):
            if rule.text("host"):
                yield Route(rule.text("host").lower(), rule.at("host"))
    else:
        for place in route.each("spec", "hostnames"):
            if place.text():
                yield Route(place.text().lower(), place)


class Hosts:
    """The routed hosts of a model; ask for ``model.derived(Hosts)``."""

    def __init__(self, model: Model) -> None:
        self._complete = model.context.complete
        self._routes: dict[str, list[Route]] = defaultdict(list)
        for document in model.of(*_KINDS):
            for route in hosts_of(document):
                self._routes[route.host].append(route)
        self._domains = {parent(host) for host in self._routes}

    def __iter__(self) -> Iterator[str]:
        """All hosts."""
        return iter(self._routes)

    def of(self, host: str) -> list[Route]:
        """The routes of a host."""
        host = host.lower()
        return self._routes.get(host) or self._routes.get(f"*.{parent(host)}", [])

    def decides(self, host: str) -> bool:
        """Whether a host without a route has none, rather than one elsewhere.

        In a part of a cluster only where the set routes the host's neighbours.
        """
        return self._complete or parent(host.lower()) in self._domains


def parent(host: str) -> str:
    """What is left of a host name without its first label."""
    return host.partition(".")[2]


def covers(name: str, host: str) -> bool:
    """Whether a name of a certificate, or of the DNS, is the host's (RFC 6125: one label)."""
    name, host = name.lower(), host.lower()
    return name == host or (name.startswith("*.") and name[2:] == parent(host))
