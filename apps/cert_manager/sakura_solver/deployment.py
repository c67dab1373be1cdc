"""The pods of the webhook: two, confined, with a certificate of the internal CA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.cert_manager.sakura_solver.names import GROUP, LABELS, NAME, PORT
from lib.constructs import Resources, spread

if TYPE_CHECKING:
    from lib.constructs import AppChart

# renovate: datasource=docker
IMAGE = "ghcr.io/ophum/cert-manager-webhook-sakuracloud:v0.4.8"


def deployment(app: AppChart) -> dict[str, Any]:
    """One per node up to two: while none answers, the API server's list of its groups is short."""
    probe = {"httpGet": {"path": "/healthz", "port": "https", "scheme": "HTTPS"}}
    container = {
        "name": "webhook",
        "image": IMAGE,
        "args": [
            f"--secure-port={PORT}",
            "--tls-cert-file=/tls/tls.crt",
            "--tls-private-key-file=/tls/tls.key",
        ],
        "env": [{"name": "GROUP_NAME", "value": GROUP}],
        "ports": [{"name": "https", "containerPort": PORT}],
        "readinessProbe": {**probe, "periodSeconds": 5},
        "livenessProbe": {**probe, "periodSeconds": 10, "failureThreshold": 6},
        "resources": Resources(cpu="10m", memory="32Mi", memory_limit="128Mi").spec(),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": "tls", "mountPath": "/tls", "readOnly": True}],
    }
    pod = {
        "serviceAccountName": NAME,
        "priorityClassName": "system-cluster-critical",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [{"name": "tls", "secret": {"secretName": f"{NAME}-tls"}}],
        "topologySpreadConstraints": spread(LABELS),
    }
    return {
        "replicas": min(2, len(app.cluster.workload_nodes)),
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": LABELS},
        "template": {"metadata": {"labels": LABELS}, "spec": pod},
    }


def budget() -> dict[str, Any]:
    """One of the two may be down for a while."""
    return {
        "maxUnavailable": 1,
        "selector": {"matchLabels": LABELS},
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }
