"""oauth2-proxy's chart and its values: who passes, and how long a login lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import Resources, dex_issuer, spread

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import LoginClient

REPO = "https://oauth2-proxy.github.io/manifests"
# renovate: datasource=helm depName=oauth2-proxy registryUrl=https://oauth2-proxy.github.io/manifests
CHART_VERSION = "10.7.0"

PODS = {"app.kubernetes.io/name": "oauth2-proxy"}
PORT = 4180
SECRETS = "oauth2-proxy-secrets"


def oauth2_proxy_values(cluster: Cluster, client: LoginClient) -> dict[str, Any]:
    """Values of the chart oauth2-proxy (values.yaml of oauth2-proxy/manifests)."""
    return {
        "replicaCount": 2,
        "podDisruptionBudget": {"unhealthyPodEvictionPolicy": "AlwaysAllow"},
        "topologySpreadConstraints": spread(PODS),
        "config": {
            "existingSecret": SECRETS,
            "emailDomains": ["*"],  # the team decides, not the address
            # Whoever may pass gets this answer; Traefik then lets the request through.
            "upstreams": ["static://202"],
        },
        "extraArgs": proxy_flags(cluster, client),
        "sessionStorage": {"type": "cookie"},
        "serviceAccount": {"automountServiceAccountToken": False},
        # Kubernetes' own variables for a Service of this name would look like options.
        "enableServiceLinks": False,
        "metrics": {"enabled": False},
        "resources": Resources(cpu="20m", memory="32Mi", memory_limit="128Mi").spec(),
    }


def proxy_flags(cluster: Cluster, client: LoginClient) -> dict[str, Any]:
    """Flags of oauth2-proxy (docs/docs/configuration/overview.md of oauth2-proxy/oauth2-proxy)."""
    return {
        "provider": "oidc",
        "provider-display-name": "GitHub",
        "oidc-issuer-url": dex_issuer(cluster),
        "redirect-url": client.redirect_uris[0],
        "scope": "openid email profile groups",
        "code-challenge-method": "S256",
        "allowed-group": ",".join(cluster.admin_groups),
        "skip-provider-button": True,
        # One login for all such pages: the cookie is the domain's, and so may be the way back.
        "cookie-domain": f".{cluster.domain}",
        "whitelist-domain": f".{cluster.domain}",
        "cookie-name": "__Secure-login",
        "cookie-samesite": "lax",
        # As long as Dex's token; no token of the user's is kept in it.
        "cookie-expire": "4h",
        "session-cookie-minimal": True,
        # Who asks is Traefik, and only Traefik may say for whom.
        "reverse-proxy": True,
        "trusted-proxy-ip": f"{cluster.network.node_cidr},{cluster.network.pod_cidr}",
        "set-xauthrequest": True,
        "silence-ping-logging": True,
    }
