"""Argo CD: applies the committed dist/ to the cluster, and keeps it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    LoginClient,
    VaultSecret,
    literal,
    vault,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster


class ArgoCD(AppChart):
    """Argo CD from RKE2's bootstrap folder, and the two Applications that all others hang from.

    RKE2 applies ``bootstrap/``, which ends with the Application ``root``. That one applies
    ``root/``: one Application per app, and ``bootstrap``, which keeps the first folder in step.
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
        self._folder_application("root", namespace="argocd")
        self._folder_application("bootstrap", namespace="kube-system")
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
        self._login()
        if cluster.repository.private:
            self._repository()
        self._trust_in_vault()

    def _folder_application(self, folder: str, *, namespace: str) -> None:
        """``root`` has to be there first, so RKE2 applies it; it then brings ``bootstrap``.

        From then on each applies the other, so ``root`` does not count for the health of
        ``bootstrap``.
        """
        Application(
            self.bootstrap if folder == "root" else self.root,
            f"{folder}-application",
            cluster=self.cluster,
            name=folder,
            project="platform",
            namespace=namespace,
            sources=[FolderSource(path=f"dist/{self.cluster.name}/{folder}")],
            counts=folder != "root",
        )

    def _login(self) -> None:
        """The page and the command as clients of Dex; Argo CD finds its Secret by the label."""
        page = LoginClient(
            id="argocd",
            name="Argo CD",
            redirect_uris=(f"https://{self.cluster.host('argocd')}/auth/callback",),
        )
        command = LoginClient(
            id="argocd-cli",
            name="Argo CD, command line",
            redirect_uris=("http://localhost:8085/auth/callback",),
            public=True,
        )
        self.login_clients = (page, command)
        VaultSecret(
            self,
            "oidc",
            name="argocd-oidc",
            labels={"app.kubernetes.io/part-of": "argocd"},
            data={"clientSecret": page.secret},
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
