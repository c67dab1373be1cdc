"""Traefik: takes 80 and 443 on every agent, and brings each host to its Service over TLS.

Sakura's load balancer answers to the clients directly (DSR) and cannot translate ports, so Traefik
listens on the nodes' own ports, and no Service of type LoadBalancer takes part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.traefik.values import CHART_VERSION, REPO, traefik_values
from lib.constructs import AppChart, Certificate, HelmChart, IngressRoute, behind_login

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster


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
        self._dashboard()

    def _dashboard(self) -> None:
        """Show what Traefik routes, to administrators alone.

        No list of addresses beside the login: the team works from home and from phones, so a list
        would either hold everybody's or lock out the one who has to look. The page changes nothing.
        """
        IngressRoute(
            self,
            "dashboard",
            cluster=self.cluster,
            name="dashboard",
            host=self.cluster.host("traefik"),
            service="api@internal",
            port=None,
            middlewares=[behind_login(self)],
        )
