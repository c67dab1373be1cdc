"""T06: a ServersTransport asks for a name that the backend's certificate has, and is heeded.

How Traefik finds the scheme is written in parseServiceProtocol of
pkg/provider/kubernetes/crd/kubernetes_http.go of traefik/traefik.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.certificates import by_secret
from lib.checks.hosts import covers
from lib.checks.ports import port_of
from lib.checks.traefik_objects import GROUPS, backends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.traefik_objects import Reference

_OF_TLS = (
    "certificatesSecrets",
    "insecureSkipVerify",
    "rootCAs",
    "rootCAsSecrets",
    "serverName",
    "spiffe",
)
_HTTPS_PORT = 443


def transport_is_heeded(document: Document, model: Model) -> Iterator[Problem]:
    """The problems that what a transport says of TLS is for a backend that is asked without it."""
    if document.kind == "IngressRouteTCP" or document.group not in GROUPS:
        return
    for each in backends(document):
        backend = each.backend
        name = backend.text("serversTransport") if backend is not None else ""
        type_ = f"ServersTransport.{document.group}"
        found = model.get(type_, document.namespace, name) if name else None
        if backend is None or found is None or not any(map(found.at("spec").get, _OF_TLS)):
            continue
        if _scheme(each, backend, model) in {"http", "h2c"}:
            place = backend.at("scheme") or backend.at("serversTransport")
            yield place.problem(
                f"Traefik asks {each.name} without TLS, and so never for the certificate that the "
                f"ServersTransport {name} wants: scheme https"
            )


def _scheme(reference: Reference, backend: Place, model: Model) -> str:
    """How Traefik asks a Service; empty where that cannot be told."""
    if backend.text("scheme"):
        return backend.text("scheme")
    service = model.get("Service", reference.namespace, reference.name)
    port = port_of(service, backend.get("port")) if service is not None else None
    if port is None:
        return ""
    encrypted = port.get("port") == _HTTPS_PORT or port.text("name").startswith("https")
    return "https" if encrypted else "http"


def server_name_is_certified(document: Document, model: Model) -> Iterator[Problem]:
    """The problem that the backend's certificate, where it is known, has not the name asked for."""
    spec = document.at("spec")
    if document.kind != "ServersTransport" or spec.get("insecureSkipVerify") is True:
        return
    certificates = model.derived(by_secret)
    trusted = [*(each.at("secret") for each in spec.each("rootCAs"))]
    trusted += spec.each("rootCAsSecrets")
    own = {each.text() for each in spec.each("certificatesSecrets")}
    keys = [(document.namespace, each.text()) for each in trusted if each.text() not in own]
    found = [certificates[key].at("spec") for key in keys if key in certificates]
    # A CA signs other certificates, which may be anywhere.
    if not found or len(found) < len(trusted) or any(each.get("isCA") is True for each in found):
        return
    names = [*dict.fromkeys(name for each in found for name in _names(each))]
    name = spec.at("serverName")
    if name.text() and not any(covers(each, name.text()) for each in names):
        has = ", ".join(names)
        yield name.problem(f"the backend's certificate is not good for {name.text()}; it has {has}")
    elif (
        not name and not spec.at("spiffe") and not any(each.items("ipAddresses") for each in found)
    ):
        yield spec.problem(
            f"Traefik asks pods by their address, and the backend's certificate is good for "
            f"{', '.join(names)} alone: name one of them as serverName"
        )


def _names(spec: Place) -> Iterator[str]:
    yield from (each.text() for each in spec.each("dnsNames"))
    yield from (each.text() for each in spec.each("ipAddresses"))
    if spec.text("commonName"):
        yield spec.text("commonName")
