"""P05: Dex's configuration, wherever it stands."""

from __future__ import annotations

import pytest

from tests.checks.rules.places import places

GOOD = """\
issuer: https://dex.festival.example
storage: {type: kubernetes}
enablePasswordDB: false
connectors:
- {type: github, config: {clientSecret: $SECRET, redirectURI: "https://dex.festival.example/callback"}}
staticClients:
- {id: cli, public: true, redirectURIs: ["http://localhost:8085/callback", "http://127.0.0.1/x"]}
- {id: vault, secretEnv: VAULT_SECRET, redirectURIs: ["https://vault.festival.example/x"]}
"""


def chart(config: str) -> str:
    indented = "".join(f"      {line}\n" for line in config.splitlines())
    return f"""\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {{name: dex, namespace: kube-system}}
spec:
  chart: dex
  values:
    config:
{indented}"""


def in_text(
    kind: str, field: str, config: str, *, name: str = "dex", key: str = "config.yaml"
) -> str:
    indented = "".join(f"    {line}\n" for line in config.splitlines())
    return (
        f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: dex}}\n"
        f"{field}:\n  {key}: |\n{indented}"
    )


BAD = [
    ("enablePasswordDB: false", "enablePasswordDB: true", "/enablePasswordDB"),
    ("enablePasswordDB: false", "staticPasswords: [{email: a}]", "/staticPasswords"),
    ("secretEnv: VAULT_SECRET", "secret: abc", "/staticClients/1/secret"),
    ("https://vault.festival", "http://vault.festival", "/staticClients/1/redirectURIs/0"),
    ("clientSecret: $SECRET", "clientSecret: abc", "/connectors/0/config/clientSecret"),
    ("clientSecret: $SECRET", "bindPW: abc", "/connectors/0/config/bindPW"),
    ("clientSecret: $SECRET", "insecureSkipVerify: true",
     "/connectors/0/config/insecureSkipVerify"),
    ("clientSecret: $SECRET", "insecureNoSSL: true", "/connectors/0/config/insecureNoSSL"),
    ('redirectURI: "https:', 'redirectURI: "http:', "/connectors/0/config/redirectURI"),
    ("issuer: https:", "issuer: http:", "/issuer"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "pointer"), BAD)
def test_a_setting_is_judged_in_the_charts_values(old: str, new: str, pointer: str) -> None:
    assert places("P05", chart(GOOD.replace(old, new))) == [
        f"HelmChart/dex /spec/values/config{pointer}"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("secretEnv: VAULT_SECRET", "secret: '{{ .Env.X }}'"),
        ("clientSecret: $SECRET", "insecureSkipVerify: false"),
        ("staticClients:", "staticClients: [[1], text]\nx:"),
        ("connectors:", "connectors: {a: b}\nx:"),
    ],
)
def test_what_is_safe_or_no_configuration_is_fine(old: str, new: str) -> None:
    assert places("P05", chart(GOOD.replace(old, new) if old else GOOD)) == []


@pytest.mark.parametrize(("kind", "field"), [("Secret", "stringData"), ("ConfigMap", "data")])
@pytest.mark.parametrize(("old", "new", "_"), BAD[:4])
def test_a_setting_is_judged_in_a_text(kind: str, field: str, old: str, new: str, _: str) -> None:
    assert places("P05", in_text(kind, field, GOOD)) == []
    assert places("P05", in_text(kind, field, GOOD.replace(old, new))) == [
        f"{kind}/dex /{field}/config.yaml"
    ]


def test_a_placeholder_in_a_secret_is_no_secret() -> None:
    filled = GOOD.replace("secretEnv: VAULT_SECRET", "secret: <path:kv/data/dex#vault>")
    assert places("P05", in_text("Secret", "stringData", filled)) == []


def test_another_programs_configuration_is_not_judged() -> None:
    text = in_text("ConfigMap", "data", "issuer: http://a\nenablePasswordDB: true")
    assert places("P05", text) == []
    assert places("P05", in_text("ConfigMap", "data", "a: [")) == []


def test_argo_cds_own_dex_is_judged_too() -> None:
    connector = "connectors: [{config: {clientSecret: abc}}]"
    text = in_text("ConfigMap", "data", connector, name="argocd-cm", key="dex.config")
    assert places("P05", text) == ["ConfigMap/argocd-cm /data/dex.config"]
