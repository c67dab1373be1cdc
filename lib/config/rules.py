"""What has to hold between the parts of a cluster file: one function per rule.

Rules about networks and addresses stand in ``network_rules`` and ``address_rules``.
"""

from __future__ import annotations

import difflib
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from lib.config.address_rules import ADDRESS_RULES
from lib.config.network_rules import NETWORK_RULES, Rule
from lib.config.problems import KeyPath, Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.config.cluster import Cluster

_NFS_SIZES = {
    "ssd": (20, 100, 500, 1024, 2048, 4096),
    "hdd": (100, 500, 1024, 2048, 4096, 8192, 12288),
}


def rule_problems(cluster: Cluster, *, complete: bool) -> Iterator[Problem]:
    """Yield what breaks a rule.

    Args:
        cluster: The cluster; sections that could not be read are absent when not complete.
        complete: Whether all sections are there. A rule that misses one is passed over: the file
            has a problem in that section already, and the rule is asked again once it is mended.
    """
    for rule in (*NETWORK_RULES, *ADDRESS_RULES, *RULES):
        try:
            yield from rule(cluster)
        except AttributeError:
            if complete:
                raise


def odd_servers(cluster: Cluster) -> Iterator[Problem]:
    """An even number of etcd members survives no more failures than one fewer."""
    yield from _odd("odd-servers", ("servers", "count"), cluster.servers.count)


def odd_vault_replicas(cluster: Cluster) -> Iterator[Problem]:
    """Vault's raft storage votes like etcd."""
    yield from _odd("odd-vault-replicas", ("vault", "replicas"), cluster.vault.replicas)


def _odd(rule: str, path: KeyPath, count: int) -> Iterator[Problem]:
    if count % 2 == 0:
        yield Problem(
            rule=rule,
            path=path,
            what="is even, which survives no more failures than one fewer",
            given=str(count),
            use="use 1, 3 or 5",
        )


def volume_replicas_fit(cluster: Cluster) -> Iterator[Problem]:
    """Each copy of a volume lies on another node."""
    if cluster.storage.kind == "longhorn":
        path: KeyPath = ("storage", "replicas")
        yield from _fits("volume-replicas-fit", path, cluster.storage.replicas, cluster)


def vault_replicas_fit(cluster: Cluster) -> Iterator[Problem]:
    """Vault's chart keeps its servers on different nodes; one too many waits for ever."""
    yield from _fits("vault-replicas-fit", ("vault", "replicas"), cluster.vault.replicas, cluster)


def _fits(rule: str, path: KeyPath, replicas: int, cluster: Cluster) -> Iterator[Problem]:
    role: Literal["agents", "servers"] = "agents" if cluster.agents.count else "servers"
    nodes = cluster.agents.count or cluster.servers.count
    holders = role if nodes > 1 else role.removesuffix("s")
    if replicas > nodes:
        yield Problem(
            rule=rule,
            path=path,
            what=f"is more than {nodes} {holders} can hold, one each",
            given=str(replicas),
            use=f"use at most {nodes}, or add {role}",
            against=((role, "count"),),
        )


def nfs_size(cluster: Cluster) -> Iterator[Problem]:
    """Sakura sells the NFS appliance in a few sizes for each kind of disk."""
    storage = cluster.storage
    if storage.kind == "nfs" and storage.size_gb not in _NFS_SIZES[storage.plan]:
        yield Problem(
            rule="nfs-size",
            path=("storage", "size_gb"),
            what=f"is not sold with the plan {storage.plan}",
            given=str(storage.size_gb),
            use="use one of " + ", ".join(map(str, _NFS_SIZES[storage.plan])),
            against=(("storage", "plan"),),
        )


def domain_in_zone(cluster: Cluster) -> Iterator[Problem]:
    """Certificates and DNS records can only be made inside the zone that is ours."""
    zone = cluster.dns.zone
    if cluster.domain != zone and not cluster.domain.endswith(f".{zone}"):
        yield Problem(
            rule="domain-in-zone",
            path=("dns", "zone"),
            what="does not hold the domain",
            given=f"{zone!r} for {cluster.domain!r}",
            use=f"use the zone that {cluster.domain} lies in",
            against=(("domain",),),
        )


def host_in_domain(cluster: Cluster) -> Iterator[Problem]:
    """The wildcard certificate serves one label below the domain, and nothing else."""
    if cluster.reactions and "." in cluster.reactions.host:
        label = cluster.reactions.host.split(".")[0]
        yield Problem(
            rule="host-in-domain",
            path=("reactions", "host"),
            what=f"is not one label directly below {cluster.domain}",
            given=shown(cluster.reactions.host),
            use=f"use a label such as {label}, for {label}.{cluster.domain}",
            against=(("domain",),),
        )


