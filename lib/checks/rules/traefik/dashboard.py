"""T02: what Traefik shows of itself needs a login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.document import Document
from lib.checks.middlewares import may_ask_for_login
from lib.checks.rule import Exempt, Rule, Severity
from lib.checks.rules.traefik.values import traefik_values
from lib.checks.traefik_objects import HTTP_ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_API = frozenset({"api@internal", "dashboard@internal", "rest@internal"})


def _subjects(model: Model) -> Iterable[Document | Place]:
    yield from model.of(*HTTP_ROUTES)
    yield from model.derived(traefik_values)


def _guarded(subject: Document | Place, model: Model) -> Iterator[Problem]:
    if isinstance(subject, Document):
        for route in subject.each("spec", "routes"):
            yield from _route(route, subject, model)
        return
    insecure = subject.at("api", "insecure")
    if insecure.value is True:
        yield insecure.problem("the API answers anyone on the entry point traefik")
    dashboard = subject.at("ingressRoute", "dashboard")
    entries = {each.text() for each in dashboard.each("entryPoints")}
    # The chart's own entry point for it is closed, unless its Service has the port too.
    reached = bool(entries - {"traefik"}) or _is_exposed(subject.at("ports", "traefik", "expose"))
    if dashboard.get("enabled") is True and reached and not dashboard.items("middlewares"):
        yield dashboard.problem("the chart's own route to the dashboard has no login")


def _is_exposed(expose: Place) -> bool:
    """By Services: ``default`` and others; one switch for all in the chart's first versions."""
    return expose.value is True or any(each is True for each in expose.mapping().values())


def _route(route: Place, document: Document, model: Model) -> Iterator[Problem]:
    for service in route.each("services"):
        name = service.text("name")
        if name in _API and not may_ask_for_login(route, document, model):
            yield service.at("name").problem(f"{name} has no middleware that asks for a login")


GUARDED: Rule[Any] = Rule(
    id="T02",
    title="Traefik's dashboard and API ask for a login",
    severity=Severity.P0,
    reason="They show every route, address and middleware of the cluster, and have no login of "
    "their own.",
    source="Traefik: API and dashboard, Security",
    fix="Put a forwardAuth or basicAuth first on the route, and leave api.insecure off.",
    exempt=Exempt.NEVER,
    types=HTTP_ROUTES,
    subjects=_subjects,
    check=_guarded,
    good="""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: dashboard, namespace: traefik}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`traefik.festival.example`)
    middlewares: [{name: login}]
    services: [{name: api@internal, kind: TraefikService}]
  tls: {}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: traefik}
spec: {forwardAuth: {address: "http://oauth2-proxy.oauth2-proxy.svc.cluster.local/"}}
""",
    bad="""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: dashboard, namespace: traefik}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`traefik.festival.example`)
    middlewares: [{name: office}]
    services: [{name: api@internal, kind: TraefikService}]
  tls: {}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: office, namespace: traefik}
spec: {ipAllowList: {sourceRange: [203.0.113.0/24]}}
---
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: traefik, namespace: kube-system}
spec:
  chart: traefik
  repo: https://traefik.github.io/charts
  version: 41.3.0
  targetNamespace: traefik
  values: {api: {insecure: true}}
""",
)
