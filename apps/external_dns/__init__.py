"""external-dns: gives every route's host name its DNS record, and takes it back with the route.

There is no wildcard record: a name exists exactly as long as an IngressRoute with the annotations
of ``dns_annotations`` does. The domain itself comes from Traefik's own route for ``/ping``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.external_dns.values import (
    CHART_VERSION,
    DNS_SECRET,
    REPO,
    cloudflare,
    external_dns_values,
    sakura,
)
from lib.constructs import (
    AppChart,
    HelmSource,
    NetworkPolicy,
    VaultSecret,
    to_internet,
    to_kube_api,
    vault,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster


class ExternalDns(AppChart):
    """external-dns, for a zone at Cloudflare or at Sakura Cloud."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "external-dns", cluster=cluster, project="platform")
        dns = cluster.dns
        if dns.provider == "cloudflare":
            provider, keys = cloudflare(dns), ["apiToken"]
        else:
            provider = sakura(dns, domain=cluster.domain)
            keys = ["accessToken", "accessTokenSecret"]
        self.helm(
            HelmSource(
                repo=REPO,
                chart="external-dns",
                version=CHART_VERSION,
                release="external-dns",
                values={**external_dns_values(cluster), **provider},
            )
        )
        VaultSecret(
            self, "dns", name=DNS_SECRET, data={key: vault("external-dns/dns", key) for key in keys}
        )
        NetworkPolicy(
            self,
            "network-policy",
            name="external-dns",
            selector={"app.kubernetes.io/name": "external-dns"},
            egress=[to_kube_api(cluster), to_internet(cluster, 443)],
        )
