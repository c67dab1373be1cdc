"""P05: Dex knows no passwords of its own, and no secret stands in its configuration.

The configuration is in the chart's values, in a Secret or ConfigMap as ``config.yaml``, or in Argo
CD's settings as ``dex.config``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.checks.chart_values import Values, written
from lib.checks.charts import TYPES, installed_by
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_INSECURE = ("insecureSkipVerify", "insecureNoSSL", "insecureSkipSignatureValidation")
_SECRETS = ("clientSecret", "bindPW")
# The environment, a template over it, or what Argo CD's plugin fills in.
_ELSEWHERE = re.compile(r"\$|\{\{|<")
_CLEAR = re.compile(r"http://(?!localhost\b|127\.|\[::1\])")
_ITS_OWN = {"issuer", "staticClients", "connectors", "storage"}
_ENOUGH = 3


def _dex(document: Document, model: Model) -> Iterator[Problem]:
    for config in _configurations(document, model):
        yield from _no_passwords(config)
        for client in config.each("staticClients"):
            yield from _client(client)
        for connector in config.each("connectors"):
            yield from _connector(connector.at("config"))
        issuer = config.at("issuer")
        if _CLEAR.match(issuer.text()):
            yield issuer.problem(f"{issuer.text()}: tokens travel in clear text")


def _configurations(document: Document, model: Model) -> Iterator[Place]:
    for chart in installed_by(document, model):
        if chart.name == "dex" and chart.values.get("configSecret", "create") is not False:
            yield _read(chart.values.at("config"))
        if chart.name == "argo-cd":
            yield _read(chart.values.at("configs", "cm", "dex.config"))
    if document.type in {"Secret", "ConfigMap"}:
        for field in ("stringData", "data"):
            if document.name == "argocd-cm":
                yield _read(document.at(field, "dex.config"))
            config = _read(document.at(field, "config.yaml"))
            if len(_ITS_OWN & config.mapping().keys()) >= _ENOUGH:
                yield config


def _read(place: Place) -> Place:
    """What a text of YAML says; the place itself where it is no text."""
    if not isinstance(place.value, str):
        return place
    layer = written(place)
    return place if layer is None else Values.of([layer])


def _no_passwords(config: Place) -> Iterator[Problem]:
    database, passwords = config.at("enablePasswordDB"), config.at("staticPasswords")
    if database.value is True:
        yield database.problem("Dex keeps passwords of its own, beside GitHub's accounts")
    if passwords.items():
        yield passwords.problem("passwords stand in the configuration")


def _client(client: Place) -> Iterator[Problem]:
    secret, name = client.at("secret"), client.text("id") or client.text("name")
    if secret.text() and not _ELSEWHERE.match(secret.text()):
        yield secret.problem(f"the secret of {name} stands in the configuration: secretEnv")
    for address in client.each("redirectURIs"):
        if _CLEAR.match(address.text()):
            yield address.problem(f"{address.text()}: a code to log in with travels in clear text")


def _connector(config: Place) -> Iterator[Problem]:
    for key in _SECRETS:
        if config.text(key) and not _ELSEWHERE.match(config.text(key)):
            yield config.at(key).problem(f"{key} stands in the configuration: $NAME")
    for key in _INSECURE:
        if config.get(key) is True:
            yield config.at(key).problem(f"{key}: anyone can pose as the other side")
    address = config.at("redirectURI")
    if _CLEAR.match(address.text()):
        yield address.problem(f"{address.text()}: a code to log in with travels in clear text")


_GOOD = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: dex, namespace: argocd}
spec:
  source:
    chart: dex
    helm:
      valuesObject:
        config:
          issuer: https://dex.festival.example
          enablePasswordDB: false
          connectors:
          - type: github
            config: {clientSecret: $GITHUB_CLIENT_SECRET, insecureSkipVerify: false}
          staticClients:
          - id: vault
            secretEnv: VAULT_CLIENT_SECRET
            redirectURIs: ["https://vault.festival.example/callback"]
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="P05",
        title="Dex has no passwords of its own, and its secrets come from the environment",
        severity=Severity.P1,
        reason="Who logs in at Dex is let in everywhere. A secret that is read in git, or on the "
        "way, lets anybody pose as a client.",
        source="dexidp/dex cmd/dex/config.go and connector/*",
        fix="Set enablePasswordDB to false, secretEnv for clients, $NAME for connectors, and "
        "https:// addresses.",
        exempt=Exempt.ANNOTATION,
        types=TYPES,
        subjects=documents(*TYPES, "Secret", "ConfigMap"),
        check=_dex,
        good=_GOOD,
        bad=_GOOD.replace("enablePasswordDB: false", "enablePasswordDB: true")
        .replace("Verify: false", "Verify: true")
        .replace("secretEnv: VAULT_CLIENT_SECRET", "secret: 0123456789abcdef")
        .replace('["https:', '["http:'),
    ),
)
