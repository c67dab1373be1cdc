"""The things that the cluster file, Terraform and dist/ all speak of, by name."""

from __future__ import annotations

MACHINES = "machines"
KUBE_API = "kube API address (VIP)"
TLS_SAN = "tls-san"
API_SERVERS = "addresses of the API servers"
INTERFACE = "network interface"
GATEWAY = "gateway"

POD_NETWORK = "pod network (cluster-cidr)"
SERVICE_NETWORK = "Service network (service-cidr)"
NODE_NETWORK = "node network"
NETWORKS = "networks that are named"
ADDRESSES = "addresses of machines that are named"
CNI = "pod network plugin (cni)"

PUBLIC_ADDRESS = "public address (DNS target)"
HOSTS = "domain of the hosts"
DNS_ZONE = "DNS zone"
LOGIN_HOST = "host that kube-apiserver logs in at"
LOAD_BALANCER = "load balancer's virtual address"
REAL_SERVERS = "load balancer's real servers"

BACKUP_BUCKET = "bucket of the volumes' backups"
ETCD_BUCKET = "bucket of etcd's snapshots"
ETCD_SECRET = "Secret of etcd's snapshots"  # noqa: S105 - its name
ETCD_FLAGS = "etcd-s3 flags beside the Secret"
ENDPOINT = "object storage endpoint"
REGION = "object storage region"
TERRAFORM_BUCKET = "bucket of Terraform's state"
NFS = "NFS appliance's address"

RKE2 = "RKE2 version"

# What some topics begin with.
DISKS = ("OS disk of ", "data disk of ")
FILE = "file "


def address_of(node: str) -> str:
    """The topic of a node's address."""
    return f"address of {node}"


def size_of(node: str) -> str:
    """The topic of a node's cores and memory."""
    return f"size of {node}"


def os_disk_of(node: str) -> str:
    """The topic of a node's OS disk."""
    return f"{DISKS[0]}{node}"


def data_disk_of(node: str) -> str:
    """The topic of a node's blank disk."""
    return f"{DISKS[1]}{node}"


def label_of(role: str) -> str:
    """The topic of the label by which Longhorn takes the blank disk of a role's nodes."""
    return f"label for Longhorn's disk on {role}s"


def taint_of(role: str) -> str:
    """The topic of what keeps workloads off a role's nodes."""
    return f"workloads on {role}s (node-taint)"


def arp_of(role: str) -> str:
    """The topic of the kernel settings that the virtual address on loopback needs."""
    return f"ARP settings of {role}s"


def file_of(path: str) -> str:
    """The topic of a file of dist/ that Terraform carries to nodes."""
    return f"{FILE}{path}"
