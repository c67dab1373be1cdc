"""Let's Encrypt, which proves by records in the DNS zone that a name is ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.cert_manager.sakura_solver.names import GROUP, SOLVER
from apps.cert_manager.values import DNS_SECRET
from lib.constructs import KubeObject, VaultSecret, vault

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import AppChart

# The names that a cluster file's certificates.issuer may have.
SERVERS = {
    "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
    "letsencrypt-production": "https://acme-v02.api.letsencrypt.org/directory",
}


def issuers(app: AppChart) -> None:
    """Make both issuers, so that changing from staging to production is one line.

    The credential is the DNS provider's: at Cloudflare an API token that may read the zone and
    edit its records, at Sakura an API key.
    """
    keys = ["apiToken"]
    if app.cluster.dns.provider == "sakura":
        keys = ["accessToken", "accessTokenSecret"]
    VaultSecret(
        app, "dns", name=DNS_SECRET, data={key: vault("cert-manager/dns", key) for key in keys}
    )
    for name, server in SERVERS.items():
        KubeObject(
            app,
            name,
            api_version="cert-manager.io/v1",
            kind="ClusterIssuer",
            name=name,
            body={
                "spec": {
                    "acme": {
                        "server": server,
                        "email": app.cluster.certificates.email,
                        "privateKeySecretRef": {"name": f"{name}-account"},
                        "solvers": [
                            {
                                "selector": {"dnsZones": [app.cluster.dns.zone]},
                                "dns01": _solver(app.cluster),
                            }
                        ],
                    }
                }
            },
        )


def _solver(cluster: Cluster) -> dict[str, Any]:
    dns = cluster.dns
    if dns.provider == "cloudflare":
        return {"cloudflare": {"apiTokenSecretRef": {"name": DNS_SECRET, "key": "apiToken"}}}
    return {
        "webhook": {
            "groupName": GROUP,
            "solverName": SOLVER,
            "config": {
                "zoneID": dns.zone_id,
                "accessTokenRef": {"name": DNS_SECRET, "key": "accessToken"},
                "accessTokenSecretRef": {"name": DNS_SECRET, "key": "accessTokenSecret"},
            },
        }
    }
