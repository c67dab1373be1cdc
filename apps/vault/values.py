"""Vault's chart and its values: servers that replicate to each other, TLS, an audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.vault.config import HEADLESS, SERVICE, TLS, TLS_FOLDER, server_config
from lib.constructs import Resources

if TYPE_CHECKING:
    from lib.config import Cluster

REPO = "https://helm.releases.hashicorp.com"
# renovate: datasource=helm depName=vault registryUrl=https://helm.releases.hashicorp.com
CHART_VERSION = "0.34.1"

PODS = {"app.kubernetes.io/name": "vault", "component": "server"}
SETUP = "vault-setup"

# Vault reads a renewed certificate only when it is told to. And it answers nobody any more once it
# cannot write its audit log, so that log never takes more than two thirds of its disk.
EVERY_HOUR = """\
(
  while sleep 3600; do
    log=/vault/audit/audit.log
    disk=$(df -Pk /vault/audit | awk 'NR == 2 { print $2 }')
    if [ -f $log ] && [ $(($(du -k $log | cut -f 1) * 3)) -gt "$disk" ]; then
      mv -f $log $log.old
    fi
    kill -HUP $(pidof vault) || true
  done
) >/dev/null 2>&1 &
"""


def vault_values(cluster: Cluster) -> dict[str, Any]:
    """Values of the chart vault (values.yaml of hashicorp/vault-helm)."""
    replicas = cluster.vault.replicas
    return {
        "global": {"tlsDisable": False},
        "injector": {"enabled": False},
        "csi": {"enabled": False},
        "server": {
            "ha": {
                "enabled": True,
                "replicas": replicas,
                # The certificate knows a server's name, not its address.
                "apiAddr": f"https://$(VAULT_K8S_POD_NAME).{HEADLESS}:8200",
                "raft": {"enabled": True, "setNodeId": True, "config": server_config(cluster)},
                # A single server's budget would let no node be emptied.
                "disruptionBudget": {"enabled": replicas > 1},
            },
            # A new pod is sealed until somebody unseals it: one after the other, by hand.
            "updateStrategyType": "OnDelete",
            # Only an unsealed server is ready, and nobody shall be sent to a sealed one.
            "service": {"publishNotReadyAddresses": False},
            "dataStorage": {"enabled": True, "size": cluster.vault.data_size},
            "auditStorage": {"enabled": True, "size": cluster.vault.audit_size},
            "volumes": [
                {"name": "tls", "secret": {"secretName": TLS}},
                {"name": "setup", "configMap": {"name": SETUP}},
                {"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}},
            ],
            "volumeMounts": [
                {"name": "tls", "mountPath": TLS_FOLDER, "readOnly": True},
                {"name": "setup", "mountPath": "/vault/setup", "readOnly": True},
                {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - in the container
            ],
            "postStart": ["/bin/sh", "-ec", EVERY_HOUR],
            # For the vault command in the pod, which asks 127.0.0.1.
            "extraEnvironmentVars": {
                "VAULT_CACERT": f"{TLS_FOLDER}/ca.crt",
                "VAULT_TLS_SERVER_NAME": SERVICE,
            },
            "logFormat": "json",
            "resources": Resources(cpu="100m", memory="256Mi", memory_limit="1Gi").spec(),
            "statefulSet": {"securityContext": security_context()},
        },
    }


def security_context() -> dict[str, Any]:
    """Pod Security "restricted"; user and group are those of the image."""
    return {
        "pod": {
            "runAsNonRoot": True,
            "runAsUser": 100,
            "runAsGroup": 1000,
            "fsGroup": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "container": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
    }
