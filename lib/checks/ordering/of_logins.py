"""Who speaks to whom over the network to let people in: needed for the work, not for the start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib.checks.ordering.need import Need, Strength, Unit
from lib.checks.ordering.providers import of_chart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.ordering.providers import Providers
    from lib.checks.place import Place

INGRESS_ROUTE = "IngressRoute.traefik.io"
MIDDLEWARE = "Middleware.traefik.io"
# The settings that name an OpenID Connect issuer, in all spellings of keys and of shell scripts.
_ISSUER = re.compile(r"(?i)(?:issuer|discovery)[a-z_-]*[\"']?\s*[=:]\s*[\"']?https://([a-z0-9.-]+)")
_HOST = re.compile(r"\bHost\(`([^`]+)`")
# http://<service>.<namespace>[.svc...]
_SERVICE = re.compile(
    r"https?://(?P<service>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)(?:\.svc|[:/]|$)"
)


class Logins:
    """Finds who answers for a host or a Service; made once per model."""

    def __init__(self, model: Model, providers: Providers) -> None:
        self._hosts: dict[str, Document] = {}
        for route in model.of(INGRESS_ROUTE):
            for rule in route.each("spec", "routes"):
                for host in _HOST.findall(rule.text("match")):
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
        for leaf in values.leaves():
            if not isinstance(leaf.value, str) or "https://" not in leaf.value:
                continue
            key = leaf.pointer.rpartition("/")[2]
            text = leaf.value if "\n" in leaf.value else f"{key}: {leaf.value}"
            for host in _ISSUER.findall(text):
                route = self._hosts.get(host)
                if route is not None:
                    yield self._need(consumer, leaf, Unit(route), f"{host}, for its logins")

    def of_chart(self, chart: Chart) -> Iterator[Need]:
        """The issuer that a chart's values name."""
        yield from self.of_texts(of_chart(chart), chart.values)

    def _need(self, consumer: Unit, place: Place, provider: Unit, what: str) -> Need:
        return Need(
            consumer=consumer,
            place=place,
            provider=provider,
            what=what,
            strength=Strength.LATER,
        )
