"""Traefik: takes 80 and 443 on every agent, and brings each host to its Service over TLS.

Sakura's load balancer answers to the clients directly (DSR) and cannot translate ports, so Traefik
listens on the nodes' own ports, and no Service of type LoadBalancer takes part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import AppChart, Certificate, HelmChart, dns_annotations
from lib.constructs.traefik import INGRESS_CLASS

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

REPO = "https://traefik.github.io/charts"
# renovate: datasource=helm depName=traefik registryUrl=https://traefik.github.io/charts
CHART_VERSION = "41.3.0"

# After SIGTERM `/ping` answers 503 while requests are still accepted, so that the load balancer
# takes the node out first (two checks at 10 s). Together below the pod's 60 s of grace.
DRAIN = {"requestAcceptGraceTimeout": "25s", "graceTimeOut": "30s"}


class Traefik(AppChart):
    """Traefik from the bootstrap folder, and the wildcard certificate that it serves by default."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(
            scope,
            "traefik",
            cluster=cluster,
            project="platform",
            pod_security="privileged",  # hostNetwork
            before_argocd=True,
            deny_egress=False,  # policies do not reach a hostNetwork pod anyway
        )
        HelmChart(
            self.bootstrap,
            "traefik",
            cluster=cluster,
            repo=REPO,
            chart="traefik",
            version=CHART_VERSION,
            namespace="traefik",
            values=traefik_values(cluster),
        )
        Certificate(
            self,
            "wildcard",
            name="wildcard",
            secret_name=cluster.wildcard_secret_name,
            dns_names=[cluster.domain, f"*.{cluster.domain}"],
            issuer=cluster.certificates.issuer,
        )


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
        "ports": {
            "web": {
                "port": 80,
                "http": {
                    "redirections": {
                        "entryPoint": {
                            "to": "websecure",
                            "scheme": "https",
                            "permanent": True,
                            # Below PathPrefix(`/ping`), whose priority is its length: 18. The
                            # default, MaxInt-1, would redirect the load balancer's check.
                            "priority": 10,
                        }
                    }
                },
                "transport": {"lifeCycle": DRAIN},
            },
            "websecure": {
                "port": 443,
                "asDefault": True,
                "transport": {"lifeCycle": DRAIN},
            },
            # The kubelet's probes come from the node itself; nobody else needs this port.
            "traefik": {"port": 8080, "hostIP": "127.0.0.1"},
            # 9100 on the node belongs to node-exporter.
            "metrics": {"port": 9101, "exposedPort": 9101},
        },
        # For callers inside the cluster only; the load balancer talks to the nodes directly.
        "service": {"spec": {"type": "ClusterIP"}},
        "ingressClass": {"enabled": True, "isDefaultClass": True, "name": INGRESS_CLASS},
        "providers": {
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
        },
        # A router whose TLSOption conflicts is dropped instead of served with the default options.
        "core": {"strictTLSOptions": True},
        "tlsStore": {
            "default": {"defaultCertificate": {"secretName": cluster.wildcard_secret_name}}
        },
        "api": {"dashboard": False, "insecure": False},
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
        "resources": {
            "requests": {"cpu": "100m", "memory": "128Mi"},
            "limits": {"memory": "512Mi"},
        },
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        "log": {"format": "json", "level": "INFO"},
        "accessLog": {
            "enabled": True,
            "format": "json",
            # OIDC codes and download tokens travel in query strings.
            "fields": {"queryParameters": {"defaultMode": "drop"}},
        },
    }
