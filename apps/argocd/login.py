"""Login by Dex alone: Argo CD's two clients there, and which team may do what in Argo CD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import LoginClient, VaultSecret, dex_issuer

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import AppChart

# The Secret that Argo CD reads its page's client secret from.
SECRET = "argocd-oidc"  # noqa: S105 - its name
PAGE, COMMAND = "argocd", "argocd-cli"


def login(app: AppChart) -> tuple[LoginClient, LoginClient]:
    """Give page and command as clients of Dex; Argo CD finds the page's Secret by its label."""
    page = LoginClient(
        id=PAGE,
        name="Argo CD",
        redirect_uris=(f"https://{app.cluster.host('argocd')}/auth/callback",),
    )
    command = LoginClient(
        id=COMMAND,
        name="Argo CD, command line",
        redirect_uris=("http://localhost:8085/auth/callback",),
        public=True,
    )
    VaultSecret(
        app,
        "oidc",
        name=SECRET,
        labels={"app.kubernetes.io/part-of": "argocd"},
        data={"clientSecret": page.secret},
    )
    return page, command


def oidc_config(cluster: Cluster) -> str:
    """``oidc.config`` of argocd-cm (docs/operator-manual/user-management of argoproj/argo-cd)."""
    return (
        "name: GitHub\n"
        f"issuer: {dex_issuer(cluster)}\n"
        f"clientID: {PAGE}\n"
        f"clientSecret: ${SECRET}:clientSecret\n"
        f"cliClientID: {COMMAND}\n"
        "requestedScopes: [openid, profile, email, groups]\n"
    )


def policy(cluster: Cluster) -> str:
    """Roles of whole teams; what a project's own team may do stands in its AppProject."""
    lines = [f'g, "{group}", role:admin' for group in cluster.admin_groups]
    lines += [f'g, "{group}", role:readonly' for group in cluster.viewer_groups]
    return "".join(f"{line}\n" for line in lines)
