"""Who logs in where: relations between Dex, its clients, their routes and their secrets."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from lib.constructs import LoginClient
from lib.constructs.kube_login import oidc_flags
from lib.errors import BuildError
from tests.apps.logins import NAMES, built, clients, cluster, route_hosts, values

LOCAL = "localhost"


def client(**given: Any) -> LoginClient:
    options = {"id": "shop", "name": "Shop", "redirect_uris": ("https://shop.example/callback",)}
    return LoginClient(**{**options, **given})


def test_a_clients_secret_is_its_own_in_the_shared_folder_of_vault() -> None:
    assert (client().secret.path, client().secret.key) == ("oidc/shop", "clientSecret")


def test_a_public_client_has_no_secret() -> None:
    with pytest.raises(BuildError, match="'shop' is public: it has no secret"):
        _ = client(public=True).secret


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"id": "Shop/../x"}, "the id is not lower-case letters, digits and inner hyphens"),
        ({"redirect_uris": ()}, "redirect_uris is empty: Dex would send nobody back"),
        ({"redirect_uris": ("http://shop.example/cb",)}, "http://shop.example/cb"),
        ({"redirect_uris": ("https://shop.example",)}, "neither https://HOST/PATH nor"),
        ({"redirect_uris": ("https://*.example/cb",)}, "neither https://HOST/PATH nor"),
        ({"redirect_uris": ("http://localhost.example:80/",)}, "neither https://HOST/PATH nor"),
    ],
)
def test_a_client_that_dex_could_not_serve_safely_is_refused(
    given: dict[str, Any], problem: str
) -> None:
    with pytest.raises(BuildError, match=re.escape(problem)):
        client(**given)


@pytest.mark.parametrize("name", NAMES)
def test_every_client_is_sent_back_to_a_host_that_its_own_app_serves(name: str) -> None:
    hosts = route_hosts(name)
    seen = set()
    for offered in clients(name):
        for uri in offered.redirect_uris:
            host = urlsplit(uri).hostname
            if host != LOCAL:
                assert hosts[str(host)] == offered.id, uri
                seen.add(offered.id)
    assert seen == {"argocd", "vault", "oauth2-proxy"}


@pytest.mark.parametrize("name", NAMES)
def test_a_client_on_the_users_own_machine_alone_has_no_secret_to_keep(name: str) -> None:
    for offered in clients(name):
        local = {urlsplit(uri).hostname == LOCAL for uri in offered.redirect_uris}
        assert offered.public == (local == {True}), offered.id


def test_clients_have_ids_of_their_own() -> None:
    ids = [offered.id for offered in clients()]
    assert sorted(ids) == sorted(set(ids))


def test_every_clients_secret_is_read_by_dex_and_by_that_client_alone() -> None:
    readers: dict[str, set[str]] = {}
    for manifest in built().of_kind("Secret"):
        for found in re.findall(
            r"data/oidc/([a-z0-9-]+)#clientSecret", json.dumps(manifest.object)
        ):
            readers.setdefault(found, set()).add(manifest.folder)
    confidential = {offered.id for offered in clients() if not offered.public}
    # Vault is told its own by hand (login.sh): it has no Secret.
    assert readers == {one: {"dex", one} - {"vault"} for one in confidential}


@pytest.mark.parametrize("name", NAMES)
def test_dex_has_one_name_for_everybody(name: str) -> None:
    issuer = values("dex", name)["config"]["issuer"]
    assert urlsplit(issuer).hostname == cluster(name).host("dex")
    assert route_hosts(name)[cluster(name).host("dex")] == "dex"
    assert values("oauth2-proxy", name)["extraArgs"]["oidc-issuer-url"] == issuer
    assert f"oidc-issuer-url={issuer}" in oidc_flags(cluster(name))
    argocd = built(name).get("HelmChart", "argocd", "kube-system")
    assert argocd is not None
    assert f"issuer: {issuer}" in str(argocd.object)
    scripts = built(name).get("ConfigMap", "vault-setup", "vault")
    assert scripts is not None
    assert f"oidc_discovery_url={issuer} " in scripts.object["data"]["login.sh"]


def test_the_api_server_takes_the_tokens_of_kubectl_alone() -> None:
    (flag,) = [flag for flag in oidc_flags(cluster()) if flag.startswith("oidc-client-id=")]
    (kubectl,) = [offered for offered in clients() if offered.id == flag.partition("=")[2]]
    assert kubectl.public


@pytest.mark.parametrize("name", NAMES)
def test_a_page_behind_login_asks_oauth2_proxy_in_its_own_namespace(name: str) -> None:
    manifests = built(name)
    guarded = 0
    for middleware in manifests.of_kind("Middleware"):
        address = middleware.object["spec"]["forwardAuth"]["address"]
        service, namespace, *rest = str(urlsplit(address).hostname).split(".")
        assert rest == ["svc", "cluster", "local"]
        (proxy,) = [m for m in manifests.of_kind("Application") if m.name == "oauth2-proxy"]
        assert proxy.object["spec"]["destination"]["namespace"] == namespace
        assert proxy.object["spec"]["sources"][0]["helm"]["releaseName"] == service
        for route in manifests.of_kind("IngressRoute"):
            for rule in route.object["spec"]["routes"]:
                if {"name": middleware.name} in rule.get("middlewares", []):
                    assert route.namespace == middleware.namespace
                    guarded += 1
    assert guarded >= 1


@pytest.mark.parametrize("name", NAMES)
def test_traefiks_own_pages_are_never_without_login(name: str) -> None:
    internal = 0
    for route in built(name).of_kind("IngressRoute"):
        for rule in route.object["spec"]["routes"]:
            if any(one.get("kind") == "TraefikService" for one in rule["services"]):
                internal += 1
                assert rule["middlewares"][0] == {"name": "login"}
                assert route.namespace == "traefik"
    assert internal == 1
