"""T02: what Traefik shows of itself needs a login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.document import Document
from lib.checks.rule import Exempt, Rule, Severity
from lib.checks.rules.traefik.values import traefik_values
from lib.checks.traefik_objects import HTTP_ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_API = frozenset({"api@internal", "dashboard@internal", "rest@internal"})
_LOGINS = ("basicAuth", "digestAuth", "forwardAuth")
# Chains of middlewares that name chains; Traefik itself refuses one that comes back to itself.
_DEEPEST = 8


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
    if (
        dashboard.get("enabled") is True
        and entries - {"traefik"}
        and not dashboard.items("middlewares")
    ):
        yield dashboard.problem("the chart's own route to the dashboard has no login")


def _route(route: Place, document: Document, model: Model) -> Iterator[Problem]:
    for service in route.each("services"):
        name = service.text("name")
        if name in _API and not _asks(route, document, model):
            yield service.at("name").problem(f"{name} has no middleware that asks for a login")


def _asks(holder: Place, document: Document, model: Model, depth: int = 0) -> bool:
    """Whether a middleware asks for a login; one that is not in the set may do so."""
    for each in holder.each("middlewares"):
        namespace = each.text("namespace") or document.namespace
        found = model.get(f"Middleware.{document.group}", namespace, each.text("name"))
        if found is None:
            return True
        if any(found.at("spec", key) for key in _LOGINS):
            return True
        if depth < _DEEPEST and _asks(found.at("spec", "chain"), found, model, depth + 1):
            return True
    return False


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
