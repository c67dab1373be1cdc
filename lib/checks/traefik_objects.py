"""What Traefik's custom resources name: Services, Middlewares, Secrets; each with its place.

Source: docs/content/reference/routing-configuration/kubernetes/crd of traefik/traefik.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lib.checks.document import Document
    from lib.checks.place import Place

# The keys that a Secret needs; each as the names of which one is enough.
Needs: TypeAlias = tuple[tuple[str, ...], ...]
# What Traefik reads from the Secrets of certificates, and from those of a CA.
_PAIR: Needs = (("tls.crt",), ("tls.key",))
_CA: Needs = (("ca.crt", "tls.ca"),)
# The second is the group of Traefik 2, which Traefik 3 no longer reads.
GROUPS = ("traefik.io", "traefik.containo.us")


def types(*kinds: str) -> tuple[str, ...]:
    """These kinds of Traefik's, in both of its groups."""
    return tuple(f"{kind}.{group}" for group in GROUPS for kind in kinds)


HTTP_ROUTES = types("IngressRoute")
INGRESS_ROUTE = HTTP_ROUTES[0]
MIDDLEWARE = types("Middleware")[0]
TCP_ROUTES = types("IngressRouteTCP")
ROUTES = types("IngressRoute", "IngressRouteTCP", "IngressRouteUDP")
_KINDS = (
    "IngressRoute",
    "IngressRouteTCP",
    "IngressRouteUDP",
    "Middleware",
    "ServersTransport",
    "TLSOption",
    "TLSStore",
    "TraefikService",
)
# All kinds that name others.
NAMING = types(*_KINDS)
# What Traefik itself provides, such as api@internal.
INTERNAL = "@internal"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One object that another one names.

    Attributes:
        type: The type of what is named: ``Service``, ``Middleware.traefik.io``.
        place: Where the name stands.
        name: The name.
        beside: What holds the namespace that is given beside it; None where it cannot be given.
        backend: Of a Service: the place that also holds the port; else None.
        needs: Of a Secret or ConfigMap: the keys that Traefik reads.
    """

    type: str
    place: Place
    name: str
    beside: Place | None = None
    backend: Place | None = None
    needs: Needs = ()

    @property
    def namespaced(self) -> Place:
        """Where the namespace stands that is given beside the name, if one is."""
        return self.beside.at("namespace") if self.beside is not None else self.place

    @property
    def given(self) -> str:
        """The namespace that is given beside it; empty where none is."""
        return self.beside.text("namespace") if self.beside is not None else ""

    @property
    def namespace(self) -> str:
        """The namespace in which Traefik looks for it."""
        return self.given or self.place.document.namespace

    @property
    def is_foreign(self) -> bool:
        """Whether another provider has it, as in ``name@file``; no object stands for it."""
        return "@" in self.name


def references(document: Document) -> Iterator[Reference]:
    """Everything that one of Traefik's objects names."""
    reader = _READERS.get(document.kind)
    if reader is not None and document.group in GROUPS:
        yield from reader(document.at("spec"), document.group)


def backends(document: Document) -> Iterator[Reference]:
    """The Services and TraefikServices that it names."""
    return (each for each in references(document) if each.backend is not None)


def _named(
    place: Place, type_: str, *, beside: Place | None = None, needs: Needs = ()
) -> Iterator[Reference]:
    """The name at ``place``, if there is one, and the namespace that stands ``beside`` it."""
    if place.text():
        yield Reference(type=type_, place=place, name=place.text(), beside=beside, needs=needs)


def _service(
    place: Place, group: str, *, transport: str = "ServersTransport"
) -> Iterator[Reference]:
    name = place.at("name")
    if name.text():
        own = place.text("kind") == "TraefikService"
        yield Reference(
            type=f"TraefikService.{group}" if own else "Service",
            place=name,
            name=name.text(),
            beside=place,
            backend=place,
        )
    yield from _named(place.at("serversTransport"), f"{transport}.{group}")
    yield from _middlewares(place, group)


