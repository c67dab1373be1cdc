"""Valkey, which carries each reaction from the pod that got it to all others, and keeps nothing.

One pod, without a volume: when it is replaced, viewers miss a few seconds of each other's taps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import KubeObject, NetworkPolicy, Resources, VaultSecret, template, vault

if TYPE_CHECKING:
    from lib.constructs import AppChart

# renovate: datasource=docker
IMAGE = "docker.io/valkey/valkey:9.1.1"
PORT = 6379
ADDRESS = f"valkey:{PORT}"
# The Secret, and where it is mounted, here as in the backend: as files, never as environment.
PASSWORD = "valkey"  # noqa: S105 - the Secret's name
FOLDER = "/run/secrets/valkey"
PASSWORD_FILE = f"{FOLDER}/password"

LABELS = {"app.kubernetes.io/name": "valkey"}
PORTS = [{"protocol": "TCP", "port": PORT}]


def to_valkey() -> dict[str, Any]:
    """Allow calls of Valkey."""
    return {"to": [{"podSelector": {"matchLabels": LABELS}}], "ports": PORTS}


def valkey(app: AppChart, *, client: str) -> None:
    """Run Valkey for the pods of one web service of the app."""
    password = vault("reactions/valkey", "password")
    VaultSecret(
        app,
        "valkey-password",
        name=PASSWORD,
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
    pod = {
        "automountServiceAccountToken": False,
        "containers": [_container()],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 999,  # the image's own user
            "runAsGroup": 999,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumes": [{"name": PASSWORD, "secret": {"secretName": PASSWORD}}],
    }
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
                "template": {"metadata": {"labels": LABELS}, "spec": pod},
            }
        },
    )


def _container() -> dict[str, Any]:
    return {
        "name": "valkey",
        "image": IMAGE,
        "command": ["valkey-server", f"{FOLDER}/valkey.conf"],
        "args": [
            *("--save", ""),
            *("--appendonly", "no"),
            *("--maxmemory", "128mb"),
            *("--maxmemory-policy", "allkeys-lru"),
        ],
        "ports": [{"name": "valkey", "containerPort": PORT}],
        "readinessProbe": {"tcpSocket": {"port": "valkey"}, "periodSeconds": 5},
        # Without the password it is refused, and that is an answer too.
        "livenessProbe": {
            "exec": {"command": ["valkey-cli", "ping"]},
            "periodSeconds": 20,
            "timeoutSeconds": 5,
        },
        "resources": Resources(cpu="100m", memory="64Mi", memory_limit="256Mi").spec(),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": PASSWORD, "mountPath": FOLDER, "readOnly": True}],
    }
