"""Vault: holds every credential of the cluster; Argo CD fills them in while it deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.vault.setup import OIDC_CALLBACKS, login_script, setup_script
from apps.vault.values import (
    CHART_VERSION,
    HEADLESS,
    PODS,
    REPO,
    SERVICE,
    SETUP,
    TLS,
    vault_values,
)
from lib.constructs import (
    INTERNAL_CA,
    AppChart,
    Certificate,
    HelmChart,
    IngressRoute,
    KubeObject,
    LoginClient,
    NetworkPolicy,
    from_traefik,
    to_dex,
    to_kube_api,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster


class Vault(AppChart):
    """Vault from the bootstrap folder: Argo CD's plugin logs in to it before it renders anything.

    What is done by hand once (initialize, unseal, then two scripts) is in docs/systems/vault.md.
    """

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "vault", cluster=cluster, project="platform", before_argocd=True)
        self.host = cluster.host("vault")
        callbacks = tuple(callback.format(host=self.host) for callback in OIDC_CALLBACKS)
        self.login_clients = (LoginClient(id="vault", name="Vault", redirect_uris=callbacks),)
        HelmChart(
            self.bootstrap,
            "vault",
            cluster=cluster,
            repo=REPO,
            chart="vault",
            version=CHART_VERSION,
            namespace="vault",
            values=vault_values(cluster),
        )
        self._certificate()
        self._setup()
        self._network_policy()
        self._route()

    def _certificate(self) -> None:
        """For the Service, and for each server by its own name."""
        Certificate(
            self.bootstrap,
            "vault-tls",
            name=TLS,
            namespace="vault",
            secret_name=TLS,
            dns_names=[SERVICE, f"{SERVICE}.cluster.local", "vault", f"*.{HEADLESS}"],
            issuer=INTERNAL_CA,
        )

    def _setup(self) -> None:
        """The two scripts, with this cluster's names in them; they lie in each pod."""
        scripts = {
            "setup.sh": setup_script(self.cluster),
            "login.sh": login_script(self.cluster, self.login_clients[0]),
        }
        KubeObject(
            self.bootstrap,
            "setup",
            api_version="v1",
            kind="ConfigMap",
            name=SETUP,
            namespace="vault",
            body={"data": scripts},
        )

    def _network_policy(self) -> None:
        servers = [{"podSelector": {"matchLabels": PODS}}]
        raft = [{"protocol": "TCP", "port": 8200}, {"protocol": "TCP", "port": 8201}]
        repo_server = {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "argocd"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "argocd-repo-server"}},
        }
        NetworkPolicy(
            self.bootstrap,
            "vault-network-policy",
            name="vault",
            namespace="vault",
            selector=PODS,
            ingress=[
                {"from": servers, "ports": raft},
                {"from": [repo_server], "ports": [{"protocol": "TCP", "port": 8200}]},
                from_traefik(self.cluster, port=8200),
            ],
            # The API server reviews the tokens that Argo CD shows.
            egress=[{"to": servers, "ports": raft}, to_kube_api(self.cluster), to_dex()],
        )

    def _route(self) -> None:
        """People come through Traefik, which speaks TLS to Vault too and knows its CA."""
        KubeObject(
            self,
            "servers-transport",
            api_version="traefik.io/v1alpha1",
            kind="ServersTransport",
            name="vault",
            body={"spec": {"serverName": SERVICE, "rootCAs": [{"secret": TLS}]}},
        )
        IngressRoute(
            self,
            "route",
            cluster=self.cluster,
            name="vault",
            host=self.host,
            service="vault",
            port="https",
            servers_transport="vault",
        )
