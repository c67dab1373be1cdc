"""G10: a route leads to a Service and a port of it, through what it names on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lib.checks.kinds import INGRESS
from lib.checks.ports import port_of
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.references.lookup import missing, missing_content
from lib.checks.traefik_objects import NAMING, Reference, references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_GATEWAY_ROUTES = tuple(
    f"{kind}.gateway.networking.k8s.io"
    for kind in ("GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute")
)
_TYPES = (*NAMING, INGRESS, *_GATEWAY_ROUTES)
# A Service's name within the cluster, as an address has it.
_INSIDE = re.compile(r"(?P<name>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)\.svc(?:\.cluster\.local)?")
_PORTS = {"http": 80, "https": 443, "h2c": 80}


def _leads_somewhere(document: Document, model: Model) -> Iterator[Problem]:
    if document.type == INGRESS:
        yield from _ingress(document, model)
    elif document.type in _GATEWAY_ROUTES:
        yield from _gateway_route(document, model)
    else:
        for reference in references(document):
            if not reference.is_foreign:
                yield from _traefik(reference, model)
        yield from _address(document.at("spec", "forwardAuth", "address"), model)


# --- Traefik -----------------------------------------------------------------------------------


def _traefik(reference: Reference, model: Model) -> Iterator[Problem]:
    place, namespace, name = reference.place, reference.namespace, reference.name
    if reference.type == "Service":
        port = reference.backend.at("port") if reference.backend is not None else place
        yield from _service(place, port, model, namespace)
    elif reference.type in {"ConfigMap", "Secret"}:
        keys = [(place, any_of) for any_of in reference.needs]
        yield from missing_content(place, model, (reference.type, namespace, name), keys)
    else:
        yield from missing(place, model, reference.type, namespace, name)


def _service(name: Place, port: Place, model: Model, namespace: str) -> Iterator[Problem]:
    """The problems that a Service or its port is not there."""
    service = model.get("Service", namespace, name.text())
    if service is None:
        yield from missing(name, model, "Service", namespace, name.text())
        return
    if service.text("spec", "type") == "ExternalName":
        return
    ports = [*service.each("spec", "ports")]
    if port and ports and port_of(service, port.value) is None:
        has = ", ".join(map(_told, ports))
        yield port.problem(f"the Service {name.text()} has no port {port.value!r}; it has {has}")
    elif not port and name.document.type in NAMING:
        yield name.problem(f"no port of the Service {name.text()} is named")


def _told(port: Place) -> str:
    name = port.text("name")
    return f"{port.get('port')} ({name})" if name else str(port.get("port"))


def _address(address: Place, model: Model) -> Iterator[Problem]:
    """An address within the cluster that Traefik asks before each request."""
    try:
        url = urlsplit(address.text())
        number = url.port or _PORTS.get(url.scheme)
    except ValueError:
        return
    match = _INSIDE.fullmatch(url.hostname or "")
    if match is None:
        return
    service = model.get("Service", match["namespace"], match["name"])
    if service is None:
        yield from missing(address, model, "Service", match["namespace"], match["name"])
    elif number not in [each.get("port") for each in service.each("spec", "ports")]:
        has = ", ".join(str(each.get("port")) for each in service.each("spec", "ports"))
        yield address.problem(f"the Service {match['name']} has no port {number}; it has {has}")


# --- Ingress and Gateway -----------------------------------------------------------------------


def _ingress(ingress: Document, model: Model) -> Iterator[Problem]:
    backends = [ingress.at("spec", "defaultBackend")]
    for rule in ingress.each("spec", "rules"):
        backends += [path.at("backend") for path in rule.each("http", "paths")]
    for backend in backends:
        service = backend.at("service")
        if service.text("name"):
            port = service.at("port", "name" if service.text("port", "name") else "number")
            yield from _service(service.at("name"), port, model, ingress.namespace)
    for tls in ingress.each("spec", "tls"):
        secret = tls.at("secretName")
        if secret.text():
            yield from missing_content(secret, model, ("Secret", ingress.namespace, secret.text()))


def _gateway_route(route: Document, model: Model) -> Iterator[Problem]:
    for rule in route.each("spec", "rules"):
        for backend in rule.each("backendRefs"):
            if backend.text("kind") in {"", "Service"} and not backend.text("group"):
                namespace = backend.text("namespace") or route.namespace
                yield from _service(backend.at("name"), backend.at("port"), model, namespace)


BACKENDS: Rule[Any] = Rule(
    id="G10",
    title="A route leads to a Service and port that exist, by middlewares and Secrets that exist",
    severity=Severity.P0,
    reason="Traefik drops a route whose Service, port or middleware is missing, and visitors get "
    "404; without its Secret it shows them a certificate that no browser trusts.",
    source="Traefik: Kubernetes CRD provider (pkg/provider/kubernetes/crd); Kubernetes: Ingress",
    fix="Correct the name or the port, or make what is named in the route's namespace; what a "
    "chart brings is declared in policy/provided.yaml.",
    exempt=Exempt.ANNOTATION,
    types=_TYPES,
    subjects=documents(*_TYPES),
    check=_leads_somewhere,
    good="""\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: whoami}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: headers, namespace: whoami}
spec: {headers: {contentTypeNosniff: true}}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`whoami.festival.example`)
    middlewares: [{name: headers}]
    services: [{name: web, port: http}]
  tls: {}
""",
    bad="""\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: whoami}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`whoami.festival.example`)
    middlewares: [{name: headers}]
    services: [{name: web, port: 8080}, {name: wbe, port: http}]
  tls: {}
""",
)
