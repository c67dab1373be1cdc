"""Who speaks to whom over the network to let people in: most need it for the work alone.

Argo CD, Vault and the API server start without their issuer, and ask it when somebody logs in.
oauth2-proxy asks for the issuer's configuration first, and ends without it (NewOIDCProvider in
providers/oidc.go of oauth2-proxy/oauth2-proxy).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib.checks.hosts import hosts_of
from lib.checks.ordering.need import Need, Strength, Unit
from lib.checks.ordering.providers import of_chart
from lib.checks.traefik_objects import INGRESS_ROUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.ordering.providers import Providers
    from lib.checks.place import Place

# The settings that name an OpenID Connect issuer, in all spellings of keys and of shell scripts.
_ISSUER = re.compile(r"(?i)(?:issuer|discovery)[a-z_-]*[\"']?\s*[=:]\s*[\"']?https://([a-z0-9.-]+)")
_AT_START = frozenset({"oauth2-proxy"})
# By which it is told all that it would ask for.
_TOLD = re.compile(r"skip[-_]oidc[-_]discovery[\"']?\s*[=:]\s*[\"']?true")
# http://<service>.<namespace>[.svc...]
_SERVICE = re.compile(
    r"https?://(?P<service>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)(?:\.svc|[:/]|$)"
)


class Logins:
    """Finds who answers for a host or a Service; made once per model."""

    def __init__(self, model: Model, providers: Providers) -> None:
        self._hosts: dict[str, Document] = {}
        for route in model.of(INGRESS_ROUTE):
            for host, _ in hosts_of(route):
                self._hosts.setdefault(host, route)
        self._charts: dict[str, Unit] = {}
        for chart in providers.charts:
            self._charts.setdefault(chart.namespace, of_chart(chart))
        self._model = model

    def of_middleware(self, middleware: Document) -> Iterator[Need]:
        """Whoever a forwardAuth asks about each request."""
        place = middleware.at("spec", "forwardAuth", "address")
        found = _SERVICE.match(place.text())
        if found is None:
            return
        service = self._model.get("Service", found["namespace"], found["service"])
        unit = Unit(service) if service and not service.provided_by else None
        provider = unit or self._charts.get(found["namespace"])
        if provider is not None:
            what = f"{found['service']}, which it asks about each request"
            yield self._need(Unit(middleware), place, provider, what)

    def of_texts(self, consumer: Unit, values: Place) -> Iterator[Need]:
        """The issuer that settings name, by its route."""
        for leaf, host, route in self._issuers(values):
            yield self._need(consumer, leaf, Unit(route), f"{host}, for its logins")

    def of_chart(self, chart: Chart) -> Iterator[Need]:
        """The issuer that a chart's values name."""
        consumer = of_chart(chart)
        told = any(_TOLD.search(_line(leaf)) for leaf in chart.values.leaves())
        if chart.name not in _AT_START or told:
            yield from self.of_texts(consumer, chart.values)
            return
        for leaf, host, route in self._issuers(chart.values):
            what = f"{host}, without which it does not start"
            issuer = self._charts.get(route.namespace)
            for provider in filter(None, (Unit(route), issuer)):
                yield self._need(consumer, leaf, provider, what, strength=Strength.START)

    def _issuers(self, values: Place) -> Iterator[tuple[Place, str, Document]]:
        """Where settings name an issuer, its host, and the host's route."""
        for leaf in values.leaves():
            if isinstance(leaf.value, str) and "https://" in leaf.value:
                for host in _ISSUER.findall(_line(leaf)):
                    if host in self._hosts:
                        yield leaf, host, self._hosts[host]

    def _need(
        self,
        consumer: Unit,
        place: Place,
        provider: Unit,
        what: str,
        *,
        strength: Strength = Strength.LATER,
    ) -> Need:
        return Need(consumer=consumer, place=place, provider=provider, what=what, strength=strength)


def _line(leaf: Place) -> str:
    """A setting as a line of its file; a file as it is."""
    text = "true" if leaf.value is True else str(leaf.value)
    return text if "\n" in text else f"{leaf.pointer.rpartition('/')[2]}: {text}"
