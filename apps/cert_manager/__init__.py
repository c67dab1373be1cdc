"""cert-manager: keeps certificates issued, Let's Encrypt's to visitors and our own CA's inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.cert_manager.internal_ca import internal_ca
from apps.cert_manager.issuers import issuers
from apps.cert_manager.sakura_solver import SakuraSolver
from apps.cert_manager.values import CHART_VERSION, REPO, cert_manager_values
from lib.constructs import (
    AppChart,
    HelmChart,
    NetworkPolicy,
    from_nodes,
    to_internet,
    to_kube_api,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

# Labels of the chart's pods.
WEBHOOK = {"app.kubernetes.io/name": "webhook", "app.kubernetes.io/component": "webhook"}
CONTROLLER = {
    "app.kubernetes.io/name": "cert-manager",
    "app.kubernetes.io/component": "controller",
}


class CertManager(AppChart):
    """cert-manager and the internal CA from the bootstrap folder; Let's Encrypt by Argo CD.

    Vault serves TLS with a certificate of the internal CA, and Argo CD waits for Vault, so these
    come before both. Let's Encrypt's issuers need a credential from Vault, so they come after.
    """

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(
            scope, "cert-manager", cluster=cluster, project="platform", before_argocd=True
        )
        HelmChart(
            self.bootstrap,
            "cert-manager",
            cluster=cluster,
            repo=REPO,
            chart="cert-manager",
            version=CHART_VERSION,
            namespace="cert-manager",
            values=cert_manager_values(cluster),
        )
        self._allow("pods", {}, egress=[to_kube_api(cluster)])
        self._allow("webhook", WEBHOOK, ingress=[from_nodes(cluster, port=10250)])  # API servers
        self._allow(
            "controller",
            CONTROLLER,
            egress=[
                to_internet(cluster, 443),  # Let's Encrypt, and the DNS provider's API
                to_internet(cluster, 53),  # is the challenge's record there yet?
                to_internet(cluster, 53, protocol="UDP"),
            ],
        )
        internal_ca(self)
        issuers(self)
        if cluster.dns.provider == "sakura":
            SakuraSolver(self, "sakura-solver")

    def _allow(
        self,
        name: str,
        selector: dict[str, str],
        *,
        ingress: list[dict[str, object]] | None = None,
        egress: list[dict[str, object]] | None = None,
    ) -> None:
        NetworkPolicy(
            self.bootstrap,
            f"allow-{name}",
            name=name,
            namespace="cert-manager",
            selector=selector,
            ingress=ingress,
            egress=egress,
        )
