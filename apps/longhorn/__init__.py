"""Longhorn: volumes on the agents' own disks, each copied to several agents and backed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.longhorn.network_policies import forgotten_policies
from apps.longhorn.recurring_jobs import recurring_jobs
from apps.longhorn.values import (
    BACKUP_SECRET,
    CHART_VERSION,
    NAMESPACE,
    REPO,
    longhorn_values,
)
from lib.constructs import (
    SCRATCH,
    AppChart,
    HelmChart,
    IngressRoute,
    NetworkPolicy,
    StorageClass,
    VaultSecret,
    behind_login,
    from_traefik,
    literal,
    vault,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster, LonghornStorage


class Longhorn(AppChart):
    """Longhorn from the bootstrap folder, as Vault needs volumes; its backups by Argo CD."""

    def __init__(self, scope: Construct, *, cluster: Cluster, storage: LonghornStorage) -> None:
        super().__init__(
            scope, "longhorn", cluster=cluster, project="platform", namespace=NAMESPACE
        )
        self.make_namespace(
            NAMESPACE,
            pod_security="privileged",  # it mounts disks and speaks iSCSI with the node
            before_argocd=True,
            deny_egress=False,  # its pods talk to each other, to the API server and to S3
        )
        HelmChart(
            self.bootstrap,
            "longhorn",
            cluster=cluster,
            repo=REPO,
            chart="longhorn",
            version=CHART_VERSION,
            namespace=NAMESPACE,
            values=longhorn_values(cluster, storage),
        )
        self._scratch()
        forgotten_policies(self)
        self._backups()
        self._user_interface()

    def _scratch(self) -> None:
        """One copy near its pod, gone with its claim, and in no group that has recurring jobs."""
        StorageClass(
            self.bootstrap,
            "scratch",
            name=SCRATCH,
            provisioner="driver.longhorn.io",
            parameters={
                "numberOfReplicas": "1",
                "dataLocality": "best-effort",
                "fsType": "ext4",
                "recurringJobSelector": '[{"name":"scratch","isGroup":true}]',
            },
            reclaim="Delete",
            binding="WaitForFirstConsumer",
        )

    def _backups(self) -> None:
        """The key of the bucket named in ``defaultBackupStore``, and what runs when."""
        VaultSecret(
            self,
            "backup",
            name=BACKUP_SECRET,
            data={
                "AWS_ACCESS_KEY_ID": vault("longhorn/backup", "accessKeyId"),
                "AWS_SECRET_ACCESS_KEY": vault("longhorn/backup", "secretAccessKey"),
                "AWS_ENDPOINTS": literal(f"https://{self.cluster.object_storage.endpoint}"),
            },
        )
        recurring_jobs(self)

    def _user_interface(self) -> None:
        """It has no login of its own, and can delete every volume."""
        IngressRoute(
            self,
            "route",
            cluster=self.cluster,
            name="longhorn",
            host=self.cluster.host("longhorn"),
            service="longhorn-frontend",
            port="http",
            middlewares=[behind_login(self)],
        )
        NetworkPolicy(
            self,
            "user-interface",
            name="longhorn-ui",
            selector={"app": "longhorn-ui"},
            ingress=[from_traefik(self.cluster, port=8000)],
        )
