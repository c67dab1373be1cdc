"""Vault: holds every credential of the cluster; Argo CD fills them in while it deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.vault.config import HEADLESS, SERVICE, TLS
from apps.vault.network_policy import network_policy
from apps.vault.setup import login_script, setup_script
from apps.vault.values import CHART_VERSION, REPO, SETUP, vault_values
from lib.constructs import (
    INTERNAL_CA,
    AppChart,
    Certificate,
    HelmChart,
    IngressRoute,
    KubeObject,
    LoginClient,
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
        page = f"https://{cluster.host('vault')}/ui/vault/auth/oidc/oidc/callback"
        command = "http://localhost:8250/oidc/callback"
        client = LoginClient(id="vault", name="Vault", redirect_uris=(page, command))
        self.login_clients = (client,)
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
        self._setup(client)
        network_policy(self)
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

    def _setup(self, client: LoginClient) -> None:
        """The two scripts, with this cluster's names in them; the chart mounts them in each pod."""
        scripts = {
            "setup.sh": setup_script(self.cluster),
            "login.sh": login_script(self.cluster, client),
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
            host=self.cluster.host("vault"),
            service="vault",
            port="https",
            servers_transport="vault",
        )
