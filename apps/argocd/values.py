"""Argo CD's chart and its values: login by Dex alone, no shell in pods, Vault beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.argocd.health import APPLICATION_HEALTH, HELM_CHART_HEALTH
from apps.argocd.login import oidc_config, policy
from apps.argocd.vault_containers import download, sidecar, volumes
from apps.argocd.vault_plugin import PLUGIN
from lib.constructs import Names, Resources
from lib.constructs.application import VAULT_PLUGIN

if TYPE_CHECKING:
    from lib.config import Cluster

REPO = "https://argoproj.github.io/argo-helm"
# renovate: datasource=helm depName=argo-cd registryUrl=https://argoproj.github.io/argo-helm
CHART_VERSION = "10.1.1"
# The chart's own is v3.4.4; the definitions are the same up to v3.4.7, which stops server-side diff
# from showing Secrets.
# renovate: datasource=docker depName=quay.io/argoproj/argocd
IMAGE_TAG = "v3.4.7"
IMAGE = f"quay.io/argoproj/argocd:{IMAGE_TAG}"


def argocd_values(cluster: Cluster) -> dict[str, Any]:
    """Values of the chart argo-cd (charts/argo-cd/values.yaml of argoproj/argo-helm)."""
    return {
        "global": {
            "domain": cluster.host("argocd"),
            "image": {"tag": IMAGE_TAG},
            "logging": {"format": "json"},
            "networkPolicy": {"create": True, "defaultDenyIngress": True},
        },
        "configs": {
            "cm": Names(
                {
                    "admin.enabled": False,
                    "exec.enabled": False,
                    "application.resourceTrackingMethod": "annotation",
                    "oidc.config": oidc_config(cluster),
                    "resource.customizations.health.argoproj.io_Application": APPLICATION_HEALTH,
                    "resource.customizations.health.helm.cattle.io_HelmChart": HELM_CHART_HEALTH,
                }
            ),
            "params": Names(
                {
                    "server.insecure": True,  # TLS ends at Traefik
                    "controller.diff.server.side": True,
                    # A wave waiting for a broken Application must not keep out its own repair: the
                    # next commit. The same one is not tried again by itself (docs/order.md).
                    "controller.sync.timeout.seconds": 1800,
                }
            ),
            "rbac": Names(
                {
                    # No named team, nothing to see: role:readonly would include pod logs.
                    "policy.default": "",
                    "policy.csv": policy(cluster),
                    "scopes": "[groups]",
                }
            ),
            "cmp": {"create": True, "plugins": {VAULT_PLUGIN: PLUGIN}},
        },
        "controller": {
            "resources": Resources(cpu="250m", memory="512Mi", memory_limit="2Gi").spec()
        },
        "server": {
            "replicas": 2,
            "pdb": {"enabled": True, "maxUnavailable": 1},
            "resources": Resources(cpu="50m", memory="128Mi", memory_limit="512Mi").spec(),
        },
        "repoServer": {
            "replicas": 2,
            "pdb": {"enabled": True, "maxUnavailable": 1},
            "resources": Resources(cpu="100m", memory="256Mi", memory_limit="1Gi").spec(),
            "copyutil": {
                "resources": Resources(cpu="10m", memory="32Mi", memory_limit="256Mi").spec()
            },
            "automountServiceAccountToken": False,
            # The Vault role is bound to this name.
            "serviceAccount": {
                "name": "argocd-repo-server",
                "automountServiceAccountToken": False,
            },
            "initContainers": [download()],
            "extraContainers": [sidecar(cluster, image=IMAGE)],
            "volumes": volumes(),
        },
        "redis": {
            "automountServiceAccountToken": False,
            "resources": Resources(cpu="50m", memory="64Mi", memory_limit="256Mi").spec(),
        },
        "redisSecretInit": {
            "resources": Resources(cpu="10m", memory="64Mi", memory_limit="256Mi").spec()
        },
        # The repository is generated: a second maker of Applications stays at rest.
        "applicationSet": {
            "replicas": 0,
            "resources": Resources(cpu="10m", memory="64Mi", memory_limit="256Mi").spec(),
        },
        "dex": {"enabled": False},  # our own Dex serves every client, not only this one
        "notifications": {"enabled": False},
    }
