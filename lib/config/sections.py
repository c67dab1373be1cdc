"""The parts of the cluster file that say who the cluster belongs to and what runs on it."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Annotated, Literal

from lib.config.declaration import Section, frozen, key
from lib.config.kinds import (
    BucketName,
    CpuQuantity,
    DiskSize,
    DomainName,
    Email,
    Frozen,
    GitHubName,
    Label,
    NotEmpty,
    RepositoryName,
    SizeQuantity,
    Text,
)


class Repository(Section):
    """Where Argo CD reads this repository from."""

    url: Annotated[
        str,
        Text(
            r"^https://[A-Za-z0-9.-]+/[A-Za-z0-9._/-]+$",
            "use https://HOST/OWNER/NAME.git, without credentials",
        ),
    ] = key("The git repository that Argo CD reads dist/ from, without credentials.")
    revision: Annotated[
        str, Text(r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", "use a branch, a tag or a commit")
    ] = key("The branch that Argo CD follows.")
    private: bool = key(
        "Whether reading it takes a GitHub App's key, which is then in Vault; true when not given.",
        default=True,
    )


class GitHub(Section):
    """The organization whose members use the cluster."""

    organization: GitHubName = key("The GitHub organization whose members log in.")
    teams: Annotated[Mapping[Label, Annotated[tuple[GitHubName, ...], NotEmpty()]], Frozen()] = key(
        "Role -> slugs of the GitHub teams that hold it. The roles' names are free; "
        "access refers to them.",
        min_length=1,
    )


class Access(Section):
    """Which roles of github.teams may do what."""

    admins: tuple[Label, ...] = key(
        "Roles that administer everything: kubectl, Argo CD, Vault, Longhorn, Traefik.",
        min_length=1,
    )
    viewers: tuple[Label, ...] = key(
        "Roles that may see everything but secrets, with kubectl and in Argo CD.", default=()
    )
    projects: Annotated[Mapping[Label, tuple[Label, ...]], Frozen()] = key(
        "Argo CD project -> roles that may deploy it. A project that is not named "
        "here is the administrators' alone.",
        default_factory=lambda: frozen({}),
    )


class Rke2(Section):
    """The Kubernetes distribution on every node."""

    version: Annotated[
        str,
        Text(
            r"^v1\.[0-9]{1,2}\.[0-9]{1,2}\+rke2r[0-9]{1,2}$",
            "use a release of rancher/rke2 such as v1.36.3+rke2r1",
        ),
    ] = key("The RKE2 release of every node; raise it one minor version at a time.")
    cni: Literal["canal", "cilium"] = key(
        "The pod network. Both keep NetworkPolicies; it cannot be changed on a running cluster."
    )

    @property
    def minor(self) -> tuple[int, int]:
        """Kubernetes' major and minor version, such as (1, 36)."""
        major, minor, _ = self.version.removeprefix("v").split(".", 2)
        return int(major), int(minor)


class CloudflareDns(Section):
    """The zone lies at Cloudflare."""

    provider: Literal["cloudflare"] = key("Who serves the DNS zone.")
    zone: DomainName = key("The DNS zone; the domain is this zone or lies in it.")
    proxied: bool = key(
        "Whether Cloudflare stands between visitors and the cluster. Off by default: "
        "its proxy hides the client addresses that the rate limits need.",
        default=False,
    )


class SakuraDns(Section):
    """The zone lies at Sakura Cloud."""

    provider: Literal["sakura"] = key("Who serves the DNS zone.")
    zone: DomainName = key("The DNS zone; the domain is this zone or lies in it.")
    zone_id: int = key(
        "Number of the DNS zone at Sakura Cloud: Terraform's output after its first "
        "run. cert-manager's webhook asks for it.",
        ge=1,
    )


class Certificates(Section):
    """Where the wildcard certificate comes from."""

    issuer: Literal["letsencrypt-production", "letsencrypt-staging"] = key(
        "The ClusterIssuer of the wildcard certificate. Start with staging: "
        "production's rate limits lock out for a week."
    )
    email: Email = key("Where Let's Encrypt writes about the certificates.")


