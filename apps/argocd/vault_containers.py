"""The containers and volumes that argocd-vault-plugin adds to the repo-server's pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.argocd.vault_plugin import (
    AUDIENCE,
    AVP_SHA256,
    AVP_URL,
    CA_SECRET,
    DOWNLOAD,
    ROLE,
)
from lib.constructs import Resources
from lib.constructs.application import VAULT_PLUGIN

if TYPE_CHECKING:
    from lib.config import Cluster

# By digest, because this image judges whether the downloaded file is the right one.
# renovate: datasource=docker
CURL_IMAGE = (
    "docker.io/curlimages/curl:8.21.0"
    "@sha256:7c12af72ceb38b7432ab85e1a265cff6ae58e06f95539d539b654f2cfa64bb13"
)

# Pod Security "restricted", for the containers that the chart does not know.
RESTRICTED: dict[str, Any] = {
    "runAsNonRoot": True,
    "runAsUser": 999,
    "readOnlyRootFilesystem": True,
    "allowPrivilegeEscalation": False,
    "seccompProfile": {"type": "RuntimeDefault"},
    "capabilities": {"drop": ["ALL"]},
}


def download() -> dict[str, Any]:
    """The init container that brings the plugin, and leaves it unusable unless its sum is right."""
    return {
        "name": "download-argocd-vault-plugin",
        "image": CURL_IMAGE,
        "command": ["sh", "-ec", DOWNLOAD],
        "env": [
            {"name": "AVP_URL", "value": AVP_URL},
            {"name": "AVP_SHA256", "value": AVP_SHA256},
        ],
        "resources": Resources(cpu="10m", memory="32Mi", memory_limit="256Mi").spec(),
        "securityContext": RESTRICTED,
        "volumeMounts": [{"name": "avp", "mountPath": "/avp"}],
    }


def sidecar(cluster: Cluster, *, image: str) -> dict[str, Any]:
    """The container that Argo CD hands an Application's folder to (``argocd-cmp-server``)."""
    mount = cluster.vault.mount
    return {
        "name": VAULT_PLUGIN,
        "image": image,
        "command": ["/var/run/argocd/argocd-cmp-server"],
        "env": [
            {"name": "AVP_TYPE", "value": "vault"},
            {"name": "AVP_AUTH_TYPE", "value": "k8s"},
            {"name": "AVP_KV_VERSION", "value": "2"},
            {"name": "AVP_K8S_ROLE", "value": ROLE},
            {"name": "AVP_K8S_MOUNT_PATH", "value": "auth/kubernetes"},
            {"name": "AVP_K8S_TOKEN_PATH", "value": "/var/run/secrets/vault/token"},
            # The outermost bound; RENDER narrows it to the Application's own prefix.
            {"name": "AVP_PATH_VALIDATION", "value": f"^{mount}/data/[a-z0-9-]+/[a-z0-9/_-]+$"},
            {"name": "KV_MOUNT", "value": mount},
            {"name": "VAULT_ADDR", "value": cluster.vault.address},
            {"name": "VAULT_CACERT", "value": "/etc/vault-ca/ca.crt"},
        ],
        "resources": Resources(cpu="50m", memory="128Mi", memory_limit="512Mi").spec(),
        "securityContext": RESTRICTED,
        "volumeMounts": [
            {"name": "var-files", "mountPath": "/var/run/argocd", "readOnly": True},
            {"name": "plugins", "mountPath": "/home/argocd/cmp-server/plugins"},
            {
                "name": "plugin-config",
                "mountPath": "/home/argocd/cmp-server/config",
                "readOnly": True,
            },
            {"name": "plugin-tmp", "mountPath": "/tmp"},  # noqa: S108 - in the container
            {"name": "avp", "mountPath": "/avp", "readOnly": True},
            {"name": "vault-token", "mountPath": "/var/run/secrets/vault", "readOnly": True},
            {"name": "vault-ca", "mountPath": "/etc/vault-ca", "readOnly": True},
        ],
    }


def volumes() -> list[dict[str, Any]]:
    """The plugin itself, its configuration, a token for Vault alone, and the CA of Vault."""
    return [
        {"name": "avp", "emptyDir": {"sizeLimit": "256Mi"}},
        {"name": "plugin-tmp", "emptyDir": {"sizeLimit": "256Mi"}},
        {
            "name": "plugin-config",
            "configMap": {
                "name": "argocd-cmp-cm",
                "items": [{"key": f"{VAULT_PLUGIN}.yaml", "path": "plugin.yaml"}],
            },
        },
        # Good for Vault alone and for ten minutes; the API server refuses it.
        {
            "name": "vault-token",
            "projected": {
                "sources": [
                    {
                        "serviceAccountToken": {
                            "audience": AUDIENCE,
                            "expirationSeconds": 600,
                            "path": "token",
                        }
                    }
                ]
            },
        },
        # Optional, so that Argo CD starts before cert-manager has issued it.
        {
            "name": "vault-ca",
            "secret": {
                "secretName": CA_SECRET,
                "optional": True,
                "items": [{"key": "ca.crt", "path": "ca.crt"}],
            },
        },
    ]
