from __future__ import annotations

import re

import pytest

from tests.apps.logins import NAMES, built, clients, cluster, values


def config(name: str) -> dict[str, object]:
    found: dict[str, object] = values("dex", name)["config"]
    return found


def groups_of_dex(name: str) -> set[str]:
    (connector,) = values("dex", name)["config"]["connectors"]
    (organization,) = connector["config"]["orgs"]
    assert connector["config"]["teamNameField"] == "slug"
    return {f"{organization['name']}:{team}" for team in organization["teams"]}


@pytest.mark.parametrize("name", NAMES)
def test_dex_names_every_group_that_anybody_grants_something_to(name: str) -> None:
    dex = groups_of_dex(name)
    argocd = built(name).get("HelmChart", "argocd", "kube-system")
    assert argocd is not None
    granted = set(re.findall(r'g, \\*"([^"\\]+)\\*", role:', str(argocd.object)))
    granted |= set(values("oauth2-proxy", name)["extraArgs"]["allowed-group"].split(","))
    for kind in ("ClusterRoleBinding", "RoleBinding"):
        for binding in built(name).of_kind(kind):
            granted |= {one["name"].removeprefix("oidc:") for one in binding.object["subjects"]}
    assert granted
    assert granted <= dex


@pytest.mark.parametrize("name", NAMES)
def test_nobody_outside_the_clusters_own_teams_may_log_in(name: str) -> None:
    teams = cluster(name).github.teams
    assert groups_of_dex(name) == set(cluster(name).groups(*teams))
    (connector,) = values("dex", name)["config"]["connectors"]
    assert "loadAllGroups" not in connector["config"]


def test_there_are_no_passwords() -> None:
    assert config("production")["enablePasswordDB"] is False
    assert "staticPasswords" not in config("production")
    assert "password" not in values("dex")["config"]["oauth2"]["grantTypes"]


@pytest.mark.parametrize("name", NAMES)
def test_github_sends_people_back_to_dex(name: str) -> None:
    found = values("dex", name)["config"]
    (connector,) = found["connectors"]
    assert connector["config"]["redirectURI"] == f"{found['issuer']}/callback"


def test_every_secret_that_the_configuration_asks_for_is_in_its_environment() -> None:
    found = values("dex")
    text = str(found["config"])
    asked = set(re.findall(r"\$([A-Z0-9_]+)", text))
    asked |= {one["secretEnv"] for one in found["config"]["staticClients"] if "secretEnv" in one}
    secret = built().get("Secret", found["envFrom"][0]["secretRef"]["name"], "dex")
    assert secret is not None
    assert asked == set(secret.object["stringData"])


def test_dex_knows_each_client_with_its_addresses_and_its_own_secret() -> None:
    known = {one["id"]: one for one in values("dex")["config"]["staticClients"]}
    assert set(known) == {offered.id for offered in clients()}
    for offered in clients():
        assert known[offered.id]["redirectURIs"] == list(offered.redirect_uris)
        assert known[offered.id].get("public", False) == offered.public
        assert ("secretEnv" in known[offered.id]) != offered.public
    secrets = [one["secretEnv"] for one in known.values() if "secretEnv" in one]
    assert len(secrets) == len(set(secrets))


def test_visitors_reach_dex_but_not_its_telemetry() -> None:
    policy = built().get("NetworkPolicy", "dex", "dex")
    assert policy is not None
    (rule,) = policy.object["spec"]["ingress"]
    assert [port["port"] for port in rule["ports"]] == [5556]
