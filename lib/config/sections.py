"""The parts of the cluster file that say who the cluster belongs to and what runs on it."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lib.config.base import (
    BucketName,
    CpuQuantity,
    DiskSize,
    DomainName,
    Email,
    GitHubName,
    Label,
    RepositoryName,
    Section,
    SizeQuantity,
    frozen,
)


class Repository(Section):
    """Where Argo CD reads this repository from."""

    url: Annotated[
        str,
        Field(
            pattern=r"^(https://|ssh://git@|git@)[A-Za-z0-9.-]+[:/][A-Za-z0-9._/-]+$",
            json_schema_extra={
                "patternErrorMessage": "use https://HOST/OWNER/NAME.git, without credentials"
            },
        ),
    ] = Field(description="The git repository that Argo CD reads dist/ from, without credentials.")
    revision: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$",
            json_schema_extra={"patternErrorMessage": "use a branch, a tag or a commit"},
        ),
    ] = Field(description="The branch that Argo CD follows.")


class GitHub(Section):
    """The organization whose members use the cluster."""

    organization: GitHubName = Field(description="The GitHub organization whose members log in.")
    teams: Annotated[
        Mapping[Label, Annotated[tuple[GitHubName, ...], Field(min_length=1)]],
        AfterValidator(frozen),
    ] = Field(
        min_length=1,
        description="Role -> slugs of the GitHub teams that hold it. The roles' names are free; "
        "access refers to them.",
    )


class Access(Section):
    """Which roles of github.teams may do what."""

    admins: tuple[Label, ...] = Field(
        min_length=1,
        description="Roles that administer everything: kubectl, Argo CD, Vault, Longhorn, Traefik.",
    )
    viewers: tuple[Label, ...] = Field(
        default=(),
        description="Roles that may see everything but secrets, with kubectl and in Argo CD.",
    )
    projects: Annotated[Mapping[Label, tuple[Label, ...]], AfterValidator(frozen)] = Field(
        default_factory=lambda: frozen({}),
        description="Argo CD project -> roles that may deploy it. A project that is not named "
        "here is the administrators' alone.",
    )


class Rke2(Section):
    """The Kubernetes distribution on every node."""

    version: Annotated[
        str,
        Field(
            pattern=r"^v1\.[0-9]{1,2}\.[0-9]{1,2}\+rke2r[0-9]{1,2}$",
            json_schema_extra={
                "patternErrorMessage": "use a release of rancher/rke2 such as v1.36.3+rke2r1"
            },
        ),
    ] = Field(description="The RKE2 release of every node; raise it one minor version at a time.")
    cni: Literal["canal", "cilium"] = Field(
        description="The pod network. Both keep NetworkPolicies; it cannot be changed on a "
        "running cluster."
    )

    @property
    def minor(self) -> tuple[int, int]:
        """Kubernetes' major and minor version, such as (1, 36)."""
        major, minor, _ = self.version.removeprefix("v").split(".", 2)
        return int(major), int(minor)


class CloudflareDns(Section):
    """The zone lies at Cloudflare."""

    provider: Literal["cloudflare"] = Field(description="Who serves the DNS zone.")
    zone: DomainName = Field(description="The DNS zone; the domain is this zone or lies in it.")
    proxied: bool = Field(
        default=False,
        description="Whether Cloudflare stands between visitors and the cluster. Off by default: "
        "its proxy hides the client addresses that the rate limits need.",
    )


class SakuraDns(Section):
    """The zone lies at Sakura Cloud."""

    provider: Literal["sakura"] = Field(description="Who serves the DNS zone.")
    zone: DomainName = Field(description="The DNS zone; the domain is this zone or lies in it.")
    zone_id: int = Field(
        ge=1,
        description="Number of the DNS zone at Sakura Cloud: Terraform's output after its first "
        "run. cert-manager's webhook asks for it.",
    )


Dns = Annotated[CloudflareDns | SakuraDns, Field(discriminator="provider")]


