"""What RKE2's configuration and the kernel settings of a role's nodes say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.infra import topics
from lib.infra.machines import allowed, is_there
from lib.infra.said import By, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DISK_LABEL = "node.longhorn.io/create-default-disk=true"
KEEPS_WORKLOADS_OFF = "CriticalAddonsOnly=true:NoExecute"


def config_statements(config: Mapping[str, Any], role: str, by: By, where: str) -> Iterator[Said]:
    """Read a config.yaml; what it may hold besides (tokens) is not looked at."""

    def say(what: str, *values: str) -> Said:
        return Said(what=what, values=values, by=by, where=where)

    yield say(topics.label_of(role), is_there(DISK_LABEL in texts(config, "node-label")))
    kept_off = KEEPS_WORKLOADS_OFF in texts(config, "node-taint")
    yield say(topics.taint_of(role), allowed(not kept_off))
    if role != "server":
        return
    names = texts(config, "tls-san")
    yield say(topics.KUBE_API, *names)
    yield say(topics.TLS_SAN, ", ".join(names) or "none")
    yield say(topics.POD_NETWORK, *texts(config, "cluster-cidr"))
    yield say(topics.SERVICE_NETWORK, *texts(config, "service-cidr"))
    yield say(topics.CNI, *texts(config, "cni"))
    to_s3 = config.get("etcd-s3") is True
    yield say(topics.ETCD_SECRET, *(texts(config, "etcd-s3-config-secret") if to_s3 else ()))
    # RKE2 ignores the Secret where any other flag is set (docs/datastore/backup_restore.md).
    flags = sorted(config.keys() - {"etcd-s3", "etcd-s3-config-secret"})
    more = [flag for flag in flags if flag.startswith("etcd-s3")]
    yield say(topics.ETCD_FLAGS, ", ".join(more) or "none")
    for flag in texts(config, "kube-apiserver-arg"):
        if flag.startswith("oidc-issuer-url=https://"):
            host = flag.removeprefix("oidc-issuer-url=https://").partition("/")[0]
            yield say(topics.LOGIN_HOST, host)


def texts(config: Mapping[str, Any], key: str) -> list[str]:
    """The values of a key, which RKE2 takes one by one or as a list."""
    value = config.get(key)
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def sysctl_statements(text: str, role: str, where: str) -> Iterator[Said]:
    """Read a file of sysctl.d."""
    lines = [line.replace(" ", "") for line in text.splitlines()]
    pairs = dict(line.split("=", 1) for line in lines if "=" in line and line[:1] not in "#;")
    found = [
        f"{name}={pairs[f'net.ipv4.conf.all.{name}']}"
        for name in ("arp_ignore", "arp_announce")
        if f"net.ipv4.conf.all.{name}" in pairs
    ]
    value = ", ".join(found) or "none"
    yield Said(what=topics.arp_of(role), values=(value,), by=By.DIST, where=where)
