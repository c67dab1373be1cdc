"""T06: a ServersTransport is heeded, and asks for a name that the backend's certificate has."""

from __future__ import annotations

import pytest

from tests.checks.rules.telling import told

TRANSPORT = """\
apiVersion: traefik.io/v1alpha1
kind: ServersTransport
metadata: {name: vault, namespace: vault}
spec: {serverName: vault.vault.svc, rootCAs: [{secret: vault-tls}]}
"""
CERTIFICATE = """\
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: vault, namespace: vault}
spec: {secretName: vault-tls, dnsNames: [vault.vault.svc, "*.internal"], issuerRef: {name: ca}}
"""


def service(port: str) -> str:
    return (
        "apiVersion: v1\nkind: Service\nmetadata: {name: vault, namespace: vault}\n"
        f"spec: {{ports: [{{{port}}}]}}\n"
    )


def route(backend: str, *, kind: str = "IngressRoute") -> str:
    return (
        f"apiVersion: traefik.io/v1alpha1\nkind: {kind}\n"
        "metadata: {name: vault, namespace: vault}\n"
        f"spec: {{routes: [{{services: [{{name: vault, {backend}}}]}}]}}\n"
    )


BACKEND = "/spec/routes/0/services/0"
USING = "serversTransport: vault"


@pytest.mark.parametrize(
    ("port", "backend", "pointer"),
    [
        ("name: api, port: 8200", f"port: 8200, {USING}", f"{BACKEND}/serversTransport"),
        ("name: api, port: 8200", f"port: api, {USING}", f"{BACKEND}/serversTransport"),
        ("name: https, port: 443", f"port: 443, scheme: http, {USING}", f"{BACKEND}/scheme"),
        ("name: https, port: 443", f"port: 443, scheme: h2c, {USING}", f"{BACKEND}/scheme"),
    ],
)
def test_a_transport_for_tls_is_not_for_a_backend_without(
    port: str, backend: str, pointer: str
) -> None:
    found = told("T06", service(port), route(backend), TRANSPORT)
    assert [place for place, _ in found] == [pointer]


@pytest.mark.parametrize(
    ("port", "backend"),
    [
        ("name: api, port: 8200", f"port: 8200, scheme: https, {USING}"),
        # Traefik takes https for granted where the port is called so, or is 443.
        ("name: https-api, port: 8200", f"port: 8200, {USING}"),
        ("name: api, port: 443", f"port: 443, {USING}"),
        ("name: api, port: 8200", "port: 8200"),
        ("name: api, port: 8200", f"port: 8201, {USING}"),  # G10 has something to say
        ("name: api, port: 8200", "port: 8200, serversTransport: other"),
    ],
)
def test_a_transport_of_a_backend_with_tls_is_heeded(port: str, backend: str) -> None:
    assert told("T06", service(port), route(backend), TRANSPORT) == []


def test_a_transport_that_says_nothing_of_tls_is_for_any_backend() -> None:
    timeouts = TRANSPORT.partition("spec:")[0] + "spec: {forwardingTimeouts: {dialTimeout: 5s}}\n"
    assert told("T06", service("port: 8200"), route(f"port: 8200, {USING}"), timeouts) == []


def test_a_service_that_is_not_there_has_no_known_port() -> None:
    assert told("T06", route(f"port: 8200, {USING}"), TRANSPORT) == []


def test_a_tcp_route_has_transports_of_its_own() -> None:
    text = route(f"port: 8200, {USING}", kind="IngressRouteTCP")
    assert told("T06", service("port: 8200"), text, TRANSPORT) == []


# --- the name ----------------------------------------------------------------------------------


def test_a_name_that_the_certificate_lacks_is_found() -> None:
    text = TRANSPORT.replace("vault.vault.svc", "vault.valut.svc")
    assert told("T06", text, CERTIFICATE) == [
        (
            "/spec/serverName",
            (
                "the backend's certificate is not good for vault.valut.svc; "
                "it has vault.vault.svc, *.internal"
            ),
        )
    ]


def test_pods_are_asked_by_their_address_where_no_name_is_given() -> None:
    text = TRANSPORT.replace("serverName: vault.vault.svc, ", "")
    assert [place for place, _ in told("T06", text, CERTIFICATE)] == ["/spec"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("serverName: vault.vault.svc", "serverName: a.internal"),
        ("serverName: vault.vault.svc", "insecureSkipVerify: false, serverName: vault.vault.svc"),
        ("rootCAs: [{secret: vault-tls}]", "rootCAsSecrets: [vault-tls]"),
    ],
)
def test_a_name_that_the_certificate_has_is_not(old: str, new: str) -> None:
    assert told("T06", TRANSPORT.replace(old, new), CERTIFICATE) == []


@pytest.mark.parametrize(
    ("transport", "certificate"),
    [
        ("rootCAs: [{secret: vault-tls}]", "isCA: true, secretName: vault-tls"),
        ("rootCAs: [{secret: other-ca}]", "secretName: vault-tls"),
        ("rootCAs: [{configMap: ca}]", "secretName: vault-tls"),
        ("rootCAs: [{secret: vault-tls}, {secret: ca}]", "secretName: vault-tls"),
        # Its own, with which it proves itself.
        (
            "rootCAs: [{secret: vault-tls}], certificatesSecrets: [vault-tls]",
            "secretName: vault-tls",
        ),
    ],
)
def test_what_another_certificate_may_be_good_for_is_not_known(
    transport: str, certificate: str
) -> None:
    text = TRANSPORT.replace("rootCAs: [{secret: vault-tls}]", transport)
    text = text.replace("vault.vault.svc", "elsewhere.example")
    assert told("T06", text, CERTIFICATE.replace("secretName: vault-tls", certificate)) == []


def test_a_certificate_for_addresses_needs_no_name() -> None:
    text = TRANSPORT.replace("serverName: vault.vault.svc, ", "")
    certificate = CERTIFICATE.replace("dnsNames:", "ipAddresses: [10.43.0.9], dnsNames:")
    assert told("T06", text, certificate) == []
