"""Who reaches Vault: its own servers, Argo CD's repo-server, and people through Traefik."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.vault.values import PODS
from lib.constructs import NetworkPolicy, from_traefik, to_dex, to_kube_api

if TYPE_CHECKING:
    from lib.constructs import AppChart

API = {"protocol": "TCP", "port": 8200}
REPLICATION = {"protocol": "TCP", "port": 8201}

SERVERS = {"podSelector": {"matchLabels": PODS}}
REPO_SERVER = {
    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "argocd"}},
    "podSelector": {"matchLabels": {"app.kubernetes.io/name": "argocd-repo-server"}},
}


def network_policy(app: AppChart) -> None:
    """Vault itself asks the API server about the tokens that it is shown, and Dex about people."""
    NetworkPolicy(
        app.bootstrap,
        "vault-network-policy",
        name="vault",
        namespace="vault",
        selector=PODS,
        ingress=[
            {"from": [SERVERS], "ports": [API, REPLICATION]},
            {"from": [REPO_SERVER], "ports": [API]},
            from_traefik(app.cluster, port=8200),
        ],
        egress=[
            {"to": [SERVERS], "ports": [API, REPLICATION]},
            to_kube_api(app.cluster),
            to_dex(),
        ],
    )
