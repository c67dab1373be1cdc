"""G10: a route leads to a Service and port that exist, by what else it names."""

from __future__ import annotations

import pytest

from tests.checks.rules.telling import WHOLE, told

SHOP = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{name: http, port: 80}, {name: grpc, port: 9000}]}
---
apiVersion: v1
kind: Secret
metadata: {name: tls, namespace: shop}
stringData: {tls.crt: <path:kv/data/shop/tls#crt>, tls.key: <path:kv/data/shop/tls#key>}
---
apiVersion: v1
kind: Secret
metadata: {name: users, namespace: shop}
stringData: {users: <path:kv/data/shop/users#users>}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: headers, namespace: shop}
spec: {headers: {}}
"""
HAS = "it has 80 (http), 9000 (grpc)"


def made(kind: str, spec: str, *, api: str = "traefik.io/v1alpha1") -> str:
    metadata = "metadata: {name: a, namespace: shop}"
    return f"apiVersion: {api}\nkind: {kind}\n{metadata}\nspec: {{{spec}}}\n"


def route(rule: str, more: str = "") -> str:
    return made("IngressRoute", f"routes: [{{match: Host(`shop.example`), {rule}}}]{more}")


def messages(*texts: str) -> list[str]:
    return [message for _, message in told("G10", SHOP, *texts, context=WHOLE)]


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ("name: web, port: 80", []),
        ("name: web, port: http", []),
        ("name: web, port: 9000", []),
        ("name: web, port: 8080", [f"the Service web has no port 8080; {HAS}"]),
        # Traefik takes a text for a name, whatever is in it.
        ("name: web, port: '80'", [f"the Service web has no port '80'; {HAS}"]),
        ("name: web", ["no port of the Service web is named"]),
        ("name: wbe, port: 80", ["there is no Service 'wbe' in shop"]),
        ("name: api@internal, kind: TraefikService", []),
        ("name: split, kind: TraefikService", ["there is no TraefikService 'split' in shop"]),
        (
            "name: web, port: 80, serversTransport: own",
            ["there is no ServersTransport 'own' in shop"],
        ),
    ],
)  # fmt: skip
def test_a_backend(backend: str, expected: list[str]) -> None:
    assert messages(route(f"services: [{{{backend}}}]")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (route("middlewares: [{name: headers}]"), []),
        (
            route("middlewares: [{name: header}]"),
            ["there is no Middleware 'header' in shop: did you mean headers?"],
        ),
        (route("middlewares: [{name: login@file}]"), []),
        (route("priority: 1", ", tls: {secretName: tls}"), []),
        (route("priority: 1", ", tls: {secretName: own}"), ["there is no Secret 'own' in shop"]),
        (
            route("priority: 1", ", tls: {secretName: users}"),
            [
                "the Secret users has no key tls.crt; it has users",
                "the Secret users has no key tls.key; it has users",
            ],
        ),
        (
            route("priority: 1", ", tls: {options: {name: own}}"),
            ["there is no TLSOption 'own' in shop"],
        ),
        (made("Middleware", "basicAuth: {secret: users}"), []),
        (made("Middleware", "basicAuth: {secret: user}"),
         ["there is no Secret 'user' in shop: did you mean users?"]),
        (
            made("Middleware", "chain: {middlewares: [{name: gone}]}"),
            ["there is no Middleware 'gone' in shop"],
        ),
        (
            made("ServersTransport", "rootCAs: [{secret: users}, {configMap: ca}]"),
            [
                "the Secret users has no key ca.crt or tls.ca; it has users",
                "there is no ConfigMap 'ca' in shop",
            ],
        ),
        (
            made("TLSStore", "defaultCertificate: {secretName: gone}"),
            ["there is no Secret 'gone' in shop"],
        ),
        (
            made("TraefikService", "weighted: {services: [{name: web, port: 1}]}"),
            [f"the Service web has no port 1; {HAS}"],
        ),
        (
            made("IngressRouteTCP", "routes: [{services: [{name: b, port: 1}]}]"),
            ["there is no Service 'b' in shop"],
        ),
    ],
)  # fmt: skip
def test_what_else_traefiks_objects_name(text: str, expected: list[str]) -> None:
    assert messages(text) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://web.shop.svc.cluster.local/", []),
        ("http://web.shop.svc:9000/auth", []),
        ("https://web.shop.svc/", ["the Service web has no port 443; it has 80, 9000"]),
        ("http://wbe.shop.svc/", ["there is no Service 'wbe' in shop"]),
        ("https://login.elsewhere.example/", []),
        ("http://[::1", []),
    ],
)
def test_the_address_of_a_login_check_is_a_service_too(address: str, expected: list[str]) -> None:
    assert messages(made("Middleware", f"forwardAuth: {{address: '{address}'}}")) == expected


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ("number: 80", []),
        ("name: http", []),
        ("number: 81", [f"the Service web has no port 81; {HAS}"]),
        ("name: web", [f"the Service web has no port 'web'; {HAS}"]),
    ],
)
def test_an_ingress(port: str, expected: list[str]) -> None:
    backend = f"backend: {{service: {{name: web, port: {{{port}}}}}}}"
    spec = f"rules: [{{http: {{paths: [{{path: /, {backend}}}]}}}}], tls: [{{secretName: tls}}]"
    assert messages(made("Ingress", spec, api="networking.k8s.io/v1")) == expected


def test_the_certificate_of_an_annotated_ingress_will_be_made() -> None:
    spec = "tls: [{secretName: made}]"
    ingress = made("Ingress", spec, api="networking.k8s.io/v1")
    annotated = ingress.replace(
        "shop}", "shop, annotations: {cert-manager.io/cluster-issuer: a}}", 1
    )
    assert messages(ingress) == ["there is no Secret 'made' in shop"]
    assert messages(annotated) == []


def test_a_route_of_the_gateway_api() -> None:
    spec = (
        "rules: [{backendRefs: [{name: web, port: 80}, {name: web, port: 81}, {name: b, port: 1}]}]"
    )
    assert messages(made("HTTPRoute", spec, api="gateway.networking.k8s.io/v1")) == [
        f"the Service web has no port 81; {HAS}",
        "there is no Service 'b' in shop",
    ]


def test_what_another_part_of_the_cluster_may_hold_is_not_missing() -> None:
    assert told("G10", route("services: [{name: web, port: 80}]")) == []
    assert (
        told("G10", SHOP, route("services: [{name: other, port: 80}]").replace("shop", "b")) == []
    )


def test_what_a_chart_may_bring_to_its_namespace_is_not_missing() -> None:
    chart = (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: a, namespace: b}\n"
        "spec: {chart: a, targetNamespace: shop}\n"
    )
    wrong = route("services: [{name: other, port: 80}]")
    assert len(told("G10", SHOP, wrong)) == 1
    assert told("G10", SHOP, wrong, chart) == []
