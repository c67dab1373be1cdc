"""What the cluster file says, with every address that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.infra import machines, topics
from lib.infra.said import By, Said

if TYPE_CHECKING:
    from lib.config import Cluster


def statements(cluster: Cluster, where: str) -> list[Said]:
    """Say everything that Terraform or dist/ say too."""
    planned = machines.of_cluster(cluster)
    values: dict[str, tuple[object, ...]] = {
        **_networks(cluster),
        **_addresses(cluster),
        **_storage(cluster),
        topics.RKE2: (cluster.rke2.version,),
        topics.CNI: (cluster.rke2.cni,),
        topics.INTERFACE: (cluster.network.interface,),
        topics.HOSTS: (cluster.domain,),
        topics.DNS_ZONE: (cluster.dns.zone,),
    }
    return [
        *(
            Said(what=what, values=tuple(map(str, each)), by=By.CLUSTER_FILE, where=where)
            for what, each in values.items()
        ),
        *machines.statements(planned, By.CLUSTER_FILE, where),
        *machines.roles(planned, By.CLUSTER_FILE, where),
    ]


def _networks(cluster: Cluster) -> dict[str, tuple[object, ...]]:
    network, vpn = cluster.network, cluster.sakura.vpn
    return {
        topics.NODE_NETWORK: (network.node_cidr,),
        topics.POD_NETWORK: (network.pod_cidr,),
        topics.SERVICE_NETWORK: (network.service_cidr,),
        topics.NETWORKS: (
            network.node_cidr,
            network.pod_cidr,
            network.service_cidr,
            *((vpn.cidr,) if vpn else ()),
        ),
    }


def _addresses(cluster: Cluster) -> dict[str, tuple[object, ...]]:
    beside = (
        cluster.gateway_address,
        cluster.kube_api_address,
        *cluster.router_addresses,
        *cluster.load_balancer_addresses,
        cluster.load_balancer_virtual_address,
        *((cluster.nfs_address,) if cluster.nfs_address else ()),
    )
    vpn = cluster.sakura.vpn
    peers = tuple(peer.address for peer in vpn.peers) if vpn else ()
    found: dict[str, tuple[object, ...]] = {
        topics.GATEWAY: (cluster.gateway_address,),
        topics.KUBE_API: (cluster.kube_api_address,),
        topics.LOAD_BALANCER: (cluster.load_balancer_virtual_address,),
        topics.PUBLIC_ADDRESS: (cluster.public_address,),
        topics.API_SERVERS: (machines.listed(map(str, cluster.server_addresses)),),
        topics.REAL_SERVERS: (machines.listed(str(n.address) for n in cluster.workload_nodes),),
        topics.ADDRESSES: (*beside, *(node.address for node in cluster.nodes), *peers),
    }
    return found | ({topics.NFS: (cluster.nfs_address,)} if cluster.nfs_address else {})


def _storage(cluster: Cluster) -> dict[str, tuple[object, ...]]:
    store, storage = cluster.object_storage, cluster.storage
    found: dict[str, tuple[object, ...]] = {
        topics.ENDPOINT: (store.endpoint,),
        topics.REGION: (store.region,),
        topics.ETCD_BUCKET: (store.etcd_bucket,),
        topics.TERRAFORM_BUCKET: (store.terraform_bucket,),
    }
    if storage.kind == "longhorn":
        found[topics.BACKUP_BUCKET] = (storage.backup_bucket,)
    return found
