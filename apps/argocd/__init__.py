"""Argo CD: applies the committed dist/ to the cluster, and keeps it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.argocd.login import login
from apps.argocd.values import CHART_VERSION, REPO, argocd_values
from apps.argocd.vault_plugin import CA_SECRET
from lib.constructs import (
    INTERNAL_CA,
    AppChart,
    Application,
    Certificate,
    FolderSource,
    HelmChart,
    IngressRoute,
    VaultSecret,
    literal,
    vault,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster
    from lib.constructs import Folder


class ArgoCD(AppChart):
    """Argo CD from the bootstrap folder, and the two Applications that all others hang from.

    RKE2 applies ``bootstrap/``, and with it the Application ``root``. That one applies ``root/``:
    one Application per app, and ``bootstrap``, which keeps the first folder in step.
    """

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(
            scope,
            "argocd",
            cluster=cluster,
            project="platform",
            before_argocd=True,
            deny_egress=False,  # it talks to git, to chart repositories and to the API server
        )
        HelmChart(
            self.bootstrap,
            "argocd",
            cluster=cluster,
            repo=REPO,
            chart="argo-cd",
            version=CHART_VERSION,
            namespace="argocd",
            values=argocd_values(cluster),
        )
        # Each lies in the other's folder: RKE2 brings the first, which brings the second. The first
        # does not count for the second's health, or both would wait for ever.
        self._folder_application("root", lies_in=self.bootstrap, namespace="argocd", counts=False)
        self._folder_application("bootstrap", lies_in=self.root, namespace="kube-system")
        self.writes_to("kube-system")
        IngressRoute(
            self,
            "route",
            cluster=cluster,
            name="argocd-server",
            host=cluster.host("argocd"),
            service="argocd-server",
            port="http",
        )
        self.login_clients = login(self)
        if cluster.repository.private:
            self._repository()
        self._trust_in_vault()

    def _folder_application(
        self, folder: str, *, lies_in: Folder, namespace: str, counts: bool = True
    ) -> None:
        """Apply a folder of dist/; ``counts`` as of Application."""
        Application(
            lies_in,
            f"{folder}-application",
            cluster=self.cluster,
            name=folder,
            project="platform",
            namespace=namespace,
            sources=[FolderSource(path=f"dist/{self.cluster.name}/{folder}")],
            counts=counts,
        )

    def _repository(self) -> None:
        """Access to this repository, as a GitHub App."""
        VaultSecret(
            self,
            "repository",
            name="argocd-repository",
            labels={"argocd.argoproj.io/secret-type": "repository"},
            data={
                "type": literal("git"),
                "url": literal(self.cluster.repository.url),
                "githubAppID": vault("argocd/repository", "githubAppID"),
                "githubAppInstallationID": vault("argocd/repository", "githubAppInstallationID"),
                "githubAppPrivateKey": vault("argocd/repository", "githubAppPrivateKey"),
            },
        )

    def _trust_in_vault(self) -> None:
        """The certificate of the CA that signed Vault's, for the plugin.

        cert-manager puts its CA's certificate beside each one that it makes; this one is made for
        that alone, because a Secret cannot be read from another namespace.
        """
        Certificate(
            self.bootstrap,
            CA_SECRET,
            name=CA_SECRET,
            namespace="argocd",
            secret_name=CA_SECRET,
            dns_names=[f"{CA_SECRET}.argocd.svc"],
            issuer=INTERNAL_CA,
        )
