"""NFS: volumes as folders of Sakura's NFS appliance, where Longhorn's disks are not wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from lib.constructs import SCRATCH, AppChart, HelmChart, StorageClass

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

REPO = "https://raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts"
# renovate: datasource=github-releases depName=kubernetes-csi/csi-driver-nfs
CHART_VERSION = "4.13.4"

DRIVER = "nfs.csi.k8s.io"
# What the appliance exports; `showmount -e ADDRESS` on a node shows it.
EXPORT = "/export"


class Nfs(AppChart):
    """csi-driver-nfs from the bootstrap folder, as Vault needs volumes; nothing is left for later.

    The appliance's one disk is what all volumes share: nothing limits a volume to the size that
    its claim says, and nothing backs it up.
    """

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(
            scope,
            "nfs",
            cluster=cluster,
            project="platform",
            pod_security="privileged",  # it mounts for other pods, from the node's network
            before_argocd=True,
            deny_egress=False,  # policies do not reach a hostNetwork pod anyway
        )
        HelmChart(
            self.bootstrap,
            "csi-driver-nfs",
            cluster=cluster,
            repo=REPO,
            chart="csi-driver-nfs",
            version=CHART_VERSION,
            namespace="nfs",
            values=nfs_values(),
        )
        self._storage_class("nfs", reclaim="Retain", default=True)
        self._storage_class(SCRATCH, reclaim="Delete")

    def _storage_class(
        self, name: str, *, reclaim: Literal["Retain", "Delete"], default: bool = False
    ) -> None:
        folder = "${pvc.metadata.namespace}/${pvc.metadata.name}/${pv.metadata.name}"
        StorageClass(
            self.bootstrap,
            name,
            name=name,
            provisioner=DRIVER,
            parameters={
                "server": str(self.cluster.nfs_address),
                "share": EXPORT,
                # Legible, and new for each claim: a claim made again never finds old data.
                "subDir": folder,
                "onDelete": reclaim.lower(),
            },
            reclaim=reclaim,
            default=default,
            mount_options=["nfsvers=4", "hard", "noatime"],
        )


def nfs_values() -> dict[str, Any]:
    """Values of the chart csi-driver-nfs (charts/v4.13.4/csi-driver-nfs/values.yaml).

    Its own resources and priorities are sound. One controller is enough: it makes folders, and
    what is mounted stays mounted without it.
    """
    return {
        "controller": {
            # A snapshot here would be a tar file on the same disk.
            "enableSnapshotter": False,
            "defaultOnDeletePolicy": "retain",
        },
        # Every folder belongs to the group that its pod asks for (fsGroup).
        "feature": {"enableFSGroupPolicy": True},
    }
