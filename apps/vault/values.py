"""Vault's chart and its values: servers that replicate to each other, TLS, an audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.config import Cluster

REPO = "https://helm.releases.hashicorp.com"
# renovate: datasource=helm depName=vault registryUrl=https://helm.releases.hashicorp.com
CHART_VERSION = "0.34.1"

SERVICE = "vault.vault.svc"
# The chart's headless Service: one name per server, whether it is ready or not.
HEADLESS = "vault-internal"
PODS = {"app.kubernetes.io/name": "vault", "component": "server"}
TLS = "vault-tls"
SETUP = "vault-setup"
_TLS_FOLDER = "/vault/tls"

# Every hour: Vault reads a renewed certificate only when it is told to. And it answers nobody any
# more once it cannot write its audit log, so that log never takes more than two thirds of its disk.
KEEP_UP = """\
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
            # Ready is who is unsealed; nobody shall be sent to another.
            "service": {"publishNotReadyAddresses": False},
            "dataStorage": {"enabled": True, "size": cluster.vault.data_size},
            "auditStorage": {"enabled": True, "size": cluster.vault.audit_size},
            "volumes": [
                {"name": "tls", "secret": {"secretName": TLS}},
                {"name": "setup", "configMap": {"name": SETUP}},
                {"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}},
            ],
            "volumeMounts": [
                {"name": "tls", "mountPath": _TLS_FOLDER, "readOnly": True},
                {"name": "setup", "mountPath": "/vault/setup", "readOnly": True},
                {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - in the container
            ],
            "postStart": ["/bin/sh", "-ec", KEEP_UP],
            # For the vault command in the pod, which asks 127.0.0.1.
            "extraEnvironmentVars": {
                "VAULT_CACERT": f"{_TLS_FOLDER}/ca.crt",
                "VAULT_TLS_SERVER_NAME": SERVICE,
            },
            "logFormat": "json",
            "resources": {
                "requests": {"cpu": "100m", "memory": "256Mi"},
                "limits": {"memory": "1Gi"},
            },
            "statefulSet": {"securityContext": security_context()},
        },
    }


def server_config(cluster: Cluster) -> str:
    """Vault's own configuration (website/content/docs/configuration of hashicorp/vault)."""
    replicas = cluster.vault.replicas
    names = [f"vault-{index}.{HEADLESS}" for index in range(replicas)] if replicas > 1 else []
    joins = "".join(
        f"""\
  retry_join {{
    leader_api_addr     = "https://{name}:8200"
    leader_ca_cert_file = "{_TLS_FOLDER}/ca.crt"
  }}
"""
        for name in names
    )
    return f"""\
ui = true

# Nodes have no swap that memory could be written to, and the pod has no right to lock it.
disable_mlock = true

listener "tcp" {{
  address         = "0.0.0.0:8200"
  cluster_address = "0.0.0.0:8201"
  tls_cert_file   = "{_TLS_FOLDER}/tls.crt"
  tls_key_file    = "{_TLS_FOLDER}/tls.key"

  # The audit log names the visitor, not Traefik.
  x_forwarded_for_authorized_addrs   = "{cluster.network.node_cidr},{cluster.network.pod_cidr}"
  x_forwarded_for_reject_not_present = false
}}

storage "raft" {{
  path = "/vault/data"
{joins}}}

service_registration "kubernetes" {{}}
"""


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
