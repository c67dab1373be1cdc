"""Dex's chart and its values: two pods, which hold nothing but their configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.dex.config import dex_config
from lib.constructs import Resources, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lib.config import Cluster
    from lib.constructs import LoginClient

REPO = "https://charts.dexidp.io"
# renovate: datasource=helm depName=dex registryUrl=https://charts.dexidp.io
CHART_VERSION = "0.24.0"
# The chart's own is v2.44.0; what is configured here is the same in both.
# renovate: datasource=docker depName=ghcr.io/dexidp/dex
IMAGE_TAG = "v2.45.1"

PODS = {"app.kubernetes.io/name": "dex"}
PORT = 5556
SECRETS = "dex-secrets"


def dex_values(cluster: Cluster, clients: Sequence[LoginClient]) -> dict[str, Any]:
    """Values of the chart dex (charts/dex/values.yaml of dexidp/helm-charts)."""
    return {
        "image": {"tag": IMAGE_TAG},
        "replicaCount": 2,
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
        },
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
        "topologySpreadConstraints": spread(PODS),
        "config": dex_config(cluster, clients),
        "envFrom": [{"secretRef": {"name": SECRETS}}],
        # The image's entry point writes the configuration once more before Dex reads it.
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "16Mi"}}],
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 - in the container
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": 1001,
            "runAsGroup": 1001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "resources": Resources(cpu="50m", memory="64Mi", memory_limit="256Mi").spec(),
    }
