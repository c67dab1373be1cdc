from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lib.constructs import AppChart, VaultSecret, literal, template, vault
from lib.constructs.platform import Platform
from lib.errors import BuildError
from tests.constructs.building import build, in_app, one, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lib.config import Cluster
    from lib.constructs.vault_secret import FromVault
    from lib.manifests import Manifest

FROM_VAULT = vault("shop/db", "url")


def secret(cluster: Cluster, data: Mapping[str, Any], **options: Any) -> Manifest:
    def fill(app: AppChart) -> None:
        VaultSecret(app, "db", name="db", data=data, **options)

    return one(in_app(cluster, fill), "Secret", "db")


def problems(cluster: Cluster, data: Mapping[Any, Any], **options: Any) -> list[str]:
    def fill(app: AppChart) -> None:
        VaultSecret(app, "db", name="db", data=data)

    found = refused(cluster, fill, **options)
    assert all(line.startswith("VaultSecret db: ") for line in found)
    return [line.removeprefix("VaultSecret db: ") for line in found]


def test_a_value_from_vault_is_the_plugins_inline_placeholder_for_kv_2(cluster: Cluster) -> None:
    found = secret(cluster, {"url": vault("shop/db", "url")})
    assert found.object["stringData"] == {"url": f"<path:{cluster.vault.mount}/data/shop/db#url>"}
    assert "data" not in found.object
    assert found.object["type"] == "Opaque"
    assert (found.namespace, found.folder) == ("shop", "shop")


def test_a_value_that_vault_holds_in_base64_is_decoded(cluster: Cluster) -> None:
    found = secret(cluster, {"key": vault("shop/tls", "key", base64=True)})
    assert found.object["stringData"] == {
        "key": f"<path:{cluster.vault.mount}/data/shop/tls#key | base64decode>"
    }


def test_a_template_puts_text_around_values_from_vault(cluster: Cluster) -> None:
    mount = cluster.vault.mount
    parts = ("postgres://", vault("shop/db", "user"), ":", vault("shop/db", "pw"), "@db:5432/shop")
    assert secret(cluster, {"dsn": template(*parts)}).object["stringData"] == {
        "dsn": (
            f"postgres://<path:{mount}/data/shop/db#user>"
            f":<path:{mount}/data/shop/db#pw>@db:5432/shop"
        )
    }


def test_literals_stand_beside_values_from_vault(cluster: Cluster) -> None:
    found = secret(cluster, {"user": literal("shop"), "url": FROM_VAULT})
    assert found.object["stringData"]["user"] == "shop"


def test_the_secrets_type_and_labels_are_the_ones_given(cluster: Cluster) -> None:
    labels = {"argocd.argoproj.io/secret-type": "repository"}
    found = secret(cluster, {"url": FROM_VAULT}, type="kubernetes.io/basic-auth", labels=labels)
    assert found.object["type"] == "kubernetes.io/basic-auth"
    assert found.object["metadata"]["labels"] == labels


@pytest.mark.parametrize("value", ["hunter2", b"hunter2", 12345678, True, None, ["hunter2"]])
def test_a_plain_value_is_refused_by_its_type_and_never_shown(
    cluster: Cluster, value: object
) -> None:
    (problem,) = problems(cluster, {"pin": value, "url": FROM_VAULT})
    assert problem == (
        f'pin: a plain {type(value).__name__} would be in git: use vault("...", "...")'
    )


@pytest.mark.parametrize(
    "key", ["password", "token", "api_key", "clientSecret", "secretKey", "db-password", "secret"]
)
def test_a_literal_under_a_key_that_names_a_secret_is_refused(cluster: Cluster, key: str) -> None:
    assert problems(cluster, {key: literal("hunter2"), "url": FROM_VAULT}) == [
        f"{key}: the key says that it is a secret, the value is a literal: use vault(...)"
    ]


