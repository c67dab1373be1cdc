"""Dex's own configuration: who may log in, by what, and for how long.

Source: cmd/dex/config.go and connector/github/github.go of dexidp/dex.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import dex_issuer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lib.config import Cluster
    from lib.constructs import LoginClient


def dex_config(cluster: Cluster, clients: Sequence[LoginClient]) -> dict[str, Any]:
    """The whole of it. Nothing in it is secret: Dex puts in what stands as $NAME or ...Env."""
    return {
        "issuer": dex_issuer(cluster),
        # Custom resources, whose definitions Dex makes when it first starts.
        "storage": {"type": "kubernetes", "config": {"inCluster": True}},
        "logger": {"format": "json", "level": "info"},
        "oauth2": {
            "grantTypes": ["authorization_code", "refresh_token"],
            "responseTypes": ["code"],
            # GitHub has asked already, and every client is ours.
            "skipApprovalScreen": True,
        },
        "expiry": {
            # Whoever leaves a team keeps what they hold for at most this long ...
            "idTokens": "4h",
            # ... and a client that renews it asks GitHub for the teams again.
            "refreshTokens": {"validIfNotUsedFor": "12h", "absoluteLifetime": "24h"},
        },
        "enablePasswordDB": False,
        "connectors": [github(cluster)],
        "staticClients": [static_client(client) for client in clients],
    }


def github(cluster: Cluster) -> dict[str, Any]:
    """The one way to log in."""
    slugs = [group.partition(":")[2] for group in cluster.groups(*cluster.github.teams)]
    return {
        "type": "github",
        "id": "github",
        "name": "GitHub",
        "config": {
            "clientID": "$GITHUB_CLIENT_ID",
            "clientSecret": "$GITHUB_CLIENT_SECRET",
            "redirectURI": f"{dex_issuer(cluster)}/callback",
            # In none of these teams, no login at all.
            "orgs": [{"name": cluster.github.organization, "teams": slugs}],
            # Groups are `organization:team-slug`: a team's displayed name may change.
            "teamNameField": "slug",
        },
    }


def static_client(client: LoginClient) -> dict[str, Any]:
    """One client as Dex knows it."""
    known = {"id": client.id, "name": client.name, "redirectURIs": list(client.redirect_uris)}
    return known | ({"public": True} if client.public else {"secretEnv": variable(client)})


def variable(client: LoginClient) -> str:
    """Name of the environment variable that holds a client's secret."""
    return f"{client.id.upper().replace('-', '_')}_CLIENT_SECRET"
