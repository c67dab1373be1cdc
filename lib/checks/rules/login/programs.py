"""The programs that send their users to an issuer to log in, as far as their settings show it.

Source: docs/operator-manual/user-management of argoproj/argo-cd; docs/docs/configuration of
oauth2-proxy/oauth2-proxy; docs/reference/access-authn-authz/authentication of kubernetes/website;
website/content/api-docs/auth/jwt.mdx of hashicorp/vault.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib.checks.chart_values import Values, written
from lib.checks.charts import charts
from lib.checks.place import Place
from lib.checks.rules.login.dex import FromVault, from_vault, in_environment, value_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model

_LOOKED_UP = re.compile(r"[$<{]")


class Program(Place):
    """A program's login settings: the place of the issuer's address.

    Attributes:
        name: What people call it.
        issuer: The issuer's address.
        ids: The clients that it, or its command, logs in as.
        secret: Where in Vault the first client's secret lies; None where that cannot be told.
        callbacks: Where the addresses stand at which it awaits its users, each with the address as
            its value; none where that cannot be told.
        is_exact: Whether it awaits them nowhere else.
    """

    __slots__ = ("callbacks", "ids", "is_exact", "issuer", "name", "secret")

    def __init__(
        self,
        name: str,
        issuer: Place,
        *,
        ids: Iterable[str],
        secret: FromVault | None = None,
        callbacks: Iterable[Place] = (),
        is_exact: bool = False,
    ) -> None:
        super().__init__(issuer.document, issuer.pointer, issuer.value)
        self.name = name
        self.issuer = issuer.text()
        self.ids = tuple(each for each in ids if each and not _LOOKED_UP.search(each))
        self.secret = secret
        self.callbacks = tuple(callbacks)
        self.is_exact = is_exact


def programs(model: Model) -> tuple[Program, ...]:
    """All of them whose issuer can be read; ask for ``model.derived(programs)``."""
    found = [
        *_argo_cd(model),
        *_oauth2_proxy(model),
        *_api_server(model),
        *_vault(model),
    ]
    return tuple(each for each in found if each.issuer and not _LOOKED_UP.search(each.issuer))


# --- Argo CD -----------------------------------------------------------------------------------


def _argo_cd(model: Model) -> Iterator[Program]:
    for chart in model.derived(charts):
        if chart.name in {"argo-cd", "argocd"}:
            domain = chart.values.at("global", "domain")
            settings = chart.values.at("configs", "cm")
            yield from _of_argo_cd(model, chart.namespace, settings, domain)
    for document in model.of("ConfigMap"):
        if document.name == "argocd-cm":
            yield from _of_argo_cd(model, document.namespace, document.at("data"), document.at())


def _of_argo_cd(model: Model, namespace: str, settings: Place, domain: Place) -> Iterator[Program]:
    place = settings.at("oidc.config")
    layer = written(place) if place.text() else None
    if layer is None or layer.value is None:
        return
    config = Values.of([layer])
    given = settings.at("url") if settings.text("url") else domain
    url = given.text() if "://" in given.text() else f"https://{given.text()}"
    callback = Place(given.document, given.pointer, f"{url.rstrip('/')}/auth/callback")
    secret = None
    if (named := config.text("clientSecret")).startswith("$"):
        name, _, key = named[1:].rpartition(":")
        secret = from_vault(value_in(model, namespace, name or "argocd-secret", key) or "")
    yield Program(
        "Argo CD",
        config.at("issuer"),
        ids=[config.text("clientID"), config.text("cliClientID")],
        secret=secret,
        callbacks=[callback] if given.text() else [],
    )


# --- oauth2-proxy ------------------------------------------------------------------------------


def _oauth2_proxy(model: Model) -> Iterator[Program]:
    for chart in model.derived(charts):
        if chart.name == "oauth2-proxy":
            yield from _of_proxy_chart(model, chart)
    for pod in model.pods:
        for container in pod.containers:
            if container.image.partition("@")[0].rpartition("/")[2].startswith("oauth2-proxy"):
                yield from _of_proxy_container(model, pod.namespace, container)


def _of_proxy_chart(model: Model, chart: Chart) -> Iterator[Program]:
    values, namespace = chart.values, chart.namespace
    given = values.at("extraArgs")
    flags = {key: place for key, place in given.fields() if isinstance(place.value, str)}
    flags |= _flags(given.each())
    name = values.text("config", "existingSecret")
    id_ = values.text("config", "clientID") or value_in(model, namespace, name, "client-id")
    secret = value_in(model, namespace, name, "client-secret")
    yield from _of_proxy(flags, id_ or "", from_vault(secret or ""))


def _of_proxy_container(model: Model, namespace: str, container: Place) -> Iterator[Program]:
    flags = _flags([*container.each("args"), *container.each("command")])
    for each in container.each("env"):
        variable = each.text("name")
        if variable.startswith("OAUTH2_PROXY_"):
            flag = variable.removeprefix("OAUTH2_PROXY_").lower().replace("_", "-")
            flags.setdefault(flag, each.at("value"))
    secret = in_environment(model, namespace, [container], "OAUTH2_PROXY_CLIENT_SECRET")
    yield from _of_proxy(flags, "", from_vault(secret or ""))


def _of_proxy(flags: dict[str, Place], id_: str, secret: FromVault | None) -> Iterator[Program]:
    if "oidc-issuer-url" in flags:
        redirect = flags.get("redirect-url")
        named = flags["client-id"].text() if "client-id" in flags else ""
        yield Program(
            "oauth2-proxy",
            flags["oidc-issuer-url"],
            ids=[named or id_],
            secret=secret,
            callbacks=[redirect] if redirect and redirect.text().startswith("http") else [],
            is_exact=True,
        )


def _flags(arguments: Iterable[Place]) -> dict[str, Place]:
    """Flag -> its value, for those that are given as ``--flag=value``."""
    found = {}
    for place in arguments:
        flag, sign, value = place.text().lstrip("-").partition("=")
        if sign:
            found[flag] = Place(place.document, place.pointer, value.strip("\"'"))
    return found


# --- kube-apiserver ----------------------------------------------------------------------------


def _api_server(model: Model) -> Iterator[Program]:
    for file in model.node_files:
        flags = _flags(file.each("kube-apiserver-arg"))
        if "oidc-issuer-url" in flags:
            id_ = flags["oidc-client-id"].text() if "oidc-client-id" in flags else ""
            yield Program("kubectl", flags["oidc-issuer-url"], ids=[id_])


# --- Vault -------------------------------------------------------------------------------------

_DISCOVERY = re.compile(r"\boidc_discovery_url=[\"']?(?P<issuer>[^\s\"'\\]+)")
_CLIENT_ID = re.compile(r"\boidc_client_id=[\"']?(?P<id>[^\s\"'\\]+)")
_CLIENT_SECRET = re.compile(r"\boidc_client_secret=[\"']?\$\{?(?P<variable>\w+)")
_REDIRECTS = re.compile(r"allowed_redirect_uris\"?\s*[:=]\s*\[?(?P<list>[^\]]*?)(?:\]|$)")
_QUOTED = re.compile(r"\"([^\"]+)\"")
_READ = r"^\s*{}=\$\(vault kv get -mount=(?P<mount>\S+) -field=(?P<key>\S+) (?P<path>[^\s)]+)\)"


def _vault(model: Model) -> Iterator[Program]:
    for document in model.of("ConfigMap"):
        for _, place in document.root.fields("data"):
            yield from _of_script(document, place)


def _of_script(document: Document, place: Place) -> Iterator[Program]:
    """A script that sets Vault's OIDC method up."""
    text = place.text()
    issuer, id_ = _DISCOVERY.search(text), _CLIENT_ID.search(text)
    if issuer is None or id_ is None:
        return
    secret, variable = None, _CLIENT_SECRET.search(text)
    if variable is not None:
        read = re.search(_READ.format(variable["variable"]), text, re.MULTILINE)
        if read is not None:
            secret = FromVault(f"{read['mount']}/data/{read['path']}", read["key"])
    redirects = _REDIRECTS.search(text)
    addresses = _QUOTED.findall(redirects["list"]) if redirects else []
    yield Program(
        "Vault",
        Place(document, place.pointer, issuer["issuer"]),
        ids=[id_["id"]],
        secret=secret,
        callbacks=[Place(document, place.pointer, address) for address in addresses],
        is_exact=True,
    )