@pytest.mark.parametrize("key", ["username", "url", "type", "githubAppID"])
def test_a_literal_under_any_other_key_is_accepted(cluster: Cluster, key: str) -> None:
    found = secret(cluster, {key: literal("https://git.example/shop.git"), "other": FROM_VAULT})
    assert found.object["stringData"][key] == "https://git.example/shop.git"


CREDENTIALS = {
    "a GitHub token": "ghp" + "_" + "a1B2" * 9,
    "a fine-grained GitHub token": "github" + "_pat_" + "a1B2" * 9,
    "a private key": "-----BEGIN " + "PRIVATE KEY-----\nMIIB\n",
    "an address with a password": "postgres" + "://shop:hunter2" + "@db:5432/shop",
    "a Vault token": "hvs" + "." + "CAES" * 6,
    "an AWS key": "AKIA" + "ABCDEFGHIJKLMNOP",
    "a Slack token": "xoxb" + "-1234-abcd",
    "a long random text": "aB3" * 10,
}


@pytest.mark.parametrize("kind", sorted(CREDENTIALS))
def test_a_literal_that_looks_like_a_credential_is_refused_and_never_shown(
    cluster: Cluster, kind: str
) -> None:
    text = CREDENTIALS[kind]
    for data in (
        {"note": literal(text), "url": FROM_VAULT},
        {"note": template(text, FROM_VAULT)},
    ):
        assert problems(cluster, data) == [
            "note: the literal text looks like a credential: use vault(...)"
        ]


def test_literal_text_that_the_plugin_would_replace_is_refused(cluster: Cluster) -> None:
    assert problems(cluster, {"note": literal("<path:kv/data/shop/db#url>"), "u": FROM_VAULT}) == [
        "note: '<' and '>' in literal text could be read as a placeholder"
    ]


def test_a_path_of_another_app_is_refused(cluster: Cluster) -> None:
    assert problems(cluster, {"url": vault("cafe/db", "url")}) == [
        "url: Vault path 'cafe/db' lies outside the app's own folder shop/"
    ]


def test_a_path_that_only_starts_like_the_app_is_refused(cluster: Cluster) -> None:
    assert problems(cluster, {"url": vault("shop-admin/db", "url")}) == [
        "url: Vault path 'shop-admin/db' lies outside the app's own folder shop/"
    ]


def test_a_login_client_reads_its_own_shared_secret(cluster: Cluster) -> None:
    found = secret(cluster, {"clientSecret": vault("oidc/shop", "clientSecret")})
    assert found.object["stringData"]["clientSecret"] == (
        f"<path:{cluster.vault.mount}/data/oidc/shop#clientSecret>"
    )


@pytest.mark.parametrize("client", ["argocd", "shop2"])
def test_a_login_client_reads_no_other_clients_secret(cluster: Cluster, client: str) -> None:
    assert problems(cluster, {"clientSecret": vault(f"oidc/{client}", "clientSecret")}) == [
        (
            f"clientSecret: Vault path 'oidc/{client}' belongs to the client {client!r} and to "
            "dex, not to 'shop'"
        )
    ]


@pytest.mark.parametrize("client", ["argocd", "shop"])
def test_dex_reads_every_clients_secret(cluster: Cluster, client: str) -> None:
    def fill(platform: Platform) -> None:
        app = AppChart(platform, "dex", cluster=cluster)
        VaultSecret(app, "client", name="client", data={"s": vault(f"oidc/{client}", "secret")})

    found = one(build(cluster, fill), "Secret", "client")
    assert found.object["stringData"] == {
        "s": f"<path:{cluster.vault.mount}/data/oidc/{client}#secret>"
    }


@pytest.mark.parametrize("client", ["shop/inner", "shop_2"])
def test_a_client_that_the_plugin_would_refuse_is_refused_here(
    cluster: Cluster, client: str
) -> None:
    assert problems(cluster, {"s": vault(f"oidc/{client}", "secret")}) == [
        (
            f"s: Vault path 'oidc/{client}' is not oidc/<client>: lower-case letters, digits "
            "and '-' alone"
        )
    ]


