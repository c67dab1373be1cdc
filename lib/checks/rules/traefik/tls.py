"""T04: which TLS is spoken, and who decides that for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.charts import charts
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.traefik.values import CHARTS
from lib.checks.traefik_objects import types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_OPTIONS = types("TLSOption")
_STORES = types("TLSStore")
_BROKEN = frozenset({"VersionSSL30", "VersionTLS10", "VersionTLS11"})
# Traefik's own name of the one that holds where a route names none.
_DEFAULT = "default"


def _tls_options(document: Document, model: Model) -> Iterator[Problem]:
    for key in ("minVersion", "maxVersion"):
        place = document.at("spec", key)
        if place.text() in _BROKEN:
            yield place.problem(f"{place.text()} is broken: VersionTLS12 or VersionTLS13")
    if document.name == _DEFAULT:
        yield from _default(document, model)


def _default(document: Document, model: Model) -> Iterator[Problem]:
    name = document.at("metadata", "name")
    homes = model.derived(_homes)
    if homes and document.namespace not in homes:
        yield name.problem(
            f"a {document.kind} named default holds for all routes: it belongs in "
            f"{', '.join(sorted(homes))}"
        )
        return
    folder = None if model.context.complete else document.file.folder_path
    for other in model.of(document.type):
        if (
            other.name == _DEFAULT
            and other.namespace != document.namespace
            and folder in {None, other.file.folder_path}
        ):
            yield name.problem(
                f"{other.namespace} has one named default too: Traefik takes neither"
            )


def _homes(model: Model) -> frozenset[str]:
    """Where Traefik itself is installed."""
    return frozenset(
        chart.namespace
        for chart in model.derived(charts)
        if chart.name in CHARTS and chart.namespace
    )


OPTIONS: Rule[Document] = Rule(
    id="T04",
    title="TLS is 1.2 or newer, and only the platform decides for all routes",
    severity=Severity.P1,
    reason="TLS 1.0 and 1.1 are broken. A TLSOption or TLSStore named default holds for every "
    "route of the cluster, whatever namespace it lies in; of two, Traefik takes neither.",
    source="Traefik: TLS options, default; kyverno/policies disallow-default-tlsoptions",
    fix="Set minVersion to VersionTLS12, and give options of an app a name of their own.",
    exempt=Exempt.ANNOTATION,
    types=(*_OPTIONS, *_STORES),
    subjects=documents(*_OPTIONS, *_STORES),
    check=_tls_options,
    good="""\
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: modern, namespace: whoami}
spec: {minVersion: VersionTLS12}
---
apiVersion: traefik.io/v1alpha1
kind: TLSStore
metadata: {name: default, namespace: traefik}
spec: {defaultCertificate: {secretName: wildcard}}
""",
    bad="""\
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: old, namespace: whoami}
spec: {minVersion: VersionTLS10}
---
apiVersion: traefik.io/v1alpha1
kind: TLSStore
metadata: {name: default, namespace: traefik}
spec: {defaultCertificate: {secretName: wildcard}}
---
apiVersion: traefik.io/v1alpha1
kind: TLSStore
metadata: {name: default, namespace: whoami}
spec: {defaultCertificate: {secretName: own}}
""",
)
