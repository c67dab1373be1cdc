"""T08: Traefik reads the route, and has the entry points that it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lib.checks.charts import Chart, charts
from lib.checks.nearest import did_you_mean
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.traefik.values import CHARTS
from lib.checks.traefik_objects import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

# Those of the chart's own values; `ports` adds to them, and takes away what it sets to null.
_OF_CHART = frozenset({"metrics", "traefik", "web", "websecure"})
# As an argument or environment variable; Traefik heeds no case.
_ADDED = re.compile(r"(?i)(?:--|traefik_)entrypoints[._](?P<name>[\w-]+?)[._]address(?:=.*)?")
_ANNOTATION = "kubernetes.io/ingress.class"
# What Traefik reads where it is told no class, beside what names none.
_UNTOLD = frozenset({"", "traefik"})


class Known(NamedTuple):
    """What the Traefiks of the set read and have; None where that cannot be told.

    Attributes:
        entry_points: The names of their entry points.
        classes: The classes that they read; an empty one is that of what names none.
    """

    entry_points: frozenset[str] | None
    classes: frozenset[str] | None


def known(model: Model) -> Known:
    """Of all Traefiks that the set installs; ask for ``model.derived(known)``."""
    installed = [chart for chart in model.derived(charts) if chart.name in CHARTS]
    if not installed or not all(chart.complete for chart in installed):
        return Known(None, None)
    entry_points = frozenset(name for chart in installed for name in _entry_points(chart.values))
    # What RKE2 and K3s packages has values of its own under those that are given.
    told = all(_class(chart) or not chart.packaged for chart in installed)
    classes = frozenset(name for chart in installed for name in _classes(chart))
    return Known(entry_points, classes if told else None)


def _entry_points(values: Place) -> Iterator[str]:
    ports = values.mapping("ports")
    yield from (name for name in _OF_CHART if name not in ports or ports[name] is not None)
    yield from (name for name, port in ports.items() if port is not None)
    given = [each.text() for each in values.each("additionalArguments")]
    given += [each.text("name") for each in values.each("env")]
    for each in given:
        if match := _ADDED.fullmatch(each.strip()):
            yield match["name"].lower()


def _class(chart: Chart) -> str:
    return chart.values.text("providers", "kubernetesCRD", "ingressClass")


def _classes(chart: Chart) -> frozenset[str]:
    return frozenset({_class(chart)}) if _class(chart) else _UNTOLD


def _is_read(route: Document, model: Model) -> Iterator[Problem]:
    yield from _class_is_read(route, model)
    entry_points = model.derived(known).entry_points
    if entry_points is None:
        return
    for entry in route.each("spec", "entryPoints"):
        name = entry.text()
        if name and name not in entry_points:
            meant = did_you_mean(name, sorted(entry_points))
            has = ", ".join(sorted(entry_points))
            yield entry.problem(f"Traefik has no entry point {name}; it has {has}{meant}")


def _class_is_read(route: Document, model: Model) -> Iterator[Problem]:
    classes = model.derived(known).classes
    given = route.at("spec", "ingressClassName")
    old = route.at("metadata", "annotations", _ANNOTATION)
    name = given.text() or old.text()
    if classes is None or name in classes:
        return
    place = given or old or route.at("spec")
    what = f"the class {name}" if name else "a route without a class"
    read = ", ".join(sorted(filter(None, classes)))
    yield place.problem(f"Traefik does not read {what}: ingressClassName is {read}")


_TRAEFIK = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: traefik, namespace: kube-system}
spec:
  chart: traefik
  repo: https://traefik.github.io/charts
  version: 41.3.0
  targetNamespace: traefik
  values:
    ports: {web: {port: 80}, streams: {port: 8443}}
    providers: {kubernetesCRD: {ingressClass: traefik}}
"""
_ROUTE = """\
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure, streams]
  ingressClassName: traefik
  routes:
  - kind: Rule
    match: Host(`whoami.festival.example`)
    services: [{name: web, port: 80}]
  tls: {}
"""

READ: Rule[Document] = Rule(
    id="T08",
    title="A route is of the class that Traefik reads, on entry points that Traefik has",
    severity=Severity.P0,
    reason="Traefik passes over such a route, and says so in its log at most: visitors get 404.",
    source="Traefik: Kubernetes CRD provider, ingressClass; IngressRoute, spec.entryPoints; "
    "traefik/traefik-helm-chart values.yaml",
    fix="Name entry points of the chart's ports, and the class of providers.kubernetesCRD.",
    exempt=Exempt.ANNOTATION,
    types=ROUTES,
    subjects=documents(*ROUTES),
    check=_is_read,
    good=_TRAEFIK + _ROUTE,
    bad=_TRAEFIK
    + _ROUTE.replace("[websecure, streams]", "[websecrue, streams]").replace(
        "ingressClassName: traefik", "ingressClassName: nginx"
    ),
)
