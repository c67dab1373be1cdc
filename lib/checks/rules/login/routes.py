"""By which certificate routed hosts are served, and what leads to them in the DNS.

Source: docs/content/https/tls.md of traefik/traefik; source/traefik_proxy.go of
kubernetes-sigs/external-dns v0.21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lib.checks.certificates import by_secret
from lib.checks.charts import charts
from lib.checks.hosts import parent
from lib.checks.traefik_objects import INGRESS_ROUTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place


# --- certificates ------------------------------------------------------------------------------


class Certificates:
    """The certificates that Traefik serves; ask for ``model.derived(Certificates)``.

    Attributes:
        served: The ones that routes or the default store name: where, and the Certificate.
        has_default: Whether anything names a certificate for the routes that name none.
        are_known: Whether all certificates that Traefik is told to serve are in the set.
    """

    def __init__(self, model: Model) -> None:
        self._by_secret = model.derived(by_secret)
        default = [*_default_store(model)]
        self.has_default = bool(default)
        named = [*default, *_of_routes(model)]
        found = [self._by_secret.get(each) for each in dict.fromkeys(named)]
        self.are_known = None not in found
        self.served = tuple(each for each in found if each is not None)
        self._names = {
            name.text().lower() for each in self.served for name in each.each("spec", "dnsNames")
        }

    def cover(self, host: str) -> bool:
        """Whether one of them is good for a host."""
        host = host.lower()
        return host in self._names or f"*.{parent(host)}" in self._names

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
