"""G30: a certificate has an issuer, and the issuer what it signs or proves itself with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.certificates import CERTIFICATE, GROUP, ISSUERS, issuer_namespace, secret_references
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.references.lookup import missing, missing_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_TYPES = (CERTIFICATE, *ISSUERS)


def _has_issuer(document: Document, model: Model) -> Iterator[Problem]:
    if document.type == CERTIFICATE:
        issuer = document.at("spec", "issuerRef")
        kind, name = issuer.text("kind") or "Issuer", issuer.at("name")
        # Other groups are issuers that are no part of cert-manager.
        if name.text() and issuer.text("group") in {"", GROUP}:
            namespace = document.namespace if kind == "Issuer" else ""
            yield from missing(name, model, f"{kind}.{GROUP}", namespace, name.text())
        return
    namespace = document.namespace or issuer_namespace(model)
    ca = document.at("spec", "ca", "secretName")
    if ca.text():
        keys = [(ca, ("tls.crt",)), (ca, ("tls.key",))]
        yield from missing_content(ca, model, ("Secret", namespace, ca.text()), keys)
    for reference in secret_references(document):
        name, key = reference.at("name"), reference.at("key")
        keys = [(key, (key.text(),))] if key.text() else []
        yield from missing_content(name, model, ("Secret", namespace, name.text()), keys)


_GOOD = """\
apiVersion: v1
kind: Namespace
metadata: {name: cert-manager}
---
apiVersion: v1
kind: Secret
metadata: {name: dns, namespace: cert-manager}
stringData: {apiToken: <path:kv/data/cert-manager/dns#apiToken>}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    privateKeySecretRef: {name: account}
    solvers: [{dns01: {cloudflare: {apiTokenSecretRef: {name: dns, key: apiToken}}}}]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: wildcard, namespace: traefik}
spec:
  secretName: wildcard
  dnsNames: ["*.festival.example"]
  issuerRef: {kind: ClusterIssuer, name: letsencrypt}
"""

ISSUER: Rule[Document] = Rule(
    id="G30",
    title="A certificate's issuer exists, with the Secrets that it needs",
    severity=Severity.P0,
    reason="The certificate is never made or never renewed, and what it protects stops on the day "
    "on which the old one ends.",
    source="cert-manager: Certificate issuerRef; Issuer, ACME DNS01, CA",
    fix="Correct the name, kind or key, or make what is named.",
    exempt=Exempt.ANNOTATION,
    types=_TYPES,
    subjects=documents(*_TYPES),
    check=_has_issuer,
    good=_GOOD,
    bad=_GOOD.replace(
        "kind: ClusterIssuer, name: letsencrypt", "kind: ClusterIssuer, name: letsencrpyt"
    ).replace("name: dns, key: apiToken", "name: dns, key: token"),
)
