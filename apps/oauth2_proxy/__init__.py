"""oauth2-proxy: the login of pages that have none, such as Longhorn's and Traefik's.

Traefik asks it about every request to such a page (``lib.constructs.behind_login``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.oauth2_proxy.values import (
    CHART_VERSION,
    PODS,
    PORT,
    REPO,
    SECRETS,
    oauth2_proxy_values,
)
from lib.constructs import (
    AppChart,
    HelmSource,
    IngressRoute,
    LoginClient,
    NetworkPolicy,
    VaultSecret,
    from_traefik,
    literal,
    to_dex,
    vault,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster


class OAuth2Proxy(AppChart):
    """Lets the cluster's administrators through, and sends everybody else to Dex."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "oauth2-proxy", cluster=cluster, project="platform")
        host = cluster.host("auth")
        client = LoginClient(
            id="oauth2-proxy",
            name="Administration pages",
            redirect_uris=(f"https://{host}/oauth2/callback",),
        )
        self.login_clients = (client,)
        self.helm(
            HelmSource(
                repo=REPO,
                chart="oauth2-proxy",
                version=CHART_VERSION,
                release="oauth2-proxy",
                values=oauth2_proxy_values(cluster, client),
            )
        )
        VaultSecret(
            self,
            "secrets",
            name=SECRETS,
            data={
                "client-id": literal(client.id),
                "client-secret": client.secret,
                "cookie-secret": vault("oauth2-proxy/cookie", "secret"),
            },
        )
        IngressRoute(
            self,
            "route",
            cluster=cluster,
            name="oauth2-proxy",
            host=host,
            service="oauth2-proxy",
            port="http",
        )
        NetworkPolicy(
            self,
            "network-policy",
            name="oauth2-proxy",
            selector=PODS,
            ingress=[from_traefik(cluster, port=PORT)],
            egress=[to_dex()],
        )
