from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lib.config import parse_cluster
from lib.constructs import Certificate, IngressRoute, Middleware, WebService, dns_annotations
from tests.constructs.building import in_app, one, refused, spec

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import AppChart
    from lib.manifests import Manifest


PRODUCTION = Path(__file__).resolve().parents[2] / "clusters" / "production.yaml"


def route(app: AppChart, **given: Any) -> IngressRoute:
    options: dict[str, Any] = {
        "cluster": app.cluster,
        "name": "shop",
        "host": app.cluster.host("shop"),
        "service": "web",
        "port": 80,
    }
    return IngressRoute(app, "route", **{**options, **given})


def built(cluster: Cluster, **given: Any) -> Manifest:
    return one(in_app(cluster, lambda app: route(app, **given)), "IngressRoute", "shop")


def test_a_route_belongs_to_traefik_and_takes_requests_over_tls_alone(cluster: Cluster) -> None:
    found = built(cluster).object["spec"]
    assert found["ingressClassName"] == "traefik"
    assert found["entryPoints"] == ["websecure"]
    assert found["tls"] == {}


def test_a_routes_host_gets_a_dns_name_that_points_at_the_public_address(
    cluster: Cluster,
) -> None:
    host = cluster.host("shop")
    assert built(cluster).object["metadata"]["annotations"] == dns_annotations(cluster, host)
    assert dns_annotations(cluster, host) == {
        "external-dns.alpha.kubernetes.io/hostname": host,
        "external-dns.alpha.kubernetes.io/target": str(cluster.public_address),
    }


def test_a_route_may_serve_the_domain_itself(cluster: Cluster) -> None:
    (rule,) = built(cluster, host=cluster.domain).object["spec"]["routes"]
    assert rule["match"] == f"Host(`{cluster.domain}`)"


def test_a_route_may_take_one_path_alone(cluster: Cluster) -> None:
    (rule,) = built(cluster, path="/api").object["spec"]["routes"]
    assert rule["match"] == f"Host(`shop.{cluster.domain}`) && PathPrefix(`/api`)"


@pytest.mark.parametrize(
    "host",
    ["shop.elsewhere.example", "festival.example.elsewhere.example", "evilfestival.example", ""],
)
def test_a_host_outside_the_domain_is_refused(cluster: Cluster, host: str) -> None:
    assert refused(cluster, lambda app: route(app, host=host)) == [
        (
            f"IngressRoute shop: host {host!r} is not within {cluster.domain}: no certificate and "
            'no DNS name covers it; use cluster.host("...")'
        )
    ]


@pytest.mark.parametrize(
    "host",
    [
        "a.b.festival.example",
        ".festival.example",
        "x`) || Host(`evil.festival.example",
        "SHOP.festival.example",
    ],
)
def test_a_host_that_the_wildcard_certificate_does_not_cover_is_refused(
    cluster: Cluster, host: str
) -> None:
    assert refused(cluster, lambda app: route(app, host=host)) == [
        (
            f"IngressRoute shop: host {host!r} is not within {cluster.domain}: no certificate and "
            'no DNS name covers it; use cluster.host("...")'
        )
    ]


@pytest.mark.parametrize("path", ["", "api", "/a`) || Host(`x", "/a b", "/日本"])
def test_a_path_that_is_none_is_refused(cluster: Cluster, path: str) -> None:
    assert refused(cluster, lambda app: route(app, path=path)) == [
        f"IngressRoute shop: path {path!r} is not '/' and what may follow it"
    ]


def test_a_web_service_refuses_the_same_hosts(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        WebService(app, "web", image="registry.example/x/web:1", port=80, host="shop.other.example")

    (problem,) = refused(cluster, fill)
    assert problem.startswith("IngressRoute web: host 'shop.other.example' is not within ")


def test_a_route_names_its_middlewares_in_their_order(cluster: Cluster) -> None:
    (rule,) = built(cluster, middlewares=["limit", "headers"]).object["spec"]["routes"]
    assert rule["middlewares"] == [{"name": "limit"}, {"name": "headers"}]


def test_a_route_without_middlewares_has_no_such_field(cluster: Cluster) -> None:
    (rule,) = built(cluster).object["spec"]["routes"]
    assert "middlewares" not in rule


def test_each_middleware_factory_makes_one_middleware_of_its_name(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        Middleware.security_headers(app, "headers")
        Middleware.rate_limit(app, "limit", average=10, burst=20)
        Middleware.in_flight(app, "parallel", amount=5)
        Middleware(app, "strip", name="strip", kind="stripPrefix", options={"prefixes": ["/api"]})

    manifests = in_app(cluster, fill)
    assert {m.namespace for m in manifests.of_kind("Middleware")} == {"shop"}
    assert spec(manifests, "Middleware", "headers")["headers"]["stsSeconds"] == 31_536_000
    limit = spec(manifests, "Middleware", "limit")["rateLimit"]
    assert (limit["average"], limit["burst"]) == (10, 20)
    assert spec(manifests, "Middleware", "parallel")["inFlightReq"]["amount"] == 5
    assert spec(manifests, "Middleware", "strip") == {"stripPrefix": {"prefixes": ["/api"]}}


def test_a_certificate_has_an_issuer_a_secret_and_a_key_that_changes(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        Certificate(
            app,
            "tls",
            name="tls",
            secret_name="shop-tls",  # noqa: S106 - a Secret's name
            dns_names=["shop.shop.svc"],
            issuer="internal",
            issuer_kind="Issuer",
        )

    assert spec(in_app(cluster, fill), "Certificate", "tls") == {
        "secretName": "shop-tls",
        "dnsNames": ["shop.shop.svc"],
        "issuerRef": {"group": "cert-manager.io", "kind": "Issuer", "name": "internal"},
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
    }


def test_a_certificate_without_names_is_refused(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        Certificate(app, "tls", name="tls", secret_name="tls", dns_names=[], issuer="ca")  # noqa: S106

    assert refused(cluster, fill) == [
        "Certificate tls: dns_names is empty: say what it is valid for"
    ]


def limits(cluster: Cluster) -> list[dict[str, Any]]:
    def fill(app: AppChart) -> None:
        Middleware.rate_limit(app, "limit", average=10, burst=20)
        Middleware.in_flight(app, "parallel", amount=5)

    manifests = in_app(cluster, fill)
    return [
        spec(manifests, "Middleware", "limit")["rateLimit"]["sourceCriterion"],
        spec(manifests, "Middleware", "parallel")["inFlightReq"]["sourceCriterion"],
    ]


def test_limits_count_each_client_address_by_itself(cluster: Cluster) -> None:
    assert limits(cluster) == [{"ipStrategy": {"depth": 0}}] * 2


def test_behind_cloudflares_proxy_limits_count_the_address_that_it_reports() -> None:
    text = PRODUCTION.read_text(encoding="utf-8")
    proxied = re.sub(r"(?m)^( +)provider: cloudflare$", r"\g<0>\n\1proxied: true", text)
    assert (
        limits(parse_cluster(proxied, "production.yaml"))
        == [{"requestHeaderName": "CF-Connecting-IP"}] * 2
    )
