"""Traefik's chart and its values: on every agent, straight on the node's ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.traefik.ports import ports
from lib.constructs import Resources, dns_annotations
from lib.constructs.traefik import INGRESS_CLASS

if TYPE_CHECKING:
    from lib.config import Cluster

REPO = "https://traefik.github.io/charts"
# renovate: datasource=helm depName=traefik registryUrl=https://traefik.github.io/charts
CHART_VERSION = "41.3.0"


def traefik_values(cluster: Cluster) -> dict[str, Any]:
    """Values of the chart traefik (traefik/values.yaml of traefik/traefik-helm-chart)."""
    return {
        "deployment": {
            "kind": "DaemonSet",
            # Without it a hostNetwork pod asks the node's resolver, which knows no Services.
            "dnsPolicy": "ClusterFirstWithHostNet",
            "terminationGracePeriodSeconds": 60,
        },
        # The old pod holds 80 and 443, so the new one can start only after it has gone.
        "updateStrategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0},
        },
        "hostNetwork": True,
        "ports": ports(),
        # For callers inside the cluster only; the load balancer talks to the nodes directly.
        "service": {"spec": {"type": "ClusterIP"}},
        "ingressClass": {"enabled": True, "isDefaultClass": True, "name": INGRESS_CLASS},
        "providers": providers(cluster),
        # A router whose TLSOption conflicts is dropped instead of served with the default options.
        "core": {"strictTLSOptions": True},
        "tlsStore": {
            "default": {"defaultCertificate": {"secretName": cluster.wildcard_secret_name}}
        },
        # The dashboard's route is our own, behind a login; `insecure` would open port 8080 to all.
        "api": {"dashboard": True, "disableDashboardAd": True, "insecure": False},
        "ingressRoute": {
            "dashboard": {"enabled": False},
            "healthcheck": {
                "enabled": True,
                "matchRule": "PathPrefix(`/ping`)",
                "entryPoints": ["web", "websecure"],
                "annotations": dns_annotations(cluster, cluster.domain),
            },
        },
        # Root with this one capability: `add` reaches a non-root process only through a file
        # capability, and the image's binary has none.
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
            "readOnlyRootFilesystem": True,
            "runAsGroup": 0,
            "runAsNonRoot": False,
            "runAsUser": 0,
        },
        "priorityClassName": "system-node-critical",
        "resources": Resources(cpu="100m", memory="128Mi", memory_limit="512Mi").spec(),
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        "log": {"format": "json", "level": "INFO"},
        "accessLog": {
            "enabled": True,
            "format": "json",
            # OIDC codes and download tokens travel in query strings.
            "fields": {"queryParameters": {"defaultMode": "drop"}},
        },
    }


def providers(cluster: Cluster) -> dict[str, Any]:
    """What is routed: our IngressRoutes, and Ingresses of charts."""
    return {
        "kubernetesCRD": {
            # An IngressRoute must say spec.ingressClassName; the chart's own then does too.
            "ingressClass": INGRESS_CLASS,
            "allowCrossNamespace": False,
            "allowExternalNameServices": False,
            # References like api@internal, and `default` TLS objects, only from here.
            "crossProviderNamespaces": ["traefik"],
            "defaultTLSResourcesNamespace": "traefik",
        },
        "kubernetesIngress": {
            "allowExternalNameServices": False,
            "crossProviderNamespaces": ["traefik"],
            # A published Service wins over the hostname, and has no address here.
            "publishedService": {"enabled": False},
            "ingressEndpoint": {"hostname": cluster.domain},
        },
    }
