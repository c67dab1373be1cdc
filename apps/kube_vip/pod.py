"""kube-vip's pod, and its settings: which address, on which interface, and how fast it moves.

Source: pkg/kubevip/config_generator.go and config_envvar.go of kube-vip/kube-vip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import Resources

if TYPE_CHECKING:
    from lib.config import Cluster

# renovate: datasource=docker
IMAGE = "ghcr.io/kube-vip/kube-vip:v1.2.3"
NAME = "kube-vip"
LEASE = "plndr-cp-lock"


def pod(cluster: Cluster) -> dict[str, Any]:
    """On servers alone, and on all of them whatever their taints; in the node's own network."""
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
                    *({"name": name, "value": text} for name, text in settings(cluster).items()),
                    {
                        "name": "vip_nodename",
                        "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}},
                    },
                ],
                "resources": Resources(cpu="10m", memory="48Mi", memory_limit="128Mi").spec(),
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW"]},
                    "readOnlyRootFilesystem": True,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
            }
        ],
    }


def settings(cluster: Cluster) -> dict[str, str]:
    """What kube-vip reads from its environment."""
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
