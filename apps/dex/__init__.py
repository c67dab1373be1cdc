"""Dex: turns a GitHub login into OIDC: every service here knows its user, and their teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.dex.config import variable
from apps.dex.values import CHART_VERSION, PODS, PORT, REPO, SECRETS, dex_values
from lib.constructs import (
    AppChart,
    HelmSource,
    IngressRoute,
    NetworkPolicy,
    VaultSecret,
    from_traefik,
    to_internet,
    to_kube_api,
    vault,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from lib.config import Cluster
    from lib.constructs import LoginClient


class Dex(AppChart):
    """Dex, for the clients that the other apps offer.

    Args:
        scope: The cluster's Platform.
        cluster: Gives organization and teams.
        clients: Who may send users here to log in.
    """

    def __init__(
        self, scope: Construct, *, cluster: Cluster, clients: Sequence[LoginClient]
    ) -> None:
        super().__init__(scope, "dex", cluster=cluster, project="platform")
        self.helm(
            HelmSource(
                repo=REPO,
                chart="dex",
                version=CHART_VERSION,
                release="dex",
                values=dex_values(cluster, clients),
            )
        )
        VaultSecret(
            self,
            "secrets",
            name=SECRETS,
            data={
                "GITHUB_CLIENT_ID": vault("dex/github", "clientID"),
                "GITHUB_CLIENT_SECRET": vault("dex/github", "clientSecret"),
                **{variable(client): client.secret for client in clients if not client.public},
            },
        )
        IngressRoute(
            self,
            "route",
            cluster=cluster,
            name="dex",
            host=cluster.host("dex"),
            service="dex",
            port="http",
        )
        NetworkPolicy(
            self,
            "network-policy",
            name="dex",
            selector=PODS,
            ingress=[from_traefik(cluster, port=PORT)],  # not the telemetry port
            egress=[to_kube_api(cluster), to_internet(cluster, 443)],  # its storage, and GitHub
        )
