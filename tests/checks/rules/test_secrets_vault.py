"""S01 to S05 and S08: what is a placeholder, where it may stand, and whether it is filled in."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from lib.checks.model import Context
from lib.config import load_cluster
from tests.checks.judging import findings

ROOT = Path(__file__).resolve().parents[3]
OURS = Context(cluster=load_cluster(ROOT / "clusters" / "production.yaml"), complete=True)
PLACEHOLDER = "<path:kv/data/shop/database#password>"
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec: {source: {path: ., plugin: {name: argocd-vault-plugin}}}
"""


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def secret(value: str, *, key: str = "password", field: str = "stringData", more: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: database, namespace: shop{more}}}\n"
        f"{field}: {{{key}: '{value}'}}\n"
    )


def messages(rule: str, *texts: str, context: Context | None = None) -> list[str]:
    return [finding.message for finding in findings(rule, *texts, context=context)]


# --- S01 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        secret(PLACEHOLDER),
        secret(f"postgres://shop:{PLACEHOLDER}@database/shop", key="address"),
        secret(PLACEHOLDER, field="data"),
        secret(encoded(PLACEHOLDER), field="data"),
        secret("git", key="type"),
        secret("https://s3.isk01.sakurastorage.jp", key="AWS_ENDPOINTS"),
        secret("oauth2-proxy", key="client-id"),
        secret("<password>", more=", annotations: {avp.kubernetes.io/path: kv/data/shop/database}"),
        secret("", key="password"),
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\n",
    ],
)
def test_a_value_from_vault_and_a_readable_name_may_stand_in_a_secret(text: str) -> None:
    assert messages("S01", text) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (secret("correct horse battery staple"), "the value stands in plain text"),
        (secret(encoded("sesame"), field="data"), "the value stands in plain text"),
        (secret("AAECAwQFBgcICQ==", field="data"), "the value stands in plain text"),
        (secret(f"postgres://shop:hunter2@{PLACEHOLDER}/shop", key="address"), "an address with"),
        (secret("https://shop:hunter2@git.example/shop", key="url"), "an address with a password"),
        (secret(f"password=hunter2 user={PLACEHOLDER}", key="dsn"), ""),
        (secret("12345678"), "the value stands in plain text"),
    ],
)
def test_what_anyone_could_read_may_not(text: str, what: str) -> None:
    (message,) = messages("S01", text)
    assert what in message


def test_the_finding_does_not_show_the_value() -> None:
    (finding,) = findings("S01", secret("correct horse battery staple"))
    assert finding.pointer == "/stringData/password"
    assert "horse" not in f"{finding}"


def test_a_reference_of_another_tool_is_no_plain_value_but_nothing_fills_it_in_here() -> None:
    text = secret("op://shop/database/password")
    assert messages("S01", text) == []
    assert len(messages("S01", text, context=OURS)) == 1


# --- S02 ------------------------------------------------------------------------------------------


def test_a_placeholder_without_a_path_is_found_in_base64_too() -> None:
    assert len(messages("S02", secret(encoded("a <password> b"), field="data"))) == 1


@pytest.mark.parametrize("value", [PLACEHOLDER, "a < b and c > d", "<a:b>"])
def test_what_only_has_angle_brackets_needs_no_path(value: str) -> None:
    assert messages("S02", secret(value)) == []


# --- S03 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        PLACEHOLDER,
        "<path:kv/data/shop/database#password | base64decode>",
        "<path:kv/data/shop/a/b_c-d#user.name#3 | jsonPath {.a} | sha256sum>",
        "<path:kv/data/shop/tls#key | indent 4>",
        "<path:kv/data/oidc/shop#clientSecret>",
    ],
)
def test_an_app_may_ask_for_its_own_secrets(value: str) -> None:
    assert messages("S03", APPLICATION, secret(value)) == []


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("<path:kv/data/bank/database#password>", "outside kv/data/shop/"),
        ("<path:kv/data/shopping/database#password>", "outside kv/data/shop/"),
        ("<path:kv/data/oidc/bank#clientSecret>", "outside kv/data/shop/"),
        ("<path:kv/data/oidc/shop/more#clientSecret>", "outside kv/data/shop/"),
        ("<path:kv/data/shop/../bank/database#password>", "single slashes"),
        ("<path:kv/data/shop//database#password>", "single slashes"),
        ("<path:kv/shop/database#password>", "KV version 2"),
        ("<path:kv/data/shop/database>", "names no key"),
        ("<path:kv/data/shop/database#password", "does not end"),
        ("<PATH:kv/data/shop/database#password>", "does not begin"),
        ("<path:kv/data/shop/database#pass word>", "it is not <path:PATH#KEY>"),
        ("<path:kv/data/shop/database#password | base32>", "is no modifier"),
        ("<path:kv/data/shop/database#password | indent>", "wants an argument"),
        ("<path:kv/data/shop/database#password | sha256sum 1>", "takes no argument"),
    ],
)
def test_it_may_not_ask_for_others_nor_in_a_way_that_the_plugin_does_not_read(
    value: str, what: str
) -> None:
    (message,) = messages("S03", APPLICATION, secret(value))
    assert what in message


def test_dex_reads_the_secret_of_every_client() -> None:
    dex = APPLICATION.replace("name: shop", "name: dex")
    assert messages("S03", dex, secret("<path:kv/data/oidc/shop#clientSecret>")) == []


