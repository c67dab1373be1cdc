"""The Cluster: one cluster file as a frozen value that answers every name and address."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Literal

from lib.config import machines, sections
from lib.config.declaration import Section, key
from lib.config.kinds import DomainName, Label
from lib.errors import BuildError

GATEWAY = 1
KUBE_API = 2
RESERVED = range(3, 11)
FIRST_SERVER = 11
FIRST_AGENT = 257

_ROUTER = (3, 4)
_LOAD_BALANCER = (5, 6)
_LOAD_BALANCER_VIRTUAL = 7
_NFS = 8

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class Node:
    """A machine of the cluster.

    Args:
        name: Host name and Kubernetes node name, such as ``festival-rke2-agent-0``.
        role: ``server`` (control plane) or ``agent``.
        address: Its address in the node network.
    """

    name: str
    role: Literal["server", "agent"]
    address: IPv4Address


class ClusterFile(Section):
    """The keys of a cluster file, in the file's order."""

    name: Label = key("Name of the cluster: the file's own name and the folder's in dist/.")
    domain: DomainName = key(
        "All host names lie directly below this domain; one wildcard certificate serves them."
    )
    public_address: IPv4Address = key(
        "The public address that visitors reach: an address of the internet router, "
        "known after Terraform's network stage."
    )
    node_prefix: Label = key(
        "Nodes are named PREFIX-rke2-server-0, PREFIX-rke2-agent-0, ...", max_length=40
    )
    repository: sections.Repository = key("Where Argo CD reads dist/ from.")
    github: sections.GitHub = key("The organization that logs in.")
    access: sections.Access = key("Which roles of github.teams may do what.")
    sakura: machines.Sakura = key("What is taken from Sakura Cloud.")
    network: machines.Network = key("Networks of nodes, pods and Services.")
    servers: machines.Servers = key("The control plane's machines.")
    agents: machines.Agents = key("The machines that run the workloads.")
    rke2: sections.Rke2 = key("The Kubernetes distribution.")
    object_storage: machines.ObjectStorage = key("Object storage and its buckets.")
    storage: sections.LonghornStorage | sections.NfsStorage = key(
        "What gives the cluster its volumes.", discriminator="kind"
    )
    dns: sections.CloudflareDns | sections.SakuraDns = key(
        "Who serves the DNS zone.", discriminator="provider"
    )
    certificates: sections.Certificates = key("The wildcard certificate.")
    vault: sections.Vault = key("The cluster's own Vault.")
    runner_scale_sets: tuple[sections.RunnerScaleSet, ...] = key(
        "GitHub Actions runners, one scale set per entry; may be left out.", default=()
    )
    reactions: sections.Reactions | None = key(
        "The live stream's reactions backend; none when left out.", default=None
    )


