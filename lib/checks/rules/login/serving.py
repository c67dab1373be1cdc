"""L07 and L08: a routed host has a certificate and a name in the DNS, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.certificates import CERTIFICATE
from lib.checks.hosts import Hosts, covers, hosts_of, parent
from lib.checks.rules.login.routes import Certificates, external_dns, other_names
from lib.checks.traefik_objects import INGRESS_ROUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem


def routes_and_certificates(model: Model) -> tuple[Document, ...]:
    """The subjects of L07."""
    return model.of(INGRESS_ROUTE, CERTIFICATE)


def has_certificate(document: Document, model: Model) -> Iterator[Problem]:
    """L07."""
    if document.type == CERTIFICATE:
        yield from _names_are_routed(document, model)
        return
    tls = document.at("spec", "tls")
    if not isinstance(tls.value, dict) or tls.text("certResolver"):
        return
    certificates = model.derived(Certificates)
    for host in dict.fromkeys(route.host for route in hosts_of(document)):
        if certificates.cover(host):
            continue
        if tls.text("secretName"):
            named = certificates.named(document)
            if named is not None:
                yield tls.at("secretName").problem(
                    f"the Certificate {named.name} is not good for {host}"
                )
        elif not certificates.has_default:
            if model.context.complete:
                yield tls.problem(f"{host} has no certificate but the one that Traefik makes up")
        elif certificates.are_known:
            yield tls.problem(f"no certificate that Traefik serves is good for {host}")


def _names_are_routed(certificate: Document, model: Model) -> Iterator[Problem]:
    if certificate not in model.derived(Certificates).served:
        return
    hosts = model.derived(Hosts)
    names = {place.text(): place for place in certificate.each("spec", "dnsNames")}
    for name, place in names.items():
        used = any(covers(name, host) for host in hosts) or f"*.{name}" in names
        if not used and hosts.decides(name):
            yield place.problem(f"no route serves {name}")


def has_name(route: Document, model: Model) -> Iterator[Problem]:
    """L08."""
    dns = model.derived(external_dns)
    controller = route.annotations.get(f"{dns.prefix}controller") if dns else None
    if dns is None or controller not in (None, "dns-controller"):
        return
    hosts = list(dict.fromkeys(each.host for each in hosts_of(route)))
    target = route.at("metadata", "annotations", f"{dns.prefix}target")
    for host in hosts:
        why = "" if dns.keeps(host) else f"it is outside of {', '.join(dns.domains)}"
        why = why if target.text() else f"external-dns needs the annotation {dns.prefix}target"
        if why and not _is_named_elsewhere(host, model):
            yield route.at("metadata").problem(f"{host} gets no name in the DNS: {why}")
    hostname = route.at("metadata", "annotations", f"{dns.prefix}hostname")
    for name in filter(None, (each.strip() for each in hostname.text().split(","))):
        if not any(covers(host, name) for host in hosts):
            yield hostname.problem(f"{name} leads here, and the route serves {', '.join(hosts)}")
    public = str(model.cluster.public_address) if model.cluster else ""
    if public and target.text() not in ("", public):
        yield target.problem(f"{target.text()} is not the cluster's public address, {public}")


def _is_named_elsewhere(host: str, model: Model) -> bool:
    names = model.derived(other_names)
    return host in names or f"*.{parent(host)}" in names
