"""The parts of the cluster file that say which machines and networks Terraform creates."""

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from lib.config.declaration import Section, key
from lib.config.kinds import BucketName, DiskSize, Label, OneOf, Text

_ENDPOINTS = {
    "isk01": ("jp-north-1", "s3.isk01.sakurastorage.jp"),
    "tky01": ("jp-east-1", "s3.tky01.sakurastorage.jp"),
}


class Internet(Section):
    """The router and switch that holds the public addresses."""

    netmask: Annotated[int, OneOf(26, 27, 28)] = key(
        "Prefix length of the public network: 28 gives 16 addresses."
    )
    bandwidth_mbps: Annotated[int, OneOf(100, 250, *range(500, 10001, 500))] = key(
        "Bandwidth to the internet in Mbit/s."
    )


class VpcRouter(Section):
    """The router between the public addresses and the node network."""

    plan: Literal["premium", "highspec", "highspec4000"] = key(
        "Plan of the VPC router; the standard plan has no static NAT."
    )
    addresses: tuple[IPv4Address, ...] | None = key(
        "The two machines' own addresses, host 3 to 10 of the node network; hosts 3 "
        "and 4 when not given.",
        default=None,
        min_length=2,
        max_length=2,
    )


class LoadBalancer(Section):
    """The DSR load balancer in front of the agents' ports 80 and 443."""

    plan: Literal["standard", "highspec"] = key(
        "Plan of the load balancer: standard is one machine, highspec two."
    )
    addresses: tuple[IPv4Address, ...] | None = key(
        "Own addresses, host 3 to 10 of the node network: one for standard, two for "
        "highspec; hosts 5 and 6 when not given.",
        default=None,
        min_length=1,
        max_length=2,
    )
    virtual_address: IPv4Address | None = key(
        "The address that the public one is translated to, host 3 to 10 of the node "
        "network; host 7 when not given.",
        default=None,
    )


class VpnPeer(Section):
    """A computer of an administrator."""

    name: Label = key("Whose computer it is.")
    address: IPv4Address = key("Its address in the VPN's network.")
    public_key: Annotated[str, Text(r"^[A-Za-z0-9+/]{43}=$", "use what `wg pubkey` prints")] = key(
        "Its WireGuard public key, 44 characters."
    )


class Vpn(Section):
    """The VPC router's WireGuard: how administrators reach the nodes and the kube API."""

    cidr: IPv4Network = key("The VPN's own network; its host 1 is the VPC router.")
    peers: tuple[VpnPeer, ...] = key("The computers let in.", min_length=1)


class Sakura(Section):
    """What this cluster takes from Sakura Cloud besides its nodes."""

    zone: Literal["is1a", "is1b", "is1c", "tk1a", "tk1b", "tk1v"] = key(
        "Sakura Cloud's zone; tk1v is its sandbox."
    )
    internet: Internet = key("The router and switch with the public addresses.")
    vpc_router: VpcRouter = key("The router between internet and nodes.")
    load_balancer: LoadBalancer = key("The load balancer in front of the agents.")
    vpn: Vpn | None = key(
        "WireGuard for administrators; without it the nodes are reached by Sakura's console alone.",
        default=None,
    )
    os_archive: Literal["ubuntu2404", "ubuntu2204"] = key(
        "The public archive that the nodes' OS disks are made from."
    )
    ssh_public_keys: tuple[
        Annotated[
            str,
            Text(
                r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) "
                r"[A-Za-z0-9+/]{60,}={0,2}( [^\s]+)?$",
                "use a public key in OpenSSH's one line",
            ),
        ],
        ...,
    ] = key("OpenSSH public keys that may log in to the nodes.", min_length=1)


class ObjectStorage(Section):
    """Buckets that are not the volumes' own."""

    site: Literal["isk01", "tky01"] = key(
        "Site of the object storage; region and endpoint follow from it."
    )
    etcd_bucket: BucketName = key("The bucket that RKE2 saves etcd snapshots in.")
    terraform_bucket: BucketName = key("The bucket that holds Terraform's state.")

    @property
    def region(self) -> str:
        """The S3 region, such as jp-north-1."""
        return _ENDPOINTS[self.site][0]

    @property
    def endpoint(self) -> str:
        """The S3 endpoint's host name, without a scheme."""
        return _ENDPOINTS[self.site][1]


class Network(Section):
    """The networks that must not overlap."""

    node_cidr: IPv4Network = key(
        "The nodes' private network, /16 to /23: host 1 is the gateway, 2 the kube "
        "API's virtual address, 3 to 10 appliances, servers from 11, agents from 257."
    )
    pod_cidr: IPv4Network = key("Addresses of pods; each node takes a /24 of it.")
    service_cidr: IPv4Network = key("Addresses of Kubernetes Services.")
    interface: Annotated[str, Text(r"^[a-z][a-z0-9]{1,14}$")] = key(
        "The nodes' network interface; eth0 when not given.", default="eth0"
    )


class Machines(Section):
    """How many nodes of one role there are, and how large each is."""

    cores: int = key("CPU cores of each; RKE2 asks for 2.", ge=2, le=32, multiple_of=2)
    memory_gb: int = key(
        "Memory of each in GB; RKE2 asks for 4. Sakura's price list "
        "says which sizes there are for a number of cores.",
        ge=4,
        le=256,
    )
    os_disk_gb: DiskSize = key("Size of each OS disk (SSD) in GB.")


class Servers(Machines):
    """The control plane: kube API, etcd, scheduler."""

    count: int = key(
        "Number of servers: 1, 3 or 5. Odd, so that a majority survives a failure; "
        "more than 5 only slow etcd down.",
        ge=1,
        le=5,
    )


class Agents(Machines):
    """The nodes that run the workloads and answer on ports 80 and 443."""

    count: int = key(
        "Number of agents, at most 40 (the load balancer's limit). With 0 the "
        "servers run the workloads.",
        ge=0,
        le=40,
    )