class Cluster(ClusterFile):
    """A cluster, with every address and name that follows from its file.

    Addresses are numbered like Terraform's ``cidrhost(node_cidr, n)``.
    """

    def host(self, label: str | None = None) -> str:
        """Return the host name of a service, or the domain itself.

        Args:
            label: One label directly below the domain, which the wildcard certificate covers.

        Raises:
            BuildError: The label is not one DNS label.
        """
        if label is None:
            return self.domain
        if not _LABEL.fullmatch(label):
            raise BuildError(
                f"cluster.host: {label!r} is not one label below {self.domain} "
                "(rule: host-in-domain); use lower-case letters, digits and inner hyphens"
            )
        return f"{label}.{self.domain}"

    def node_address(self, number: int) -> IPv4Address:
        """Return host ``number`` of the node network, like Terraform's cidrhost."""
        return self.network.node_cidr[number]

    @property
    def gateway_address(self) -> IPv4Address:
        """Host 1: the VPC router's shared address, every node's default gateway."""
        return self.node_address(GATEWAY)

    @property
    def kube_api_address(self) -> IPv4Address:
        """Host 2: the kube API's virtual address, which kube-vip holds."""
        return self.node_address(KUBE_API)

    @property
    def kube_api_url(self) -> str:
        """The Kubernetes API behind its virtual address."""
        return f"https://{self.kube_api_address}:6443"

    @property
    def supervisor_url(self) -> str:
        """RKE2's supervisor behind the virtual address: where nodes join."""
        return f"https://{self.kube_api_address}:9345"

    @property
    def router_addresses(self) -> tuple[IPv4Address, ...]:
        """The VPC router's two own addresses."""
        given = self.sakura.vpc_router.addresses
        return given or tuple(self.node_address(number) for number in _ROUTER)

    @property
    def load_balancer_addresses(self) -> tuple[IPv4Address, ...]:
        """The load balancer's own addresses: one for the standard plan, two for highspec."""
        balancer = self.sakura.load_balancer
        machines_of_plan = 1 if balancer.plan == "standard" else 2
        numbers = _LOAD_BALANCER[:machines_of_plan]
        return balancer.addresses or tuple(self.node_address(number) for number in numbers)

    @property
    def load_balancer_virtual_address(self) -> IPv4Address:
        """What the public address is translated to; agents hold it on their loopback."""
        given = self.sakura.load_balancer.virtual_address
        return given or self.node_address(_LOAD_BALANCER_VIRTUAL)

    @property
    def nfs_address(self) -> IPv4Address | None:
        """The NFS appliance's address; None where storage is Longhorn."""
        if self.storage.kind != "nfs":
            return None
        return self.storage.address or self.node_address(_NFS)

    @property
    def server_nodes(self) -> tuple[Node, ...]:
        """The servers, from host 11."""
        return self._nodes("server", FIRST_SERVER, self.servers.count)

    @property
    def agent_nodes(self) -> tuple[Node, ...]:
        """The agents, from host 257."""
        return self._nodes("agent", FIRST_AGENT, self.agents.count)

    def _nodes(self, role: Literal["server", "agent"], first: int, count: int) -> tuple[Node, ...]:
        return tuple(
            Node(
                name=f"{self.node_prefix}-rke2-{role}-{index}",
                role=role,
                address=self.node_address(first + index),
            )
            for index in range(count)
        )

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes, servers first."""
        return self.server_nodes + self.agent_nodes

    @property
    def workload_nodes(self) -> tuple[Node, ...]:
        """The nodes that run workloads: the agents; the servers of a cluster without agents."""
        return self.agent_nodes or self.server_nodes

    @property
    def server_addresses(self) -> tuple[IPv4Address, ...]:
        """Addresses of the servers."""
        return tuple(node.address for node in self.server_nodes)

    @property
    def agent_addresses(self) -> tuple[IPv4Address, ...]:
        """Addresses of the agents."""
        return tuple(node.address for node in self.agent_nodes)

    @property
    def wildcard_secret_name(self) -> str:
        """Name of the Secret that holds the wildcard certificate."""
        return f"wildcard-{self.domain.replace('.', '-')}-tls"

    def groups(self, *roles: str) -> tuple[str, ...]:
        """Return the OIDC groups of roles, as Dex reports GitHub teams.

        Args:
            roles: Keys of ``github.teams``.

        Returns:
            ``organization:team-slug`` for each team, without repeats, in the file's order.
        """
        slugs = (slug for role in roles for slug in self.github.teams[role])
        return tuple(dict.fromkeys(f"{self.github.organization}:{slug}" for slug in slugs))

    @property
    def admin_groups(self) -> tuple[str, ...]:
        """OIDC groups that administer everything."""
        return self.groups(*self.access.admins)

    @property
    def viewer_groups(self) -> tuple[str, ...]:
        """OIDC groups that may see everything but secrets."""
        return self.groups(*self.access.viewers)

    def project_groups(self, project: str) -> tuple[str, ...]:
        """Return the OIDC groups that may deploy an Argo CD project."""
        return self.groups(*self.access.projects.get(project, self.access.admins))

    def github_url(self, scale_set: sections.RunnerScaleSet) -> str:
        """Return the GitHub address that a runner scale set serves."""
        base = f"https://github.com/{self.github.organization}"
        return f"{base}/{scale_set.repository}" if scale_set.repository else base
