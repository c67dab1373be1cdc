"""S06: what looks like a credential, wherever it stands, and what only looks a little like one."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib

import pytest

from lib.checks import catalogue
from lib.checks.document import Document, File
from lib.checks.engine import judge
from lib.checks.loading import load
from lib.checks.model import Model
from lib.checks.rules.secrets.credentials import is_named, is_plain, opaque, shapes
from tests.checks.judging import findings

# With a bar in each, so that no scanner takes this file for a leak.
_BROKEN = """
gh|p_0123456789abcdefghijABCDEFGHIJ012345
github|_pat_11ABCDEFG0abcdefghijkl_0123456789
gl|pat-0123456789abcdefghij
AK|IAIOSFODNN7EXAMPLE
xo|xb-123456789012-abcdefghijkl
sk|_live_0123456789abcdefghij
AI|za0123456789abcdefghijklmnopqrstuvwxy
hv|s.CAESIJ0123456789abcdefghij
np|m_0123456789abcdefghijABCDEFGHIJ012345
AGE-SECRET|-KEY-1QQQQQQQQQQQQQQQQQQQQQQQ
K1|00123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef::server:sesame
ey|JhbGciOiJIUzI1NiJ9.ey|JzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N
$2|y$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234
-----BEGIN |RSA PRIVATE KEY-----
"""
TOKENS = _BROKEN.replace("|", "").strip().splitlines()
RANDOM = "q7Zr2Xw9Lk4TvB8sYp3NfJ6hMd1Gc5Re"


def in_env(name: str, value: str) -> str:
    return (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: shop, namespace: shop}\nspec:\n  containers:\n"
        f"  - {{name: a, image: 'a.example/a:1', env: [{{name: {name}, value: '{value}'}}]}}\n"
    )


def configmap(text: str, key: str = "a") -> str:
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"
        f"data:\n  {key}: |\n{lines}"
    )


def application(helm: str) -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        "metadata: {name: shop, namespace: argocd}\n"
        f"spec: {{source: {{chart: shop, helm: {helm}}}}}\n"
    )


# --- by its name -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD", "DB_PASSWORD", "DB_PASS", "ADMIN_PWD", "API_TOKEN", "GITHUB_TOKEN", "SECRET",
        "CLIENT_SECRET", "clientSecret", "AWS_SECRET_ACCESS_KEY", "SIGNING_KEY", "apiKey",
        "passphrase", "cookie-secret", "database.password",
    ],
)  # fmt: skip
def test_a_variable_that_is_called_like_a_credential_is_one(name: str) -> None:
    assert len(findings("S06", in_env(name, "sesame"))) == 1


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD_FILE", "TOKEN_URL", "SECRET_NAME", "CACHE_KEY", "PARTITION_KEY", "PUBLIC_KEY",
        "COMPASS", "KEYBOARD", "TOKENS_PER_MINUTE", "PASS_THROUGH", "MONKEY", "existingSecret",
        "imagePullSecrets", "MAX_TOKENS",
    ],
)  # fmt: skip
def test_a_variable_that_is_called_a_little_like_one_is_none(name: str) -> None:
    assert findings("S06", in_env(name, "sesame")) == ()


@pytest.mark.parametrize(
    "value",
    [
        "", "$(DB_PASSWORD)", "${DB_PASSWORD}", "$argocd-oidc:clientSecret", "{{ .Values.token }}",
        "/run/secrets/token", "file:/run/token", "true", "********", "https://a.example/token",
        "300", "30m", "database-login", "vault:kv/shop",
    ],
)  # fmt: skip
def test_a_value_that_tells_where_the_credential_is_is_none(value: str) -> None:
    assert findings("S06", in_env("API_TOKEN", value)) == ()


def test_a_number_may_be_a_password_but_no_token() -> None:
    assert len(findings("S06", in_env("DB_PASSWORD", "12345678"))) == 1
    assert findings("S06", in_env("API_TOKEN", "12345678")) == ()


@pytest.mark.parametrize(
    "text",
    [
        configmap("password: sesame"),
        configmap('{"database": {"password": "sesame"}}'),
        configmap("[database]\npassword = sesame", "database.ini"),
        configmap('resource "a" {\n  password = "sesame"\n}'),
        configmap("#!/bin/sh\nexport DB_PASSWORD=sesame\necho", "run.sh"),
        configmap("bind 0.0.0.0\nrequirepass sesame"),
        configmap(
            "#!/bin/sh\nvault write auth/oidc/config \\\n  oidc_client_secret=sesame \\\n  a=b"
        ),
        configmap("host=database dbname=shop password=sesame"),
        application("{valuesObject: {database: {password: sesame}}}"),
        application("{values: 'database: {password: sesame}'}"),
        application("{parameters: [{name: database.password, value: sesame}]}"),
        in_env("ARGUMENTS", "--verbose --password=sesame"),
        in_env("A", "b").replace("env: ", "args: [--password, sesame], env: "),
        in_env("A", "b").replace("env: ", "command: [run, --token=sesame], env: "),
        in_env("A", "b").replace("env: ", "args: [--requirepass, sesame], env: "),
        in_env("A", "b").replace("env: ", "args: [--requirepass=sesame], env: "),
        in_env("A", "b").replace("env: ", "args: ['run --password \"sesame\" &'], env: "),
        configmap("#!/bin/sh\nrun --token 'sesame' --verbose", "run"),
        "apiVersion: a.example/v1\nkind: A\nmetadata: {name: a}\nspec: {password: sesame}\n",
    ],
)
def test_a_credential_is_found_in_every_kind_of_settings(text: str) -> None:
    (finding,) = findings("S06", text)
    assert finding.fingerprint == hashlib.sha256(b"sesame").hexdigest()
    assert "sesame" not in finding.message


@pytest.mark.parametrize(
    "text",
    [
        configmap("#!/bin/sh\nsecret=$(vault kv get a)\ntoken=\"$secret\"\nprintf 'Token: '"),
        configmap("local token = request.token\nsecret = other_secret\nreturn token", "a.lua"),
        configmap('func f() {\n  password := os.Getenv("A")\n}'),
        configmap("The password: it is kept elsewhere.\nAsk the team for a token: they know."),
        "apiVersion: a.example/v1\nkind: A\nmetadata: {name: a}\nspec: {secretKey: database}\n",
        "apiVersion: a.example/v1\nkind: A\nmetadata: {name: a}\nspec: {token: ci-robot}\n",
    ],
)
def test_a_programs_names_and_a_sentence_are_none(text: str) -> None:
    assert findings("S06", text) == ()


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("[sh, -c, 'exec server --requirepass Tr0ub4dor&3 --port 6379']", 1),
        ("[sh, -ec, 'server --password hunter2']", 1),
        ("[server, --password, Tr0ub4dor&3, --secret, s3same]", 2),
        ("[--password-file=/run/secrets/password, --token-url, 'https://a.example/b1']", 0),
        ("[--password, $(PASSWORD), '--token=${TOKEN}', '--secret=']", 0),
        ("[sh, -c, 'run --password \"$PASSWORD\" --token $(cat /run/token) --secret']", 0),
        ("[sh, -c, 'run --password-file /run/a1 --token TOKEN; echo --secret is missing']", 0),
        ("[sh, -c, 'run --password --user Shop1']", 0),
    ],
)
def test_an_option_and_its_value_beside_it_are_one_setting(command: str, found: int) -> None:
    text = in_env("A", "b").replace("env: ", f"command: {command}, env: ")
    assert len(findings("S06", text)) == found


# --- by its shape ------------------------------------------------------------------------------


@pytest.mark.parametrize("token", TOKENS)
def test_an_issuers_shape_is_known_anywhere(token: str) -> None:
    assert [found.value for found in shapes(f"# {token}\n")] == [token] or "BEGIN" in token
    assert len(findings("S06", configmap(f"see here: {token} ."))) == 1


def test_a_token_is_found_in_base64_too() -> None:
    encoded = base64.b64encode(f"token {TOKENS[0]}".encode()).decode()
    (finding,) = findings("S06", configmap(encoded))
    assert finding.message == "a GitHub token, in base64"
    assert finding.fingerprint == hashlib.sha256(TOKENS[0].encode()).hexdigest()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("postgres://shop:hunter2@database/shop", ["hunter2"]),
        ("redis://:hunter2@redis:6379", ["hunter2"]),
        ("postgres://shop:$(PASSWORD)@database/shop", []),
        ("postgres://shop:<path:kv/data/shop/a#b>@database/shop", []),
        ("ssh://git@github.com:22/shop", []),
        ("https://registry.example:5000/a@sha256:0", []),
        ("https://user:password@registry.example/", []),
        ("http://a.example/?x=a:b@c", []),
    ],
)
def test_an_address_holds_a_password_only_before_its_host(address: str, found: list[str]) -> None:
    assert [each.value for each in shapes(address)] == found


def test_two_private_keys_are_two_credentials() -> None:
    head = "-----BEGIN " + "PRIVATE KEY-----\n"
    one, other = (f"{head}{body}\n-----END PRIVATE KEY-----\n" for body in ("AAAA", "BBBB"))
    found = {each.fingerprint for each in shapes(one + other)}
    assert len(found) == 2


# --- by its randomness -------------------------------------------------------------------------


@pytest.mark.parametrize("text", [RANDOM, f"{RANDOM[:16]}+/{RANDOM[16:]}=="])
def test_what_looks_drawn_by_lot_is_one(text: str) -> None:
    assert opaque("value", text) is not None
    assert len(findings("S06", configmap(f"value: {text}"))) == 1


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("caBundle", RANDOM),
        ("checksum/config", RANDOM),
        ("digest", RANDOM),
        ("image", f"a.example/shop@sha256:{'0a1b' * 16}"),
        ("value", "0a1b" * 16),
        ("value", "6f1ed002-ab5b-4d3c-9e2a-1f2d3c4b5a69"),
        ("value", "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"),
        ("value", "MIIBhTCCASugAwIBAgIQIRi6zePL6mKjOipn+dNuaTAKBggqhkjOPQQDAjASMRAw"),
        ("value", "/usr/share/Xa9/Bq7Zr2Xw9Lk4TvB8sYp3"),
        ("value", "concurrentReplicaRebuildPerNodeLimit2"),
        ("value", "application/vnd.Kubernetes.Protobuf2"),
        ("value", "ENABLE_FeatureGate1,AnotherFeatureGate2"),
        ("value", "the quick Brown fox 2 jumps"),
    ],
)
def test_a_sum_a_public_key_a_path_and_words_are_none(key: str, text: str) -> None:
    assert opaque(key, text) is None


def test_names_and_values_are_judged_apart() -> None:
    assert is_named("DB_PASSWORD")
    assert not is_named("token", anywhere=True)
    assert is_plain("password", "sesame")
    assert not is_plain("password", "one two three four")


# --- where it stands ---------------------------------------------------------------------------


def test_a_secrets_values_are_the_matter_of_another_rule() -> None:
    text = (
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{a: '{TOKENS[0]}'}}\n"
    )
    assert findings("S06", text) == ()
    assert len(findings("S01", text)) == 1


def test_what_kubectl_noted_of_a_secret_is_not() -> None:
    note = '{"stringData": {"password": "sesame"}}'
    text = (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n"
        f"    kubectl.kubernetes.io/last-applied-configuration: '{note}'\n"
    )
    (finding,) = findings("S06", text)
    assert finding.message == "/stringData/password in it: a plain value of password"


def test_a_definition_may_explain_what_an_address_looks_like() -> None:
    text = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: a.a.example}\n"
        "spec: {description: 'such as postgres://shop:hunter2@database', password: sesame}\n"
    )
    assert findings("S06", text) == ()
    assert len(findings("S06", text.replace("sesame", TOKENS[0]))) == 1


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("server/config.yaml", "token: sesame\n"),
        ("server/config.yaml", "kube-apiserver-arg: [--etcd-s3-secret-key=sesame]\n"),
        ("sysctl.conf", "# for all nodes\nPASSWORD=sesame\n"),
    ],
)
def test_the_nodes_files_are_looked_at(path: str, content: str) -> None:
    file = File(path, content.encode(), f"dist/production/nodes/{path}")
    model = Model([], node_files=load([file]).node_files)
    assert [each.kind for each in model.node_files] == [""]
    rule = catalogue.RULES["S06"]
    report = judge([model], [rule], as_of=dt.date(2026, 4, 1), catalogue=catalogue.RULES)
    assert [finding.rule for finding in report.findings] == ["S06"]
    assert not report.crashed


def test_a_value_that_is_found_twice_in_one_place_is_told_once() -> None:
    text = configmap(f"a: {TOKENS[0]}\nb: {TOKENS[0]}")
    assert len(findings("S06", text)) == 1


def test_a_document_without_an_object_has_no_texts() -> None:
    model = Model([Document(File("a.yaml", b""), 0, None)])
    assert not list(catalogue.RULES["S06"].check(model.documents[0], model))
