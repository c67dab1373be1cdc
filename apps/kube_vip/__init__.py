"""kube-vip: one address for the API of all servers, by ARP; nodes join and kubectl asks there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.kube_vip.pod import NAME, pod
from apps.kube_vip.rights import rights
from lib.constructs import AppChart, KubeObject

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

LABELS = {"app.kubernetes.io/name": NAME}


class KubeVip(AppChart):
    """A pod on each server; the one that holds the lease holds the address.

    The address moves by ARP, whatever the port, so 6443 (API) and 9345 (joining nodes) are both
    behind it.
    """

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, NAME, cluster=cluster, project="platform", namespace=None)
        rights(self.bootstrap)
        template = {"metadata": {"labels": LABELS}, "spec": pod(cluster)}
        KubeObject(
            self.bootstrap,
            "daemon-set",
            api_version="apps/v1",
            kind="DaemonSet",
            name=NAME,
            labels=LABELS,
            body={"spec": {"selector": {"matchLabels": LABELS}, "template": template}},
        )
