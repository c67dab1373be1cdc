"""Dex's chart, its values, and Dex's own configuration inside of them: who may log in, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import dex_issuer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lib.config import Cluster
    from lib.constructs import LoginClient

REPO = "https://charts.dexidp.io"
# renovate: datasource=helm depName=dex registryUrl=https://charts.dexidp.io
CHART_VERSION = "0.24.0"
# The chart's own is v2.44.0; what is configured here is the same in both.
# renovate: datasource=docker depName=ghcr.io/dexidp/dex
IMAGE_TAG = "v2.45.1"

PODS = {"app.kubernetes.io/name": "dex"}
PORT = 5556
SECRETS = "dex-secrets"


def dex_values(cluster: Cluster, clients: Sequence[LoginClient]) -> dict[str, Any]:
    """Values of the chart dex (charts/dex/values.yaml of dexidp/helm-charts)."""
    return {
        "image": {"tag": IMAGE_TAG},
        "replicaCount": 2,
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
        },
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": PODS},
            }
        ],
        # Nothing in it is secret: Dex itself puts in what stands as $NAME or ...Env.
        "config": dex_config(cluster, clients),
        "envFrom": [{"secretRef": {"name": SECRETS}}],
        # The image's entry point writes the configuration once more before Dex reads it.
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "16Mi"}}],
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 - in the container
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1001,
            "runAsGroup": 1001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "resources": {
            "requests": {"cpu": "50m", "memory": "64Mi"},
            "limits": {"memory": "256Mi"},
        },
    }


def dex_config(cluster: Cluster, clients: Sequence[LoginClient]) -> dict[str, Any]:
    """Dex's own configuration (cmd/dex/config.go of dexidp/dex)."""
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
    """The one way to log in (connector/github/github.go of dexidp/dex)."""
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
