"""kubectl's login by Dex: the API server's half of it, and the names that RBAC knows people by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs.login import dex_issuer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lib.config import Cluster

# The client that kubectl logs in as; a token made for another client is refused.
KUBECTL = "kubectl"
# Before every user and group that Dex names, so that no token can say `system:masters`.
OIDC_PREFIX = "oidc:"


def kube_groups(groups: Iterable[str]) -> tuple[str, ...]:
    """Return groups of Dex's, such as ``org:team``, as a ClusterRoleBinding has to name them."""
    return tuple(f"{OIDC_PREFIX}{group}" for group in groups)


def oidc_flags(cluster: Cluster) -> list[str]:
    """Let kube-apiserver take Dex's tokens: its flags, without the dashes.

    It fetches Dex's keys again and again until it has them, so that it starts long before Dex.

    Source: docs/reference/access-authn-authz/authentication of kubernetes/website.
    """
    return [
        f"oidc-issuer-url={dex_issuer(cluster)}",
        f"oidc-client-id={KUBECTL}",
        "oidc-username-claim=email",
        f"oidc-username-prefix={OIDC_PREFIX}",
        "oidc-groups-claim=groups",
        f"oidc-groups-prefix={OIDC_PREFIX}",
    ]
