"""Traefik's IngressRoute and Middleware: how a host reaches a Service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.constructs.kube_object import KubeObject
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from lib.config import Cluster
    from lib.constructs.app_chart import AppChart

API_VERSION = "traefik.io/v1alpha1"
INGRESS_CLASS = "traefik"
# external-dns up to 0.21 reads this prefix by default, later ones another; ours is set on both
# sides, so that a new release changes nothing.
DNS_PREFIX = "external-dns.alpha.kubernetes.io"
# The wildcard certificate covers one label below the domain. Neither may hold a backtick, which
# would end the text in Traefik's rule.
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PATH = re.compile(r"/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*")


def dns_annotations(cluster: Cluster, host: str) -> dict[str, str]:
    """Let external-dns point ``host`` at the cluster's public address.

    Its traefik-proxy source has no address of its own to go by: the target is mandatory.
    """
    return {
        f"{DNS_PREFIX}/hostname": host,
        f"{DNS_PREFIX}/target": str(cluster.public_address),
    }


class IngressRoute(KubeObject):
    """Routes one host, over TLS with the wildcard certificate, to one Service.

    Args:
        scope: The construct it belongs to.
        id: Unique in ``scope``.
        cluster: Gives the public address for DNS.
        name: The object's name.
        host: The host name; ``cluster.host("...")`` keeps it inside the domain.
        service: Name of a Service of the same namespace; or one of Traefik's own, such as
            ``api@internal``.
        port: The Service's port, by number or name; None for one of Traefik's own.
        middlewares: Names of Middlewares of the same namespace, in their order.
        path: Only paths with this prefix; all where it is None.
        servers_transport: Name of a ServersTransport of the same namespace, for a Service that
            speaks TLS itself.

    Source: docs/content/reference/routing-configuration/kubernetes/crd/http/ingressroute.md of
    traefik/traefik.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        cluster: Cluster,
        name: str,
        host: str,
        service: str,
        port: int | str | None,
        middlewares: Sequence[str] = (),
        path: str | None = None,
        servers_transport: str | None = None,
    ) -> None:
        label = host.removesuffix(f".{cluster.domain}")
        if host != cluster.domain and (label == host or not _LABEL.fullmatch(label)):
            raise BuildError(
                f"IngressRoute {name}: host {host!r} is not within {cluster.domain}: "
                'no certificate and no DNS name covers it; use cluster.host("...")'
            )
        if path is not None and not _PATH.fullmatch(path):
            raise BuildError(
                f"IngressRoute {name}: path {path!r} is not '/' and what may follow it"
            )
        match = f"Host(`{host}`)" + (f" && PathPrefix(`{path}`)" if path else "")
        route: dict[str, Any] = {
            "kind": "Rule",
            "match": match,
            "services": [_backend(service, port, servers_transport)],
        }
        if middlewares:
            route["middlewares"] = [{"name": middleware} for middleware in middlewares]
        super().__init__(
            scope,
            id,
            api_version=API_VERSION,
            kind="IngressRoute",
            name=name,
            annotations=dns_annotations(cluster, host),
            body={
                "spec": {
                    "ingressClassName": INGRESS_CLASS,
                    "entryPoints": ["websecure"],
                    "routes": [route],
                    # Empty: the default certificate of the TLS store, which is the wildcard.
                    "tls": {},
                }
            },
        )


def _backend(service: str, port: int | str | None, servers_transport: str | None) -> dict[str, Any]:
    if port is None:
        return {"kind": "TraefikService", "name": service}
    if servers_transport is None:
        return {"name": service, "port": port}
    return {
        "name": service,
        "port": port,
        "scheme": "https",
        "serversTransport": servers_transport,
    }


class Middleware(KubeObject):
    """One step between a route and its Service.

    Args:
        scope: The construct it belongs to.
        id: Unique in ``scope``.
        name: The object's name.
        kind: Traefik's name of it, such as ``rateLimit``.
        options: That kind's own options.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        name: str,
        kind: str,
        options: Mapping[str, Any],
    ) -> None:
        super().__init__(
            scope,
            id,
            api_version=API_VERSION,
            kind="Middleware",
            name=name,
            body={"spec": {kind: dict(options)}},
        )

    @classmethod
    def security_headers(cls, scope: Construct, name: str) -> Middleware:
        """Tell browsers to stay on HTTPS and not to guess content types."""
        options = {
            "contentTypeNosniff": True,
            "referrerPolicy": "strict-origin-when-cross-origin",
            "stsIncludeSubdomains": True,
            "stsSeconds": 31_536_000,
        }
        return cls(scope, name, name=name, kind="headers", options=options)

    @classmethod
    def rate_limit(cls, scope: AppChart, name: str, *, average: int, burst: int) -> Middleware:
        """Limit each client to ``average`` requests per second, ``burst`` at once, on each node."""
        source = _client(scope.cluster)
        options = {"average": average, "burst": burst, "sourceCriterion": source}
        return cls(scope, name, name=name, kind="rateLimit", options=options)

    @classmethod
    def in_flight(cls, scope: AppChart, name: str, *, amount: int) -> Middleware:
        """Limit each client to ``amount`` requests at the same time, on each node."""
        options = {"amount": amount, "sourceCriterion": _client(scope.cluster)}
        return cls(scope, name, name=name, kind="inFlightReq", options=options)


def _client(cluster: Cluster) -> dict[str, Any]:
    """Tell clients apart by their address, or by the header in which Cloudflare's proxy says it.

    Always written out: inFlightReq takes all clients of a host together where nothing is given
    (pkg/middlewares/inflightreq/inflight_req.go of traefik/traefik).
    """
    if cluster.dns.provider == "cloudflare" and cluster.dns.proxied:
        return {"requestHeaderName": "CF-Connecting-IP"}
    return {"ipStrategy": {"depth": 0}}
