"""external-dns' chart and its values: what it writes, and who serves the zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import Resources
from lib.constructs.traefik import DNS_PREFIX

if TYPE_CHECKING:
    from lib.config import CloudflareDns, Cluster, SakuraDns

REPO = "https://kubernetes-sigs.github.io/external-dns"
# renovate: datasource=helm depName=external-dns registryUrl=https://kubernetes-sigs.github.io/external-dns
CHART_VERSION = "1.21.1"
SAKURA_IMAGE = "ghcr.io/sacloud/external-dns-sacloud-webhook"
# renovate: datasource=docker depName=ghcr.io/sacloud/external-dns-sacloud-webhook
SAKURA_VERSION = "v0.2.1"

DNS_SECRET = "dns"  # noqa: S105 - its name


def external_dns_values(cluster: Cluster) -> dict[str, Any]:
    """Values of the chart external-dns (charts/external-dns/values.yaml), but the provider's."""
    return {
        "sources": ["traefik-proxy"],
        "annotationPrefix": f"{DNS_PREFIX}/",
        # Names of removed routes go too: one that nobody serves any more would stay pointed at us.
        # What it did not make itself is safe, as the TXT record beside each name says whose it is.
        "policy": "sync",
        "registry": "txt",
        "txtOwnerId": cluster.name,
        # With the type in it and a dot at its end, so that the domain's own record gets its TXT
        # record below the domain, and not beside it in another zone.
        "txtPrefix": "_external-dns-%{record_type}.",
        "managedRecordTypes": ["A"],  # the public address is the only target
        "interval": "5m",
        "triggerLoopOnEvent": True,  # and within seconds of a change
        "logFormat": "json",
        "priorityClassName": "system-cluster-critical",
        "resources": Resources(cpu="10m", memory="64Mi", memory_limit="256Mi").spec(),
    }


def cloudflare(dns: CloudflareDns) -> dict[str, Any]:
    """Cloudflare, which external-dns speaks itself."""
    return {
        "provider": {"name": "cloudflare"},
        # Not the domain, which may lie below the zone: this filter has to let the zone through.
        "domainFilters": [dns.zone],
        "extraArgs": {"cloudflare-proxied": dns.proxied},
        "env": [from_secret("CF_API_TOKEN", "apiToken")],
    }


def sakura(dns: SakuraDns, *, domain: str) -> dict[str, Any]:
    """Sakura Cloud, by Sakura's own webhook in a second container.

    It gets a zone's own name wrong (``example.org`` in the zone ``example.org``), so where the
    domain is the zone, that one record is made by hand; ``.DOMAIN`` means all names below.

    Source: cmd/webhook/main.go, whose variables are not the README's, and internal/handler of
    sacloud/external-dns-sacloud-webhook v0.2.1.
    """
    return {
        "provider": {
            "name": "webhook",
            "webhook": {
                "image": {"repository": SAKURA_IMAGE, "tag": SAKURA_VERSION},
                "env": [
                    {"name": "WEBHOOK_ZONE_NAME", "value": dns.zone},
                    {"name": "WEBHOOK_PROVIDER_PORT", "value": "8080"},
                    from_secret("WEBHOOK_SAKURA_API_TOKEN", "accessToken"),
                    from_secret("WEBHOOK_SAKURA_API_SECRET", "accessTokenSecret"),
                ],
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "readOnlyRootFilesystem": True,
                    "runAsNonRoot": True,
                },
                "resources": Resources(cpu="10m", memory="32Mi", memory_limit="128Mi").spec(),
            },
        },
        "domainFilters": [f".{domain}" if domain == dns.zone else domain],
        # The chart fixes the container's port, and probes it there.
        "extraArgs": {"webhook-provider-url": "http://localhost:8080"},
    }


def from_secret(variable: str, key: str) -> dict[str, Any]:
    """An environment variable whose value lies in the Secret."""
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": DNS_SECRET, "key": key}}}
