"""Vault's own configuration: TLS with a certificate of the internal CA, and servers that replicate.

Source: website/content/docs/configuration of hashicorp/vault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.config import Cluster

SERVICE = "vault.vault.svc"
# The chart's headless Service: one name per server, whether it is ready or not.
HEADLESS = "vault-internal"
# The Secret of the certificate, and where it is mounted.
TLS = "vault-tls"
TLS_FOLDER = "/vault/tls"


def server_config(cluster: Cluster) -> str:
    """Each server joins any other that answers; a single one has nobody to join."""
    replicas = cluster.vault.replicas
    names = [f"vault-{index}.{HEADLESS}" for index in range(replicas)] if replicas > 1 else []
    joins = "".join(
        f"""\
  retry_join {{
    leader_api_addr     = "https://{name}:8200"
    leader_ca_cert_file = "{TLS_FOLDER}/ca.crt"
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
  tls_cert_file   = "{TLS_FOLDER}/tls.crt"
  tls_key_file    = "{TLS_FOLDER}/tls.key"

  # The audit log names the visitor, not Traefik.
  x_forwarded_for_authorized_addrs   = "{cluster.network.node_cidr},{cluster.network.pod_cidr}"
  x_forwarded_for_reject_not_present = false
}}

storage "raft" {{
  path = "/vault/data"
{joins}}}

service_registration "kubernetes" {{}}
"""
