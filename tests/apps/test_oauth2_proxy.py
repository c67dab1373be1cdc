from __future__ import annotations

import pytest

from tests.apps.logins import NAMES, built, cluster, values


@pytest.mark.parametrize("name", NAMES)
def test_administrators_alone_pass(name: str) -> None:
    allowed = values("oauth2-proxy", name)["extraArgs"]["allowed-group"].split(",")
    assert allowed == list(cluster(name).admin_groups)


@pytest.mark.parametrize("name", NAMES)
def test_one_login_is_good_for_every_page_of_the_domain_and_for_no_other(name: str) -> None:
    flags = values("oauth2-proxy", name)["extraArgs"]
    assert flags["cookie-domain"] == flags["whitelist-domain"] == f".{cluster(name).domain}"
    assert flags["cookie-name"].startswith("__Secure-")


@pytest.mark.parametrize("name", NAMES)
def test_only_what_traefik_can_come_from_may_say_who_asks(name: str) -> None:
    policy = built(name).get("NetworkPolicy", "oauth2-proxy", "oauth2-proxy")
    assert policy is not None
    (rule,) = policy.object["spec"]["ingress"]
    let_in = {one["ipBlock"]["cidr"] for one in rule["from"]}
    flags = values("oauth2-proxy", name)["extraArgs"]
    assert set(flags["trusted-proxy-ip"].split(",")) == let_in
    assert flags["reverse-proxy"] is True


def test_who_passes_gets_an_answer_without_a_page_behind_it() -> None:
    assert values("oauth2-proxy")["config"]["upstreams"] == ["static://202"]


def test_its_secrets_come_from_the_secret_that_it_names() -> None:
    name = values("oauth2-proxy")["config"]["existingSecret"]
    secret = built().get("Secret", name, "oauth2-proxy")
    assert secret is not None
    assert set(secret.object["stringData"]) == {"client-id", "client-secret", "cookie-secret"}


def test_a_login_lasts_no_longer_than_dexs_token() -> None:
    proxy = values("oauth2-proxy")["extraArgs"]
    assert proxy["cookie-expire"] == values("dex")["config"]["expiry"]["idTokens"]
