"""kube-vip: one address for the API of all servers, by ARP; nodes join and kubectl asks there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import AppChart, KubeObject

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster
    from lib.constructs import Folder

# renovate: datasource=docker
IMAGE = "ghcr.io/kube-vip/kube-vip:v1.2.3"
NAME = "kube-vip"
LABELS = {"app.kubernetes.io/name": NAME}
LEASE = "plndr-cp-lock"


class KubeVip(AppChart):
    """A pod on each server; the one that holds the lease holds the address.

    The address moves by ARP, whatever the port, so 6443 (API) and 9345 (joining nodes) are both
    behind it.
    """

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, NAME, cluster=cluster, project="platform", namespace=None)
        _rbac(self.bootstrap)
        KubeObject(
            self.bootstrap,
            "daemon-set",
            api_version="apps/v1",
            kind="DaemonSet",
            name=NAME,
            labels=LABELS,
            body={
                "spec": {
                    "selector": {"matchLabels": LABELS},
                    "template": {"metadata": {"labels": LABELS}, "spec": _pod(cluster)},
                }
            },
        )


def _pod(cluster: Cluster) -> dict[str, Any]:
    """Describe the pod (pkg/kubevip/config_generator.go of kube-vip/kube-vip)."""
    return {
        "serviceAccountName": NAME,
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "nodeSelector": {"node-role.kubernetes.io/control-plane": "true"},
        "tolerations": [
            {"operator": "Exists", "effect": effect} for effect in ("NoSchedule", "NoExecute")
        ],
        "containers": [
            {
                "name": NAME,
                "image": IMAGE,
                "args": ["manager"],
                "env": [
                    *({"name": name, "value": text} for name, text in _settings(cluster).items()),
                    {
                        "name": "vip_nodename",
                        "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}},
                    },
                ],
                "resources": {
                    "requests": {"cpu": "10m", "memory": "48Mi"},
                    "limits": {"memory": "128Mi"},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW"]},
                    "readOnlyRootFilesystem": True,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
            }
        ],
    }


def _settings(cluster: Cluster) -> dict[str, str]:
    """Configure kube-vip (pkg/kubevip/config_envvar.go)."""
    return {
        # This server's own API: when it fails, the lease is lost, and the address moves on. Nor
        # does it need the Service network, which comes later.
        "KUBERNETES_SERVICE_HOST": "127.0.0.1",
        "KUBERNETES_SERVICE_PORT": "6443",
        "cp_enable": "true",
        "cp_namespace": "kube-system",
        "svc_enable": "false",  # no Service of type LoadBalancer here
        "vip_arp": "true",
        "vip_interface": cluster.network.interface,
        "address": str(cluster.kube_api_address),
        "vip_subnet": "32",
        "port": "6443",
        "dns_mode": "first",
        "vip_leaderelection": "true",
        "vip_leasename": LEASE,
        # Seconds: a dead server's address is elsewhere after five.
        "vip_leaseduration": "5",
        "vip_renewdeadline": "3",
        "vip_retryperiod": "1",
        "prometheus_server": "127.0.0.1:2112",  # empty would mean all addresses of the node
    }


def _rbac(folder: Folder) -> None:
    """Allow the lease, which is all that it asks for without Services and node labels."""
    rbac, group = "rbac.authorization.k8s.io/v1", "coordination.k8s.io"
    rules = [
        {"apiGroups": [group], "resources": ["leases"], "verbs": ["create"]},
        {
            "apiGroups": [group],
            "resources": ["leases"],
            "resourceNames": [LEASE],
            "verbs": ["get", "update"],
        },
    ]
    KubeObject(folder, "account", api_version="v1", kind="ServiceAccount", name=NAME)
    KubeObject(folder, "role", api_version=rbac, kind="Role", name=NAME, body={"rules": rules})
    KubeObject(
        folder,
        "role-binding",
        api_version=rbac,
        kind="RoleBinding",
        name=NAME,
        body={
            "roleRef": {"apiGroup": rbac.partition("/")[0], "kind": "Role", "name": NAME},
            "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": "kube-system"}],
        },
    )
