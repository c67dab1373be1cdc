"""Valkey's pod: in memory alone, with its password in files, never in the environment."""

from __future__ import annotations

from typing import Any

from lib.constructs import Resources

# renovate: datasource=docker
IMAGE = "docker.io/valkey/valkey:9.1.1"
PORT = 6379
# The Secret, and where it is mounted, here as in the backend.
PASSWORD_SECRET = "valkey"  # noqa: S105 - the Secret's name
PASSWORD_FOLDER = "/run/secrets/valkey"  # noqa: S105 - its mount


def valkey_pod() -> dict[str, Any]:
    """Confined as Pod Security "restricted" asks, with no token of the API server."""
    return {
        "automountServiceAccountToken": False,
        "containers": [_container()],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 999,  # the image's own user
            "runAsGroup": 999,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumes": [{"name": PASSWORD_SECRET, "secret": {"secretName": PASSWORD_SECRET}}],
    }


def _container() -> dict[str, Any]:
    return {
        "name": "valkey",
        "image": IMAGE,
        "command": ["valkey-server", f"{PASSWORD_FOLDER}/valkey.conf"],
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
        "volumeMounts": [{"name": PASSWORD_SECRET, "mountPath": PASSWORD_FOLDER, "readOnly": True}],
    }