@pytest.mark.parametrize(
    "path",
    [
        "shop",
        "shop/",
        "/shop/db",
        "shop//db",
        "shop/../cafe/db",
        "../shop/db",
        "shop/./db",
        "shop/Db",
        "shop/d b",
        "shop/db#url",
        "shop/db ",
        "shop/db\n",
        "shop/db|base64decode",
        "shop/db>",
        "shop/日本",
        "",
    ],
)
def test_a_path_outside_the_grammar_is_refused(cluster: Cluster, path: str) -> None:
    assert problems(cluster, {"url": vault(path, "url")}) == [
        (
            f"url: Vault path {path!r} is not written as <app>/<name> in lower-case letters, "
            "digits, '-' and '_' (KV's mount and its /data/ are added here)"
        )
    ]


@pytest.mark.parametrize("path", ["shop/db", "shop/db_2", "shop/a/b-c/d", "shop/0"])
def test_a_path_within_the_grammar_is_accepted(cluster: Cluster, path: str) -> None:
    found = secret(cluster, {"url": vault(path, "url")})
    assert found.object["stringData"]["url"] == f"<path:{cluster.vault.mount}/data/{path}#url>"


@pytest.mark.parametrize("key", ["", "a b", "a#b", "a>b", "a|b", ".a", "a\n", "鍵"])
def test_a_vault_key_outside_the_grammar_is_refused(cluster: Cluster, key: str) -> None:
    assert problems(cluster, {"url": vault("shop/db", key)}) == [
        f"url: Vault path 'shop/db': key {key!r} is not letters, digits, '_', '-' and '.'"
    ]


@pytest.mark.parametrize("key", ["", "a b", "a/b", "x" * 254, "a\n"])
def test_a_key_that_no_secret_may_have_is_refused(cluster: Cluster, key: str) -> None:
    assert problems(cluster, {key: FROM_VAULT}) == [
        f"{key!r} is no key of a Secret: use letters, digits, '.', '_' and '-'"
    ]


@pytest.mark.parametrize("data", [{}, {"note": literal("open")}])
def test_a_secret_without_anything_from_vault_is_refused(
    cluster: Cluster, data: Mapping[str, Any]
) -> None:
    assert problems(cluster, data) == [
        "nothing in it comes from Vault: use a ConfigMap for what anyone may read"
    ]


def test_a_template_without_anything_from_vault_is_refused(cluster: Cluster) -> None:
    assert problems(cluster, {"note": template("open"), "url": FROM_VAULT}) == [
        "note: the template takes nothing from Vault: use literal(...)"
    ]


def test_all_that_is_wrong_is_told_at_once_and_no_value_is_shown(cluster: Cluster) -> None:
    data = {"a": "hunter2", "password": literal("hunter2"), "c": vault("cafe/db", "k")}
    found = problems(cluster, data)
    assert [line.partition(":")[0] for line in found] == ["a", "password", "c"]
    assert "hunter2" not in "".join(found)


def test_a_secret_outside_an_app_is_refused(cluster: Cluster) -> None:
    with pytest.raises(BuildError, match="a VaultSecret lies within an AppChart"):
        VaultSecret(Platform(cluster), "db", name="db", data={"url": FROM_VAULT})


def test_a_refused_secret_leaves_its_app_without_the_plugin(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        with pytest.raises(BuildError):
            VaultSecret(app, "db", name="db", data={"url": "hunter2"})  # type: ignore[dict-item]
        assert app.uses_vault is False

    in_app(cluster, fill)


@pytest.mark.parametrize("given", [vault("shop/db", "url"), vault("shop/db", "url", base64=True)])
def test_the_mount_is_the_clusters(given: FromVault) -> None:
    assert given.placeholder("secrets").startswith("<path:secrets/data/shop/db#url")