def _middlewares(place: Place, group: str, *, kind: str = "Middleware") -> Iterator[Reference]:
    for each in place.each("middlewares"):
        yield from _named(each.at("name"), f"{kind}.{group}", beside=each)


def _tls(spec: Place, group: str) -> Iterator[Reference]:
    tls = spec.at("tls")
    yield from _named(tls.at("secretName"), "Secret", needs=_PAIR)
    yield from _named(tls.at("options", "name"), f"TLSOption.{group}", beside=tls.at("options"))
    yield from _named(tls.at("store", "name"), f"TLSStore.{group}", beside=tls.at("store"))


def _http_route(spec: Place, group: str) -> Iterator[Reference]:
    for route in spec.each("routes"):
        yield from _middlewares(route, group)
        for service in route.each("services"):
            yield from _service(service, group)
    for parent in spec.each("parentRefs"):
        yield from _named(parent.at("name"), f"IngressRoute.{group}", beside=parent)
    yield from _tls(spec, group)


def _tcp_route(spec: Place, group: str) -> Iterator[Reference]:
    for route in spec.each("routes"):
        yield from _middlewares(route, group, kind="MiddlewareTCP")
        for service in route.each("services"):
            yield from _service(service, group, transport="ServersTransportTCP")
    yield from _tls(spec, group)


def _udp_route(spec: Place, group: str) -> Iterator[Reference]:
    for route in spec.each("routes"):
        for service in route.each("services"):
            yield from _service(service, group)


def _middleware(spec: Place, group: str) -> Iterator[Reference]:
    yield from _middlewares(spec.at("chain"), group)
    yield from _service(spec.at("errors", "service"), group)
    redis = spec.at("rateLimit", "redis")
    for login in (spec.at("basicAuth"), spec.at("digestAuth"), redis):
        yield from _named(login.at("secret"), "Secret")
    for tls in (spec.at("forwardAuth", "tls"), redis.at("tls")):
        yield from _named(tls.at("caSecret"), "Secret")  # any one key will do
        yield from _named(tls.at("certSecret"), "Secret", needs=_PAIR)


def _servers_transport(spec: Place, _: str) -> Iterator[Reference]:
    for each in spec.each("rootCAs"):
        yield from _named(each.at("secret"), "Secret", needs=_CA)
        yield from _named(each.at("configMap"), "ConfigMap", needs=_CA)
    for key, needs in (("rootCAsSecrets", _CA), ("certificatesSecrets", _PAIR)):
        for each in spec.each(key):
            yield from _named(each, "Secret", needs=needs)


def _tls_option(spec: Place, _: str) -> Iterator[Reference]:
    for each in spec.each("clientAuth", "secretNames"):
        yield from _named(each, "Secret", needs=_CA)


def _tls_store(spec: Place, _: str) -> Iterator[Reference]:
    for each in (*spec.each("certificates"), spec.at("defaultCertificate")):
        yield from _named(each.at("secretName"), "Secret", needs=_PAIR)


def _traefik_service(spec: Place, group: str) -> Iterator[Reference]:
    lists = ("weighted", "services"), ("highestRandomWeight", "services"), ("mirroring", "mirrors")
    for way in lists:
        for service in spec.each(*way):
            yield from _service(service, group)
    for one in (
        spec.at("mirroring"),
        spec.at("failover", "service"),
        spec.at("failover", "fallback"),
    ):
        yield from _service(one, group)


_READERS: dict[str, Callable[[Place, str], Iterator[Reference]]] = {
    "IngressRoute": _http_route,
    "IngressRouteTCP": _tcp_route,
    "IngressRouteUDP": _udp_route,
    "Middleware": _middleware,
    "ServersTransport": _servers_transport,
    "TLSOption": _tls_option,
    "TLSStore": _tls_store,
    "TraefikService": _traefik_service,
}
