"""CoreDNS: RKE2's own, taught that Dex's name is inside the cluster.

Pods that log somebody in ask https://dex.<domain>, as browsers do. The name's public address does
not lead back in: the router would have to turn packets around, and the load balancer answers from
the very nodes that ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import AppChart, HelmChartConfig

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

# The Service of apps/traefik.
TRAEFIK = "traefik.traefik.svc.cluster.local"


class CoreDNS(AppChart):
    """Values for the chart that RKE2 installs itself."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "coredns", cluster=cluster, project="platform", namespace=None)
        HelmChartConfig(
            self.bootstrap, "rke2-coredns", cluster=cluster, values=coredns_values(cluster)
        )


def coredns_values(cluster: Cluster) -> dict[str, Any]:
    """Values of RKE2's chart rke2-coredns (rancher/rke2-charts).

    The list replaces the chart's, so all but the rewrite is the chart's own. The order of the
    plugins is CoreDNS' own affair.
    """
    dex = cluster.host("dex")
    kubernetes = "pods insecure\nfallthrough in-addr.arpa ip6.arpa\nttl 30"
    plugins = [
        {"name": "errors"},
        {"name": "health", "configBlock": "lameduck 10s"},
        {"name": "ready"},
        {"name": "rewrite", "parameters": f"name exact {dex} {TRAEFIK} answer auto"},
        # The chart puts the cluster's domain first.
        {"name": "kubernetes", "parameters": "in-addr.arpa ip6.arpa", "configBlock": kubernetes},
        {"name": "prometheus", "parameters": "0.0.0.0:9153"},
        {"name": "forward", "parameters": ". /etc/resolv.conf"},
        {"name": "cache", "parameters": "30"},
        {"name": "loop"},
        {"name": "reload"},
        {"name": "loadbalance"},
    ]
    zone = {"zone": ".", "use_tcp": True}
    return {"servers": [{"zones": [zone], "port": 53, "plugins": plugins}]}