class LonghornStorage(Section):
    """Volumes on a blank disk of each node that runs workloads."""

    kind: Literal["longhorn"] = key("What gives the cluster its volumes.")
    replicas: int = key(
        "Copies of each volume, each on another agent; at most the agents.", ge=1, le=5
    )
    disk_gb: DiskSize = key("Size in GB of the blank disk of each agent.")
    disk_plan: Literal["ssd", "hdd"] = key("Kind of the blank disk of each agent.", default="ssd")
    backup_bucket: BucketName = key("The bucket that volumes are backed up to.")


class NfsStorage(Section):
    """Volumes on Sakura's NFS appliance."""

    kind: Literal["nfs"] = key("What gives the cluster its volumes.")
    plan: Literal["ssd", "hdd"] = key("Kind of the NFS appliance's disks.")
    size_gb: int = key("Size in GB of the NFS appliance.", ge=1)
    address: IPv4Address | None = key(
        "Address of the NFS appliance, host 3 to 10 of the node network; host 8 when not given.",
        default=None,
    )


class Vault(Section):
    """The cluster's own Vault."""

    replicas: int = key("Vault servers: an odd number, each on another agent.", ge=1, le=5)
    data_size: SizeQuantity = key("Volume of each Vault server for its data.")
    audit_size: SizeQuantity = key("Volume of each Vault server for its audit log.")
    mount: Label = key("Where the KV version 2 engine is mounted; kv when not given.", default="kv")

    @property
    def address(self) -> str:
        """Where everything inside the cluster reaches the active Vault server."""
        return "https://vault.vault.svc:8200"


class RunnerScaleSet(Section):
    """A kind of ephemeral GitHub Actions runner."""

    name: Label = key(
        "What a workflow writes after runs-on; also the Helm release's name.", max_length=45
    )
    min_runners: int = key("Idle runners kept ready.", ge=0, le=500)
    max_runners: int = key("Runners at the same time, at most.", ge=1, le=500)
    mode: Literal["dind", "kubernetes"] = key(
        "How a job runs containers: dind (a privileged Docker beside it) or "
        "kubernetes (pods of their own, no privilege)."
    )
    runner_group: str | None = key(
        "GitHub's runner group, which says whose repositories may use it; the scale set's own name "
        "when not given.",
        default=None,
        min_length=1,
        max_length=100,
    )
    repository: RepositoryName | None = key(
        "Serve this repository of the organization alone; the whole organization when not given.",
        default=None,
    )
    cpu: CpuQuantity = key("CPU that each runner reserves, in millicores.")
    memory: SizeQuantity = key("Memory of each runner, reserved and at most.")
    work_size: SizeQuantity = key(
        "Room for a job's working directory; 10Gi when not given.", default="10Gi"
    )

    @property
    def group(self) -> str:
        """GitHub's runner group."""
        return self.runner_group or self.name


class Reactions(Section):
    """The live stream's reactions backend."""

    host: str = key(
        "First label of its host name: reactions is reached at reactions.DOMAIN.", min_length=1
    )
    image: Annotated[
        str,
        Text(
            r"^[a-z0-9.-]+\.[a-z]+(/[a-z0-9._-]+)+(:[A-Za-z0-9._-]+)?(@sha256:[0-9a-f]{64})?$",
            "use REGISTRY/OWNER/NAME:VERSION or ...@sha256:DIGEST",
        ),
    ] = key("Its container image, with a fixed version or digest.")
    private: bool = key(
        "Whether pulling the image takes a login at its registry, which is then in Vault; "
        "true when not given.",
        default=True,
    )
    min_replicas: int = key(
        "Pods kept running when it is quiet: two at least, so that one may go.", ge=2, le=200
    )
    max_replicas: int = key("Pods at the same time, at most.", ge=2, le=200)