def test_the_mount_is_the_clusters() -> None:
    other = "<path:secret/data/shop/database#password>"
    assert messages("S03", APPLICATION, secret(other)) == []
    (message,) = messages("S03", APPLICATION, secret(other), context=OURS)
    assert "is not kv/data/<app>/<name>" in message


def test_whose_secrets_a_folder_may_ask_for_is_not_made_up() -> None:
    assert messages("S03", secret("<path:anything/at/all#password>")) == []


def test_a_path_in_the_annotation_counts_like_one_in_the_placeholder() -> None:
    more = ", annotations: {avp.kubernetes.io/path: kv/data/bank/database}"
    (message,) = messages("S03", APPLICATION, secret("<password>", more=more))
    assert "outside kv/data/shop/" in message


# --- S04 and S05 ----------------------------------------------------------------------------------


def configmap(value: str, *, more: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: shop{more}}}\n"
        f"data: {{a: '{value}'}}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        configmap(PLACEHOLDER),
        configmap(f"a: {PLACEHOLDER}"),
        configmap(encoded(f" {PLACEHOLDER}")),
        secret(PLACEHOLDER, more=f", labels: {{a: '{PLACEHOLDER}'}}"),
        configmap("<a>", more=", annotations: {avp.kubernetes.io/path: kv/data/shop/a}"),
        configmap("a", more=f", annotations: {{checksum/a: '{PLACEHOLDER}'}}"),
    ],
)
def test_a_placeholder_outside_of_a_secrets_values_is_a_finding(text: str) -> None:
    assert len(messages("S04", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        secret(PLACEHOLDER),
        configmap("a <b> c"),
        configmap("a", more=f", annotations: {{c/a: '{PLACEHOLDER[:-1]} | sha256sum>'}}"),
        configmap(PLACEHOLDER, more=", annotations: {avp.kubernetes.io/ignore: 'true'}"),
    ],
)
def test_a_checksum_and_what_the_plugin_leaves_alone_are_none(text: str) -> None:
    assert messages("S04", text) == []


def chart(spec: str) -> str:
    return (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\n"
        f"metadata: {{name: shop, namespace: kube-system}}\nspec: {spec}\n"
    )


@pytest.mark.parametrize(
    "spec",
    [
        "{values: {database: {password: sesame}}}",
        "{valuesContent: '{database: {password: sesame}}'}",
        "{set: {database.password: sesame}}",
        "{values: {env: [{name: API_TOKEN, value: sesame}]}}",
        f"{{values: {{a: '{PLACEHOLDER}'}}}}",
    ],
)
def test_a_charts_credential_is_found_in_every_form_of_its_values(spec: str) -> None:
    assert len(messages("S05", chart(spec))) == 1


@pytest.mark.parametrize(
    "spec",
    [
        "{values: {database: {existingSecret: database, passwordKey: password}}}",
        "{values: {clientSecret: $argocd-oidc:clientSecret, token: ''}}",
        "{values: {server: {secret: database-login, automountServiceAccountToken: false}}}",
        "{values: {tokens: 3, passwordFile: /run/password, secretName: database}}",
        "{valuesContent: '- a'}",
    ],
)
def test_the_name_of_a_secret_is_no_credential(spec: str) -> None:
    assert messages("S05", chart(spec)) == []


# --- S08 ------------------------------------------------------------------------------------------

PLAIN = APPLICATION.replace(", plugin: {name: argocd-vault-plugin}", "")


def test_an_application_with_placeholders_needs_the_plugin() -> None:
    recursing = PLAIN.replace("path: .", "path: ., directory: {recurse: true}")
    (finding,) = findings("S08", recursing, secret(PLACEHOLDER))
    assert (finding.kind, finding.pointer) == ("Application", "/spec/source/path")
    assert "argocd-vault-plugin" in finding.fix


def test_an_application_without_placeholders_does_without_the_plugin() -> None:
    (finding,) = findings("S08", APPLICATION, configmap("a"))
    assert (finding.pointer, finding.fix) == ("/spec/source/plugin", "Remove source.plugin.")
    assert findings("S08", PLAIN, configmap("a")) == ()


def test_another_plugin_may_be_one_of_others_but_not_of_ours() -> None:
    other = APPLICATION.replace("argocd-vault-plugin", "kustomize-with-vault")
    assert findings("S08", other, secret(PLACEHOLDER)) == ()
    assert len(findings("S08", other, secret(PLACEHOLDER), context=OURS)) == 1


def test_each_source_of_an_application_is_looked_at() -> None:
    several = PLAIN.replace("source: {path: .}", "sources: [{chart: a}, {path: .}]")
    (finding,) = findings("S08", several, secret(PLACEHOLDER))
    assert finding.pointer == "/spec/sources/1/path"


def test_a_placeholder_that_no_application_reads_is_never_filled_in() -> None:
    assert findings("S08", secret(PLACEHOLDER)) == ()
    (finding,) = findings("S08", secret(PLACEHOLDER), context=OURS)
    assert (finding.kind, finding.pointer) == ("Secret", "/stringData/password")


def test_a_secret_that_the_plugin_shall_ignore_is_never_filled_in() -> None:
    ignored = secret(PLACEHOLDER, more=", annotations: {avp.kubernetes.io/ignore: 'true'}")
    (message,) = messages("S08", APPLICATION, ignored)
    assert "ignore" in message
