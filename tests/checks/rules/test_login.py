"""L01 to L04: Dex, its clients and the programs behind them name each other."""

from __future__ import annotations

import pytest

from lib.checks import catalogue
from lib.checks.document import File
from lib.checks.loading import load
from lib.checks.model import Model
from tests.checks.judging import findings
from tests.checks.rules.login_loop import LOOP, ROUTES, WHOLE, dex, messages, route, with_


@pytest.mark.parametrize("rule", [f"L0{number}" for number in range(1, 7)])
def test_a_closed_loop_has_no_finding(rule: str) -> None:
    assert messages(rule, *LOOP) == []


# --- L01 ---------------------------------------------------------------------------------------


def test_the_issuers_route_leads_to_dex() -> None:
    routes = (route("dex.festival.example", "shop"), ROUTES[1])
    (message,) = messages("L01", dex(), *routes)
    assert "leads to the namespace shop, not to dex" in message


def test_a_host_that_is_only_excluded_by_a_rule_is_not_routed() -> None:
    negated = ROUTES[0].replace("Host(", "!Host(")
    (message,) = messages("L01", dex(), negated, ROUTES[1])
    assert message.startswith("no route leads to dex.festival.example")


def test_an_ingress_and_an_http_route_lead_somewhere_too() -> None:
    ingress = (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, namespace: dex}\n"
        "spec: {rules: [{host: dex.festival.example}]}\n"
    )
    http_route = (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        "metadata: {name: a, namespace: dex}\nspec: {hostnames: ['*.festival.example']}\n"
    )
    assert messages("L01", dex(), ingress) == []
    assert messages("L01", dex(), http_route) == []


def test_an_issuer_without_tls_is_a_finding_unless_it_is_inside_the_cluster() -> None:
    plain = dex().replace("https://dex.festival.example", "http://dex.festival.example")
    (message,) = messages("L01", plain, *ROUTES)
    assert "is not https" in message
    inside = dex().replace("https://dex.festival.example", "http://dex.dex.svc:5556")
    assert messages("L01", inside, *ROUTES) == []


def test_what_a_connector_sends_back_arrives_at_dex() -> None:
    wrong = "connectors: [{config: {redirectURI: 'https://dex.festival.example/back'}}]"
    right = "connectors: [{config: {redirectURI: 'https://dex.festival.example/callback'}}]"
    (finding,) = findings("L01", dex(config=wrong), *ROUTES, context=WHOLE)
    assert finding.pointer.endswith("/config/connectors/0/config/redirectURI")
    assert messages("L01", dex(config=right), *ROUTES) == []


def test_what_may_be_routed_elsewhere_is_not_missing() -> None:
    elsewhere = route("shop.other.example", "shop")
    assert messages("L01", dex(), elsewhere, context=None) == []
    assert len(messages("L01", dex(), ROUTES[1], context=None)) == 1


# --- L02 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://127.0.0.1:1/a", "http://[::1]:1", "shop:/back"]
)
def test_a_program_on_ones_own_machine_needs_no_route(address: str) -> None:
    assert messages("L02", *with_("https://shop.festival.example/back", address)) == []


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("https://shopp.festival.example/back", "did you mean shop.festival.example?"),
        ("http://shop.festival.example/back", "is not https"),
    ],
)
def test_any_other_address_is_served_over_tls(address: str, what: str) -> None:
    (message,) = messages("L02", *with_("https://shop.festival.example/back", address))
    assert what in message


# --- L03 and L04 -------------------------------------------------------------------------------


def test_a_client_that_dex_does_not_have_is_named_with_those_that_it_has() -> None:
    (finding,) = findings("L03", *with_("--client-id=shop", "--client-id=sop"), context=WHOLE)
    assert finding.message == "oauth2-proxy logs in as 'sop'; Dex has: shop"
    assert (finding.kind, finding.name) == ("Deployment", "proxy")


@pytest.mark.parametrize(
    "issuer",
    ["https://dex.festival.example/", "http://dex.festival.example", "https://dx.festival.example"],
)
def test_an_issuer_is_compared_letter_by_letter(issuer: str) -> None:
    other = with_("-url=https://dex.festival.example", f"-url={issuer}")
    (message,) = messages("L03", *other)
    assert "letter by letter" in message


def test_another_issuer_is_none_of_dex_business() -> None:
    other = with_("-url=https://dex.festival.example", "-url=https://accounts.other.example")
    assert messages("L03", *other) == []
    keycloak = with_("-url=https://dex.festival.example", "-url=https://keycloak.festival.example")
    assert messages("L03", *keycloak, route("keycloak.festival.example", "keycloak")) == []


def test_the_api_server_is_a_program_too() -> None:
    flags = "[oidc-issuer-url=https://dex.festival.example, oidc-client-id=kubectl]"
    path = "dist/production/nodes/server/config.yaml"
    file = File(path, f"kube-apiserver-arg: {flags}\n".encode(), path)
    loaded = load([File("dex.yaml", dex().encode()), file])
    model = Model(loaded.documents, WHOLE, (), loaded.node_files)
    rule = catalogue.RULES["L03"]
    found = [
        each.message for subject in rule.subjects(model) for each in rule.check(subject, model)
    ]
    assert found == ["kubectl logs in as 'kubectl'; Dex has: shop"]


def test_a_client_that_no_file_names_is_unused() -> None:
    without = [text for text in LOOP if "oauth2-proxy" not in text]
    assert messages("L04", *without) == ["nothing logs in as 'shop'"]


def test_what_may_be_used_elsewhere_is_not_unused() -> None:
    assert messages("L04", dex(), context=None) == []
    assert len(messages("L04", dex(), *ROUTES, context=None)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "clientID: shop", "client_id = 'shop'", '{"clientId": "shop"}', "--oidc-client-id=shop",
        "cliClientID: shop", "- name: CLIENT_ID\n  value: shop", "audiences: [shop]",
    ],
)  # fmt: skip
def test_a_client_is_used_in_whichever_language_it_is_named(text: str) -> None:
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    named = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"
        f"data:\n  a: |\n{lines}"
    )
    assert messages("L04", dex(), named) == []
