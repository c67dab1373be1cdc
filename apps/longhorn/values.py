"""Longhorn's chart and its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import Resources

if TYPE_CHECKING:
    from lib.config import Cluster, LonghornStorage

REPO = "https://charts.longhorn.io"
# renovate: datasource=helm depName=longhorn registryUrl=https://charts.longhorn.io
CHART_VERSION = "1.12.1"

# The only one that its documentation and tools know.
NAMESPACE = "longhorn-system"
BACKUP_SECRET = "longhorn-backup"  # noqa: S105 - its name


def longhorn_values(cluster: Cluster, storage: LonghornStorage) -> dict[str, Any]:
    """Values of the chart longhorn (chart/values.yaml of longhorn/longhorn).

    Longhorn takes changed settings over while it runs. The control plane's taint keeps it off the
    servers, unless these run the workloads too.
    """
    pods = min(2, len(cluster.workload_nodes))
    networks = (cluster.network.node_cidr, cluster.network.pod_cidr)
    return {
        "defaultSettings": _settings(storage),
        "defaultBackupStore": {
            "backupTarget": f"s3://{storage.backup_bucket}@{cluster.object_storage.region}/",
            "backupTargetCredentialSecret": BACKUP_SECRET,
        },
        # The class `longhorn`. Longhorn makes it again whenever these change.
        "persistence": {
            "defaultClass": True,
            "defaultClassReplicaCount": storage.replicas,
            # A claim deleted by mistake leaves its data behind.
            "reclaimPolicy": "Retain",
        },
        "networkPolicies": {
            "restrictInternalTraffic": True,
            # Who asks the admission webhook: API servers, whose addresses those of nodes are.
            "kubeAPIServerSourceCIDRs": [str(network) for network in networks],
        },
        # A hook: once the release is handed over to Argo CD, it would run with every sync. The
        # manager itself refuses a version that it cannot come from.
        "preUpgradeChecker": {"jobEnabled": False},
        "csi": {
            "kubeletRootDir": "/var/lib/kubelet",
            "attacherReplicaCount": pods,
            "provisionerReplicaCount": pods,
            "resizerReplicaCount": pods,
            "snapshotterReplicaCount": pods,
        },
        "longhornManager": {
            "log": {"format": "json"},
            "resources": Resources(cpu="100m", memory="256Mi", memory_limit="2Gi").spec(),
        },
        "longhornDriver": {"log": {"format": "json"}},
        "longhornUI": {"replicas": pods},
    }


def _settings(storage: LonghornStorage) -> dict[str, Any]:
    return {
        # Where cloud-init mounts the blank disk, on the nodes that RKE2's config labels.
        "defaultDataPath": "/var/lib/longhorn",
        "createDefaultDiskLabeledNodes": True,
        "defaultReplicaCount": storage.replicas,
        # Promise no more than there is, and keep a fifth for snapshots, which are not counted.
        "storageOverProvisioningPercentage": 100,
        "storageReservedPercentageForDefaultDisk": 20,
        "storageMinimalAvailablePercentage": 10,
        # Agents that come for the festival days need no volumes, and take none away with them.
        "replicaAutoBalance": "least-effort",
        # A drain waits while the node holds a volume's last good copy, which is copied meanwhile.
        "nodeDrainPolicy": "block-for-eviction-if-contains-last-replica",
        # Kubernetes would leave a dead node's pods, and so their volumes, where they were.
        "nodeDownPodDeletionPolicy": "delete-both-statefulset-and-deployment-pod",
        # Copying goes over the network that visitors' requests use.
        "concurrentReplicaRebuildPerNodeLimit": 2,
        # Sakura's object storage takes 100 accesses at a time, from all of at most 40 agents.
        "concurrentVolumeBackupRestorePerNodeLimit": 1,
        "restoreConcurrentLimit": 2,
        "backupConcurrentLimit": 2,
        # Versions come by pull request; nobody is told what runs here.
        "upgradeChecker": False,
        "allowCollectingLonghornUsageMetrics": False,
    }
