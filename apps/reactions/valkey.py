"""Valkey, which carries each reaction from the pod that got it to all others, and keeps nothing.

One pod, without a volume: when it is replaced, viewers miss a few seconds of each other's taps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.reactions.valkey_pod import PASSWORD_FOLDER, PASSWORD_SECRET, PORT, valkey_pod
from lib.constructs import KubeObject, NetworkPolicy, VaultSecret, template, vault

if TYPE_CHECKING:
    from lib.constructs import AppChart

ADDRESS = f"valkey:{PORT}"
PASSWORD_FILE = f"{PASSWORD_FOLDER}/password"

LABELS = {"app.kubernetes.io/name": "valkey"}
PORTS = [{"protocol": "TCP", "port": PORT}]


def to_valkey() -> dict[str, Any]:
    """Let the backend call it, for its own policy's egress."""
    return {"to": [{"podSelector": {"matchLabels": LABELS}}], "ports": PORTS}


def valkey(app: AppChart, *, client: str) -> None:
    """Run Valkey for the pods of one web service of the app."""
    password = vault("reactions/valkey", "password")
    VaultSecret(
        app,
        "valkey-password",
        name=PASSWORD_SECRET,
        data={"password": password, "valkey.conf": template("requirepass ", password)},
    )
    _deployment(app)
    KubeObject(
        app,
        "valkey-service",
        api_version="v1",
        kind="Service",
        name="valkey",
        labels=LABELS,
        body={
            "spec": {
                "selector": LABELS,
                "ports": [{"name": "valkey", "port": PORT, "targetPort": "valkey"}],
            }
        },
    )
    clients = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": client}}}
    NetworkPolicy(
        app,
        "valkey-network-policy",
        name="valkey",
        selector=LABELS,
        ingress=[{"from": [clients], "ports": PORTS}],
    )


def _deployment(app: AppChart) -> None:
    KubeObject(
        app,
        "valkey-deployment",
        api_version="apps/v1",
        kind="Deployment",
        name="valkey",
        labels=LABELS,
        body={
            "spec": {
                "replicas": 1,
                "revisionHistoryLimit": 3,
                "selector": {"matchLabels": LABELS},
                # Never two at once: the pods of the backend would part into two audiences.
                "strategy": {"type": "Recreate"},
                "template": {"metadata": {"labels": LABELS}, "spec": valkey_pod()},
            }
        },
    )
