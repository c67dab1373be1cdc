"""T03 and T06: what a route may name: things of its own namespace, which Kubernetes knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.traefik.transports import server_name_is_certified, transport_is_heeded
from lib.checks.traefik_objects import INTERNAL, NAMING, ROUTES, backends, references, types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_BY_KUBERNETES = "@kubernetescrd"


def _own_namespace(document: Document, _: Model) -> Iterator[Problem]:
    for each in references(document):
        if each.name.endswith(_BY_KUBERNETES):
            yield each.place.problem(
                f"{each.name} may be of another namespace: name the object as it is called"
            )
        elif each.given and document.namespace and each.given != document.namespace:
            kind = each.type.partition(".")[0]
            yield each.namespaced.problem(
                f"the {kind} {each.given}/{each.name} is of another namespace than the "
                f"{document.kind}"
            )


OWN_NAMESPACE: Rule[Document] = Rule(
    id="T03",
    title="Traefik's objects name only what is in their own namespace",
    severity=Severity.P0,
    reason="With allowCrossNamespace off, as it has to be, Traefik drops such a route; with it on, "
    "every namespace could use the Services and logins of all others.",
    source="Traefik: Kubernetes CRD provider, allowCrossNamespace",
    fix="Make the object in the route's own namespace, and name it without a namespace.",
    exempt=Exempt.NEVER,
    types=NAMING,
    subjects=documents(*NAMING),
    check=_own_namespace,
    good="""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`whoami.festival.example`)
    middlewares: [{name: headers}]
    services: [{name: web, namespace: whoami, port: 80}]
  tls: {options: {name: modern}}
""",
    bad="""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`whoami.festival.example`)
    middlewares: [{name: headers, namespace: traefik}, {name: traefik-login@kubernetescrd}]
    services: [{name: web, namespace: other, port: 80}]
  tls: {options: {name: modern, namespace: traefik}}
""",
)

_TRANSPORTS = types("ServersTransport", "ServersTransportTCP")
_MIDDLEWARES = types("Middleware")
_UNVERIFIED = (
    ("insecureSkipVerify",),
    ("tls", "insecureSkipVerify"),
    ("forwardAuth", "tls", "insecureSkipVerify"),
    ("rateLimit", "redis", "tls", "insecureSkipVerify"),
)


def _known_backends(document: Document, model: Model) -> Iterator[Problem]:
    for way in _UNVERIFIED:
        place = document.at("spec", *way)
        if place.value is True:
            yield place.problem(
                "any certificate is taken: whoever stands between can read and change"
            )
    for each in references(document):
        if each.is_foreign and not each.name.endswith((INTERNAL, _BY_KUBERNETES)):
            yield each.place.problem(f"{each.name} is of another provider, which no manifest shows")
    for each in backends(document):
        service = model.get("Service", each.namespace, each.name)
        if each.type == "Service" and service is not None:
            type_ = service.at("spec", "type")
            if type_.value == "ExternalName":
                host = service.text("spec", "externalName")
                yield each.place.problem(f"the Service {each.name} stands for {host}, outside")
    yield from transport_is_heeded(document, model)
    yield from server_name_is_certified(document, model)


KNOWN_BACKENDS: Rule[Document] = Rule(
    id="T06",
    title="What Traefik sends requests to is in the cluster, in the manifests, and proves itself",
    severity=Severity.P1,
    reason="An ExternalName or a reference to a file sends visitors where no review sees it, and "
    "without verification anyone between Traefik and the backend can pose as it.",
    source="Traefik: ServersTransport insecureSkipVerify; Kubernetes CRD provider, "
    "allowExternalNameServices",
    fix="Trust the backend's CA (rootCAs, a serverName of its certificate), ask it with scheme "
    "https, and name objects of Kubernetes.",
    exempt=Exempt.ANNOTATION,
    types=(*ROUTES, *_TRANSPORTS, *_MIDDLEWARES),
    subjects=documents(*dict.fromkeys((*NAMING, *_TRANSPORTS))),
    check=_known_backends,
    good="""\
apiVersion: traefik.io/v1alpha1
kind: ServersTransport
metadata: {name: vault, namespace: vault}
spec:
  insecureSkipVerify: false
  serverName: vault.vault.svc
  rootCAs: [{secret: vault-tls}]
---
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
""",
    bad="""\
apiVersion: traefik.io/v1alpha1
kind: ServersTransport
metadata: {name: vault, namespace: vault}
spec: {insecureSkipVerify: true}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`whoami.festival.example`)
    middlewares: [{name: login@file}]
    services: [{name: elsewhere, port: 443}]
  tls: {}
---
apiVersion: v1
kind: Service
metadata: {name: elsewhere, namespace: whoami}
spec: {type: ExternalName, externalName: www.elsewhere.example, ports: [{port: 443}]}
""",
)
