"""L05 and L06: both sides of a login have the same secret, and the same way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.checks import catalogue
from lib.checks.document import File
from lib.checks.loading import load
from lib.checks.model import Model
from tests.checks.judging import findings
from tests.checks.rules.login_loop import (
    AT_DEX,
    AT_SHOP,
    ROUTES,
    WHOLE,
    dex,
    messages,
    proxy,
    with_,
)

# --- L05 ---------------------------------------------------------------------------------------


def test_two_places_in_vault_are_two_secrets() -> None:
    other = AT_SHOP.replace("oidc/shop#", "shop/oidc#")
    (message,) = messages("L05", dex(), *ROUTES, proxy(), AT_DEX, other)
    assert "kv/data/shop/oidc#clientSecret" in message
    assert "kv/data/oidc/shop#clientSecret" in message


@pytest.mark.parametrize(
    ("client", "what"),
    [
        ("{id: shop, public: true}", "has a secret, and Dex knows shop as public"),
        ("{id: shop}", "is not public, and has no secret"),
        ("{id: shop, secretEnv: SHOP_SECRTE}", "no Secret gives Dex the variable SHOP_SECRTE"),
    ],
)
def test_a_client_has_a_secret_on_both_sides_or_on_none(client: str, what: str) -> None:
    (message,) = messages("L05", dex(client), *ROUTES, proxy(), AT_DEX, AT_SHOP)
    assert what in message


def test_a_public_client_with_a_secret_is_a_contradiction() -> None:
    (message,) = messages("L05", dex("{id: shop, public: true, secretEnv: SHOP_SECRET}"))
    assert "is public, and has a secret" in message


def test_a_secret_that_is_not_in_the_set_is_unknown() -> None:
    assert messages("L05", dex(), *ROUTES, proxy()) == []


# --- L06 ---------------------------------------------------------------------------------------


def test_both_sides_name_the_same_way_back() -> None:
    other = with_("redirect-url=https://shop", "redirect-url=https://hop")
    awaited, sent = "https://hop.festival.example/back", "https://shop.festival.example/back"
    assert sorted(messages("L06", *other)) == [
        f"oauth2-proxy awaits its users at {awaited}, and Dex sends nobody there",
        f"oauth2-proxy awaits nobody at {sent}",
    ]


def test_the_address_itself_is_blamed_where_it_is_given() -> None:
    found = findings(
        "L06", *with_("redirect-url=https://shop", "redirect-url=https://hop"), context=WHOLE
    )
    assert sorted((each.kind, each.pointer) for each in found) == [
        ("Application", "/spec/source/helm/valuesObject/config/staticClients/0/redirectURIs/0"),
        ("Deployment", "/spec/template/spec/containers/0/args/3"),
    ]


# --- our own programs, as they are in dist/ ------------------------------------------------------

DIST = Path(__file__).resolve().parents[3] / "dist" / "production"


def ours() -> Model:
    files = [
        File(path.as_posix(), path.read_bytes(), f"dist/{path.relative_to(DIST.parent)}")
        for path in sorted(DIST.rglob("*.yaml"))
    ]
    loaded = load(files)
    return Model(loaded.documents, WHOLE, (), loaded.node_files)


def test_every_program_of_ours_is_known_with_its_client_secret_and_way_back() -> None:
    programs = {each.name: each for each in catalogue.RULES["L03"].subjects(ours())}
    known = {
        name: (each.ids, bool(each.secret), len(each.callbacks)) for name, each in programs.items()
    }
    assert known == {
        "Argo CD": (("argocd", "argocd-cli"), True, 1),
        "Vault": (("vault",), True, 2),
        "kubectl": (("kubectl",), False, 0),
        "oauth2-proxy": (("oauth2-proxy",), True, 1),
    }
