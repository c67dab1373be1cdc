"""RKE2's config.yaml for servers and agents: keys are RKE2's own flags, without the dashes.

Source: docs/reference/server_config.md and linux_agent_config.md of rancher/rke2-docs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs.kube_login import oidc_flags

if TYPE_CHECKING:
    from lib.config import Cluster

AUDIT_POLICY = "/etc/rancher/rke2/audit-policy.yaml"
# Terraform writes this Secret into kube-system on the first server.
S3_SECRET = "etcd-s3"  # noqa: S105 - its name


def server_config(cluster: Cluster) -> dict[str, Any]:
    """Configure the servers; the same file on all of them, as RKE2 demands for most of it."""
    config: dict[str, Any] = {
        # Names besides the server's own that kubectl and joining nodes may call it by.
        "tls-san": [str(cluster.kube_api_address), cluster.host("kube")],
        "write-kubeconfig-mode": "0600",
        "cni": cluster.rke2.cni,
        "cluster-cidr": str(cluster.network.pod_cidr),
        "service-cidr": str(cluster.network.service_cidr),
        # Traefik comes from apps/traefik instead.
        "ingress-controller": "none",
        # Pod Security `restricted` unless a namespace's label says otherwise, etcd as a user of its
        # own, kernel defaults enforced, NetworkPolicies in kube-system.
        "profile": "cis",
        "audit-policy-file": AUDIT_POLICY,
        "kube-apiserver-arg": [*oidc_flags(cluster), *audit_log_flags()],
        "kubelet-arg": kubelet_flags(reserved_memory="1Gi"),  # RKE2's own server needs most of it
        # Every six hours, for a week.
        "etcd-snapshot-schedule-cron": "0 */6 * * *",
        "etcd-snapshot-retention": 28,
        "etcd-snapshot-compress": True,
        # With any other etcd-s3 flag but these two, RKE2 would ignore the Secret.
        "etcd-s3": True,
        "etcd-s3-config-secret": S3_SECRET,
    }
    if cluster.agent_nodes:
        # Workloads run on agents alone; what every node needs tolerates this.
        config["node-taint"] = ["CriticalAddonsOnly=true:NoExecute"]
    else:
        config |= workload_labels(cluster)
    return config


def agent_config(cluster: Cluster) -> dict[str, Any]:
    """Configure the agents."""
    return {
        "profile": "cis",
        "kubelet-arg": kubelet_flags(reserved_memory="512Mi"),
        **workload_labels(cluster),
    }


def workload_labels(cluster: Cluster) -> dict[str, list[str]]:
    """Label the nodes whose blank disk Longhorn shall take (create-default-disk-labeled-nodes)."""
    if cluster.storage.kind == "longhorn":
        return {"node-label": ["node.longhorn.io/create-default-disk=true"]}
    return {}


def audit_log_flags() -> list[str]:
    """Keep audit logs for thirty days, at most 2 GB of them, in server/logs/audit.log."""
    return [
        "audit-log-maxage=30",
        "audit-log-maxbackup=20",
        "audit-log-maxsize=100",
        "audit-log-compress=true",
    ]


def kubelet_flags(*, reserved_memory: str) -> list[str]:
    """Keep a node alive whatever its pods do."""
    return [
        # RKE2 sets the two for disks alone, and with them switches off the one for memory: the
        # kernel would kill whatever it likes.
        "eviction-hard=imagefs.available<5%,memory.available<250Mi,nodefs.available<5%",
        # What runs beside the pods: RKE2, containerd, the system.
        f"system-reserved=cpu=250m,memory={reserved_memory}",
        # A runaway job takes no node with it.
        "pod-max-pids=8192",
    ]
