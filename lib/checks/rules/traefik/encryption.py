"""T01: nothing that a visitor sends is readable on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.charts import TYPES, installed_by
from lib.checks.middlewares import middlewares
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.traefik.values import CHARTS
from lib.checks.traefik_objects import HTTP_ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

# The names that Traefik's chart gives to ports 80 and 443.
_PLAIN, _ENCRYPTED = "web", "websecure"
# Of the chart's port, in its later versions and in its first ones.
_REDIRECTIONS = (("http", "redirections"), ("redirections",), ("redirectTo",))


def _is_encrypted(document: Document, model: Model) -> Iterator[Problem]:
    if document.type in HTTP_ROUTES:
        yield from _encrypted(document, model)
    for chart in installed_by(document, model):
        if chart.name in CHARTS:
            yield from _redirected(chart, model)


def _encrypted(route: Document, model: Model) -> Iterator[Problem]:
    spec = route.at("spec")
    if spec.items("parentRefs"):  # the parent has the entry points
        return
    entries = [each.text() for each in spec.each("entryPoints")]
    if spec.at("tls"):
        if set(entries) == {_PLAIN}:
            yield spec.at("entryPoints").problem(
                f"the route has tls, and {_PLAIN} is where nobody speaks it: {_ENCRYPTED}"
            )
    elif _ENCRYPTED in entries:
        yield spec.problem(f"the route is on {_ENCRYPTED} and has no tls")
    elif not entries:
        yield spec.problem("the route names no entryPoints and has no tls: it answers unencrypted")
    elif _PLAIN in entries:
        yield from (
            each.problem(f"the route answers on {_PLAIN}, unencrypted, with more than a redirect")
            for each in spec.each("routes")
            if not _only_redirects(each, route, model)
        )


def _only_redirects(rule: Place, route: Document, model: Model) -> bool:
    """Whether a middleware sends all to https; one that is not in the set may do so."""
    return any(
        each is None or each.text("spec", "redirectScheme", "scheme") == "https"
        for each in middlewares(rule, route, model)
    )


def _redirected(chart: Chart, model: Model) -> Iterator[Problem]:
    """The problem that nothing sends visitors of port 80 to where the routes are."""
    port = chart.values.at("ports", _PLAIN)
    redirects = any(port.at(*way) for way in _REDIRECTIONS)
    closed = "ports" in chart.values.mapping() and _PLAIN in chart.values.mapping("ports")
    closed = (closed and port.value is None) or port.get("expose", "default") is False
    routes = model.of(*HTTP_ROUTES)
    if not (model.context.complete and chart.complete and routes) or redirects or closed:
        return
    given = (each.text().lower() for each in chart.values.each("additionalArguments"))
    by_route = any(_PLAIN in route.root.items("spec", "entryPoints") for route in routes)
    if not by_route and not any(".redirections." in each for each in given):
        yield port.problem(
            f"nothing on {_PLAIN} sends visitors to {_ENCRYPTED}: who leaves https:// away gets 404"
        )


ENCRYPTED: Rule[Document] = Rule(
    id="T01",
    title="A route is encrypted; what answers on web only redirects",
    severity=Severity.P0,
    reason="Without tls the route answers in clear text, unless its entry point happens to add it: "
    "logins and cookies can be read on the way.",
    source="Traefik: Kubernetes IngressRoute, spec.tls and spec.entryPoints",
    fix="Set entryPoints to [websecure] and tls to {}, or add a redirectScheme to https.",
    exempt=Exempt.ANNOTATION,
    types=HTTP_ROUTES,
    subjects=documents(*HTTP_ROUTES, *TYPES),
    check=_is_encrypted,
    good="""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes: [{kind: Rule, match: "Host(`whoami.festival.example`)", services: [{name: web}]}]
  tls: {}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: redirect, namespace: whoami}
spec:
  entryPoints: [web]
  routes:
  - kind: Rule
    match: Host(`whoami.festival.example`)
    middlewares: [{name: to-https}]
    services: [{name: noop@internal, kind: TraefikService}]
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: to-https, namespace: whoami}
spec: {redirectScheme: {scheme: https}}
""",
    bad="""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [web]
  routes: [{kind: Rule, match: "Host(`whoami.festival.example`)", services: [{name: web}]}]
""",
)
