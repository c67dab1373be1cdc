"""Login by GitHub team: who logs in at Dex, and how a page without a login of its own gets one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.constructs.traefik import Middleware
from lib.constructs.vault_secret import SHARED, FromVault
from lib.errors import BuildError

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs.app_chart import AppChart

# Where oauth2-proxy answers inside the cluster (apps/oauth2_proxy): 202 to who is logged in and
# may pass, else the redirect to the login. Traefik takes no Middleware of another namespace, so
# each app has its own and they all ask this one address.
LOGIN_CHECK = "http://oauth2-proxy.oauth2-proxy.svc.cluster.local/"
# A client that runs on the user's own machine, as kubectl and argocd do.
_LOCAL = re.compile(r"http://localhost:[0-9]+(/[a-z0-9/_-]*)?")
_REMOTE = re.compile(r"https://[a-z0-9.-]+/[a-z0-9/_-]*")
_ID = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class LoginClient:
    """A program that sends its users to Dex to log in: an OIDC client.

    The app that it belongs to offers it, and main.py hands it to Dex.

    Args:
        id: The client's id, and its name below ``oidc/`` in Vault.
        name: What the user reads at the login.
        redirect_uris: Where Dex may send the user back to: ``https://`` and one of the app's own
            hosts, or ``http://localhost:PORT`` for a program on the user's machine.
        public: Whether it has no secret, because whoever runs it could read it.

    Raises:
        BuildError: An id that is no path in Vault, or an address that is neither of the two.
    """

    id: str
    name: str
    redirect_uris: tuple[str, ...]
    public: bool = False

    def __post_init__(self) -> None:
        wrong = []
        if not _ID.fullmatch(self.id):
            wrong.append("the id is not lower-case letters, digits and inner hyphens")
        if not self.redirect_uris:
            wrong.append("redirect_uris is empty: Dex would send nobody back")
        wrong += [
            f"redirect address {uri!r} is neither https://HOST/PATH nor http://localhost:PORT"
            for uri in self.redirect_uris
            if not (_REMOTE.fullmatch(uri) or _LOCAL.fullmatch(uri))
        ]
        if wrong:
            raise BuildError([f"LoginClient {self.id!r}: {line}" for line in wrong])

    @property
    def secret(self) -> FromVault:
        """Its secret in Vault, which Dex reads and the client itself.

        Raises:
            BuildError: It is public, and has none.
        """
        if self.public:
            raise BuildError(f"LoginClient {self.id!r} is public: it has no secret")
        return FromVault(f"{SHARED}/{self.id}", "clientSecret")


def dex_issuer(cluster: Cluster) -> str:
    """Dex's address, as every client, every token and the API server's flags name it."""
    return f"https://{cluster.host('dex')}"


def to_dex() -> dict[str, Any]:
    """Allow calls of Dex, for a NetworkPolicy's egress.

    Inside the cluster its name leads to Traefik (apps/coredns.py), which is any of the nodes; by
    port alone, because not every CNI matches an address rule against a pod's own node.
    """
    return {"ports": [{"protocol": "TCP", "port": 443}]}


def behind_login(scope: AppChart) -> str:
    """Let only the cluster's administrators through, after a login.

    Args:
        scope: The app whose namespace holds the route.

    Returns:
        Name of the Middleware to put first on the route.

    Source: docs/content/reference/routing-configuration/http/middlewares/forwardauth.md of
    traefik/traefik, and docs/docs/configuration/integrations/traefik.md of
    oauth2-proxy/oauth2-proxy.
    """
    options = {
        "address": LOGIN_CHECK,
        # Set by the check alone: what the visitor sent under these names is thrown away.
        "authResponseHeaders": ["X-Auth-Request-Email", "X-Auth-Request-User"],
    }
    Middleware(scope, "login", name="login", kind="forwardAuth", options=options)
    return "login"