class Certificates(Section):
    """Where the wildcard certificate comes from."""

    issuer: Literal["letsencrypt-production", "letsencrypt-staging"] = Field(
        description="The ClusterIssuer of the wildcard certificate. Start with staging: "
        "production's rate limits lock out for a week."
    )
    email: Email = Field(description="Where Let's Encrypt writes about the certificates.")


class LonghornStorage(Section):
    """Volumes on a blank disk of each node that runs workloads."""

    kind: Literal["longhorn"] = Field(description="What gives the cluster its volumes.")
    replicas: int = Field(
        ge=1, le=5, description="Copies of each volume, each on another agent; at most the agents."
    )
    disk_gb: DiskSize = Field(description="Size in GB of the blank disk of each agent.")
    disk_plan: Literal["ssd", "hdd"] = Field(
        default="ssd", description="Kind of the blank disk of each agent."
    )
    backup_bucket: BucketName = Field(description="The bucket that volumes are backed up to.")


class NfsStorage(Section):
    """Volumes on Sakura's NFS appliance."""

    kind: Literal["nfs"] = Field(description="What gives the cluster its volumes.")
    plan: Literal["ssd", "hdd"] = Field(description="Kind of the NFS appliance's disks.")
    size_gb: int = Field(ge=1, description="Size in GB of the NFS appliance.")
    address: IPv4Address | None = Field(
        default=None,
        description="Address of the NFS appliance, host 3 to 10 of the node network; host 8 when "
        "not given.",
    )


Storage = Annotated[LonghornStorage | NfsStorage, Field(discriminator="kind")]


class Vault(Section):
    """The cluster's own Vault."""

    replicas: int = Field(
        ge=1, le=5, description="Vault servers: an odd number, each on another agent."
    )
    data_size: SizeQuantity = Field(description="Volume of each Vault server for its data.")
    audit_size: SizeQuantity = Field(description="Volume of each Vault server for its audit log.")
    mount: Label = Field(
        default="kv", description="Where the KV version 2 engine is mounted; kv when not given."
    )

    @property
    def address(self) -> str:
        """Where everything inside the cluster reaches the active Vault server."""
        return "https://vault.vault.svc:8200"


class RunnerScaleSet(Section):
    """A kind of ephemeral GitHub Actions runner."""

    name: Annotated[Label, Field(max_length=45)] = Field(
        description="What a workflow writes after runs-on; also the Helm release's name."
    )
    min_runners: int = Field(ge=0, le=500, description="Idle runners kept ready.")
    max_runners: int = Field(ge=1, le=500, description="Runners at the same time, at most.")
    mode: Literal["dind", "kubernetes"] = Field(
        description="How a job runs containers: dind (a privileged Docker beside it) or "
        "kubernetes (pods of their own, no privilege)."
    )
    runner_group: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        default="default", description="GitHub's runner group; default when not given."
    )
    repository: RepositoryName | None = Field(
        default=None,
        description="Serve this repository of the organization alone; the whole organization "
        "when not given.",
    )
    cpu: CpuQuantity = Field(description="CPU that each runner reserves, in millicores.")
    memory: SizeQuantity = Field(description="Memory of each runner, reserved and at most.")
    work_size: SizeQuantity = Field(
        default="10Gi", description="Room for a job's working directory; 10Gi when not given."
    )


class Reactions(Section):
    """The live stream's reactions backend."""

    host: str = Field(
        min_length=1,
        description="First label of its host name: reactions is reached at reactions.DOMAIN.",
    )
    image: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9.-]+\.[a-z]+(/[a-z0-9._-]+)+(:[A-Za-z0-9._-]+)?(@sha256:[0-9a-f]{64})?$",
            json_schema_extra={
                "patternErrorMessage": "use REGISTRY/OWNER/NAME:VERSION or ...@sha256:DIGEST"
            },
        ),
    ] = Field(description="Its container image, with a fixed version or digest.")
    min_replicas: int = Field(ge=1, le=200, description="Pods kept running when it is quiet.")
    max_replicas: int = Field(ge=1, le=200, description="Pods at the same time, at most.")
