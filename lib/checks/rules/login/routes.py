"""Hosts: which are routed, by which certificate they are served, and what leads to them in the DNS.

Source: docs/content/reference/routing-configuration and docs/content/https/tls.md of
traefik/traefik; source/traefik_proxy.go of kubernetes-sigs/external-dns v0.21.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from lib.checks.charts import charts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place

INGRESS_ROUTE = "IngressRoute.traefik.io"
CERTIFICATE = "Certificate.cert-manager.io"
_KINDS = (INGRESS_ROUTE, "Ingress.networking.k8s.io", "HTTPRoute.gateway.networking.k8s.io")
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
    elif route.kind == "Ingress":
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
        self._domains = {_parent(host) for host in self._routes}

    def __iter__(self) -> Iterator[str]:
        """All hosts."""
        return iter(self._routes)

    def of(self, host: str) -> list[Route]:
        """The routes of a host."""
        host = host.lower()
        return self._routes.get(host) or self._routes.get(f"*.{_parent(host)}", [])

    def decides(self, host: str) -> bool:
        """Whether a host without a route has none, rather than one elsewhere.

        In a part of a cluster only where the set routes the host's neighbours.
        """
        return self._complete or _parent(host.lower()) in self._domains


def _parent(host: str) -> str:
    return host.partition(".")[2]


def covers(name: str, host: str) -> bool:
    """Whether a name of a certificate, or of the DNS, is the host's (RFC 6125: one label)."""
    name, host = name.lower(), host.lower()
    return name == host or (name.startswith("*.") and name[2:] == _parent(host))


# --- certificates ------------------------------------------------------------------------------


class Certificates:
    """The certificates that Traefik serves; ask for ``model.derived(Certificates)``.

    Attributes:
        served: The ones that routes or the default store name: where, and the Certificate.
        has_default: Whether anything names a certificate for the routes that name none.
        are_known: Whether all certificates that Traefik is told to serve are in the set.
    """

    def __init__(self, model: Model) -> None:
        self._by_secret = {
            (each.namespace, each.text("spec", "secretName")): each
            for each in model.of(CERTIFICATE)
        }
        default = [*_default_store(model)]
        self.has_default = bool(default)
        named = [*default, *_of_routes(model)]
        found = [self._by_secret.get(each) for each in dict.fromkeys(named)]
        self.are_known = None not in found
        self.served = tuple(each for each in found if each is not None)
        self._names = {
            name.text(): each for each in self.served for name in each.each("spec", "dnsNames")
        }

    def cover(self, host: str) -> bool:
        """Whether one of them is good for a host."""
        return any(covers(name, host) for name in (host.lower(), f"*.{_parent(host.lower())}")
                   if name in self._names)  # fmt: skip

    def named(self, route: Document) -> Document | None:
        """The Certificate that a route names itself, where it is in the set."""
        return self._by_secret.get((route.namespace, route.text("spec", "tls", "secretName")))


def _default_store(model: Model) -> Iterator[tuple[str, str]]:
    """Namespace and Secret of what is served to routes that name no certificate."""
    for store in model.of("TLSStore.traefik.io"):
        if store.name == "default":
            yield from _of_store(store.namespace, store.at("spec"))
    for chart in model.derived(charts):
        if chart.name in {"traefik", "rke2-traefik"}:
            store_place = chart.values.at("tlsStore", "default")
            if store_place:
                yield from _of_store(chart.namespace, store_place)


def _of_store(namespace: str, store: Place) -> Iterator[tuple[str, str]]:
    for each in (store.at("defaultCertificate"), *store.each("certificates")):
        if each.text("secretName"):
            yield namespace, each.text("secretName")


def _of_routes(model: Model) -> Iterator[tuple[str, str]]:
    for route in model.of(INGRESS_ROUTE):
        if name := route.text("spec", "tls", "secretName"):
            yield route.namespace, name


# --- names in the DNS --------------------------------------------------------------------------


class Names(NamedTuple):
    """How external-dns names routes; ask for ``model.derived(external_dns)``.

    Attributes:
        prefix: Of its annotations, with the slash.
        domains: The domains that it keeps; empty for all.
    """

    prefix: str
    domains: tuple[str, ...]

    def keeps(self, host: str) -> bool:
        """Whether a host lies in one of its domains."""
        return not self.domains or any(
            host.endswith(each) if each.startswith(".") else f".{host}".endswith(f".{each}")
            for each in self.domains
        )


def external_dns(model: Model) -> Names | None:
    """The external-dns that looks at Traefik's routes; None where the set has none."""
    for chart in model.derived(charts):
        if chart.name == "external-dns" and "traefik-proxy" in chart.values.items("sources"):
            prefix = chart.values.text("annotationPrefix") or "external-dns.alpha.kubernetes.io/"
            domains = [
                each for each in chart.values.items("domainFilters") if isinstance(each, str)
            ]
            return Names(prefix, tuple(domains))
    return None


def other_names(model: Model) -> Mapping[str, Document]:
    """Names in the DNS that no route brings: name -> the object that does."""
    return {
        endpoint.text("dnsName"): document
        for document in model.of("DNSEndpoint.externaldns.k8s.io")
        for endpoint in document.each("spec", "endpoints")
    }
