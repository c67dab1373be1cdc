"""RKE2: the configuration of every node, before there is any Kubernetes.

Terraform hands these files to cloud-init and adds what only one node has: its name, its address,
the token, and for all but the first server where to join. They hold no secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.rke2.audit import audit_policy
from apps.rke2.config import agent_config, server_config
from apps.rke2.sysctl import sysctls
from lib.constructs import AppChart, NodeFile

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster


class Rke2(AppChart):
    """The files below ``nodes/``; each one's place on a node is beside it."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "rke2", cluster=cluster, project="platform", namespace=None)
        # /etc/rancher/rke2/config.yaml
        NodeFile(self, "server/config.yaml", content=server_config(cluster))
        NodeFile(self, "agent/config.yaml", content=agent_config(cluster))
        # /etc/rancher/rke2/audit-policy.yaml
        NodeFile(self, "server/audit-policy.yaml", content=audit_policy())
        # /etc/sysctl.d/90-rke2.conf
        servers_answer_visitors = not cluster.agent_nodes
        NodeFile(self, "server/sysctl.conf", content=sysctls(real_server=servers_answer_visitors))
        NodeFile(self, "agent/sysctl.conf", content=sysctls(real_server=True))
