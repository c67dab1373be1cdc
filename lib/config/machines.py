"""The parts of the cluster file that say which machines and networks Terraform creates."""

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lib.config.base import BucketName, DiskSize, Label, Section, one_of

_check_netmask, _note_netmask = one_of(26, 27, 28)
_check_bandwidth, _note_bandwidth = one_of(100, 250, *range(500, 10001, 500))

_ENDPOINTS = {
    "isk01": ("jp-north-1", "s3.isk01.sakurastorage.jp"),
    "tky01": ("jp-east-1", "s3.tky01.sakurastorage.jp"),
}


class Internet(Section):
    """The router and switch that holds the public addresses."""

    netmask: Annotated[
        int,
        AfterValidator(_check_netmask),
        Field(json_schema_extra=_note_netmask),
    ] = Field(description="Prefix length of the public network: 28 gives 16 addresses.")
    bandwidth_mbps: Annotated[
        int,
        AfterValidator(_check_bandwidth),
        Field(json_schema_extra=_note_bandwidth),
    ] = Field(description="Bandwidth to the internet in Mbit/s.")


class VpcRouter(Section):
    """The router between the public addresses and the node network."""

    plan: Literal["premium", "highspec", "highspec4000"] = Field(
        description="Plan of the VPC router; the standard plan has no static NAT."
    )
    addresses: tuple[IPv4Address, ...] | None = Field(
        default=None,
        min_length=2,
        max_length=2,
        description="The two machines' own addresses, host 3 to 10 of the node network; hosts 3 "
        "and 4 when not given.",
    )


class LoadBalancer(Section):
    """The DSR load balancer in front of the agents' ports 80 and 443."""

    plan: Literal["standard", "highspec"] = Field(
        description="Plan of the load balancer: standard is one machine, highspec two."
    )
    addresses: tuple[IPv4Address, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=2,
        description="Own addresses, host 3 to 10 of the node network: one for standard, two for "
        "highspec; hosts 5 and 6 when not given.",
    )
    virtual_address: IPv4Address | None = Field(
        default=None,
        description="The address that the public one is translated to, host 3 to 10 of the node "
        "network; host 7 when not given.",
    )


class VpnPeer(Section):
    """A computer of an administrator."""

    name: Label = Field(description="Whose computer it is.")
    address: IPv4Address = Field(description="Its address in the VPN's network.")
    public_key: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9+/]{43}=$",
            json_schema_extra={"patternErrorMessage": "use what `wg pubkey` prints"},
        ),
    ] = Field(description="Its WireGuard public key, 44 characters.")


class Vpn(Section):
    """The VPC router's WireGuard: how administrators reach the nodes and the kube API."""

    cidr: IPv4Network = Field(description="The VPN's own network; its host 1 is the VPC router.")
    peers: tuple[VpnPeer, ...] = Field(min_length=1, description="The computers let in.")


class Sakura(Section):
    """What this cluster takes from Sakura Cloud besides its nodes."""

    zone: Literal["is1a", "is1b", "is1c", "tk1a", "tk1b", "tk1v"] = Field(
        description="Sakura Cloud's zone; tk1v is its sandbox."
    )
    internet: Internet = Field(description="The router and switch with the public addresses.")
    vpc_router: VpcRouter = Field(description="The router between internet and nodes.")
    load_balancer: LoadBalancer = Field(description="The load balancer in front of the agents.")
    vpn: Vpn | None = Field(
        default=None,
        description="WireGuard for administrators; without it the nodes are reached by Sakura's "
        "console alone.",
    )
    os_archive: Literal["ubuntu2404", "ubuntu2204"] = Field(
        description="The public archive that the nodes' OS disks are made from."
    )
    ssh_public_keys: tuple[
        Annotated[
            str,
            Field(
                pattern=r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) "
                r"[A-Za-z0-9+/]{60,}={0,2}( [^\s]+)?$",
                json_schema_extra={"patternErrorMessage": "use a public key in OpenSSH's one line"},
            ),
        ],
        ...,
    ] = Field(min_length=1, description="OpenSSH public keys that may log in to the nodes.")


class ObjectStorage(Section):
    """Buckets that are not the volumes' own."""

    site: Literal["isk01", "tky01"] = Field(
        description="Site of the object storage; region and endpoint follow from it."
    )
    etcd_bucket: BucketName = Field(description="The bucket that RKE2 saves etcd snapshots in.")
    terraform_bucket: BucketName = Field(description="The bucket that holds Terraform's state.")

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

    node_cidr: IPv4Network = Field(
        description="The nodes' private network, /16 to /23: host 1 is the gateway, 2 the kube "
        "API's virtual address, 3 to 10 appliances, servers from 11, agents from 257."
    )
    pod_cidr: IPv4Network = Field(description="Addresses of pods; each node takes a /24 of it.")
    service_cidr: IPv4Network = Field(description="Addresses of Kubernetes Services.")
    interface: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{1,14}$")] = Field(
        default="eth0", description="The nodes' network interface; eth0 when not given."
    )


class Machines(Section):
    """How many nodes of one role there are, and how large each is."""

    cores: int = Field(
        ge=2, le=32, multiple_of=2, description="CPU cores of each; RKE2 asks for 2."
    )
    memory_gb: int = Field(
        ge=4,
        le=256,
        description="Memory of each in GB; RKE2 asks for 4. Sakura's price list "
        "says which sizes there are for a number of cores.",
    )
    os_disk_gb: DiskSize = Field(description="Size of each OS disk (SSD) in GB.")


class Servers(Machines):
    """The control plane: kube API, etcd, scheduler."""

    count: int = Field(
        ge=1,
        le=5,
        description="Number of servers: 1, 3 or 5. Odd, so that a majority survives a failure; "
        "more than 5 only slow etcd down.",
    )


class Agents(Machines):
    """The nodes that run the workloads and answer on ports 80 and 443."""

    count: int = Field(
        ge=0,
        le=40,
        description="Number of agents, at most 40 (the load balancer's limit). With 0 the "
        "servers run the workloads.",
    )