def bucket_used_twice(cluster: Cluster) -> Iterator[Problem]:
    """Each writer removes old files by its own rules: they must not share a bucket."""
    store, storage = cluster.object_storage, cluster.storage
    buckets: list[tuple[KeyPath, str]] = [
        (("object_storage", "etcd_bucket"), store.etcd_bucket),
        (("object_storage", "terraform_bucket"), store.terraform_bucket),
    ]
    if storage.kind == "longhorn":
        buckets.append((("storage", "backup_bucket"), storage.backup_bucket))
    yield from _unique("bucket-used-twice", "names a bucket that is in use", buckets)


def runner_names_unique(cluster: Cluster) -> Iterator[Problem]:
    """Two scale sets of one name would be one Helm release and one runs-on label."""
    names: list[tuple[KeyPath, str]] = [
        (("runner_scale_sets", index, "name"), scale_set.name)
        for index, scale_set in enumerate(cluster.runner_scale_sets)
    ]
    yield from _unique("runner-names-unique", "is the name of another scale set", names)


def _unique(rule: str, what: str, values: list[tuple[KeyPath, str]]) -> Iterator[Problem]:
    for (path, value), (other_path, other) in combinations(values, 2):
        if value == other:
            yield Problem(
                rule=rule,
                path=other_path,
                what=what,
                given=shown(other),
                use="choose another name",
                against=(path,),
            )


def runner_range(cluster: Cluster) -> Iterator[Problem]:
    """More runners kept ready than there may be cannot be."""
    for index, scale_set in enumerate(cluster.runner_scale_sets):
        path: KeyPath = ("runner_scale_sets", index)
        yield from _ordered(
            "runner-range", path, "runners", scale_set.min_runners, scale_set.max_runners
        )


def reactions_range(cluster: Cluster) -> Iterator[Problem]:
    """The autoscaler refuses a minimum above its maximum."""
    if cluster.reactions:
        reactions, path = cluster.reactions, ("reactions",)
        yield from _ordered(
            "reactions-range", path, "replicas", reactions.min_replicas, reactions.max_replicas
        )


def _ordered(rule: str, path: KeyPath, noun: str, low: int, high: int) -> Iterator[Problem]:
    if low > high:
        yield Problem(
            rule=rule,
            path=(*path, f"min_{noun}"),
            what="is more than the maximum",
            given=f"{low} and {high}",
            use=f"use at most {high}, or raise the maximum",
            against=((*path, f"max_{noun}"),),
        )


def image_fixed(cluster: Cluster) -> Iterator[Problem]:
    """What runs has to follow from git: a tag that moves, or none, does not say."""
    if cluster.reactions is None:
        return
    name, _, digest = cluster.reactions.image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    if not digest and (not tag or tag in {"latest", "main", "master", "develop", "production"}):
        yield Problem(
            rule="image-fixed",
            path=("reactions", "image"),
            what="names no fixed version",
            given=shown(cluster.reactions.image),
            use="use a version such as :1.4.2, or a digest",
        )


def role_declared(cluster: Cluster) -> Iterator[Problem]:
    """Access is given to roles, and a role is what github.teams says it is."""
    access, roles = cluster.access, list(cluster.github.teams)
    lists: list[tuple[KeyPath, tuple[str, ...]]] = [
        (("access", "admins"), access.admins),
        (("access", "viewers"), access.viewers),
        *((("access", "projects", name), held) for name, held in access.projects.items()),
    ]
    for path, held in lists:
        for index, role in enumerate(held):
            if role not in roles:
                near = difflib.get_close_matches(role, roles, n=1)
                hint = f"did you mean {near[0]}?" if near else "declared are " + ", ".join(roles)
                yield Problem(
                    rule="role-declared",
                    path=(*path, index),
                    what="is a role that github.teams does not declare",
                    given=shown(role),
                    use=hint,
                    against=(("github", "teams"),),
                )


RULES: tuple[Rule, ...] = (
    odd_servers,
    odd_vault_replicas,
    volume_replicas_fit,
    vault_replicas_fit,
    nfs_size,
    domain_in_zone,
    host_in_domain,
    bucket_used_twice,
    runner_names_unique,
    runner_range,
    reactions_range,
    image_fixed,
    role_declared,
)
