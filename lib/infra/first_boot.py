"""What a machine's cloud-init text says, and which files of dist/ it carries.

The text holds the cluster's tokens and keys: only named values leave this module, and errors name
the machine alone.
"""

from __future__ import annotations

import base64
import gzip
import re
from typing import TYPE_CHECKING, Any

import yaml

from lib.errors import ConfigError
from lib.infra import topics
from lib.infra.node_files import config_statements
from lib.infra.said import By, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.infra.machines import Machine

_RKE2 = "/etc/rancher/rke2"
_MANIFESTS = "/var/lib/rancher/rke2/server/manifests/"
_ETCD_SECRET = f"{_MANIFESTS}etcd-s3.yaml"
_FIRST_BOOT = "/usr/local/sbin/first-boot"
_NETPLAN = "/etc/netplan/60-node.yaml"
_INSTALLS = re.compile(r"^\./rke2\.sh \w+ (\S+)", re.MULTILINE)
_HOSTS = re.compile(r"^\./hosts\.sh (\S+) (\S+)", re.MULTILINE)


def files(text: str, machine: str) -> dict[str, str]:
    """The files that cloud-init writes, by path.

    Raises:
        ConfigError: The text is no cloud-init text.
    """
    try:
        parsed = yaml.load(text, Loader=yaml.CSafeLoader)
        return {file["path"]: _content(file) for file in parsed["write_files"]}
    except (yaml.YAMLError, KeyError, TypeError, ValueError, OSError):
        raise ConfigError(
            f"the plan's user_data of {machine} is no cloud-init text with write_files: "
            "was it made by this project's terraform/?"
        ) from None


def _content(file: Mapping[str, Any]) -> str:
    if file.get("encoding") == "gz+b64":
        return gzip.decompress(base64.b64decode(file["content"])).decode()
    return str(file["content"])


def statements(machine: Machine, written: Mapping[str, str]) -> Iterator[Said]:
    """Say what the machine will be told at its first boot."""
    where = f"cloud-init of {machine.name}"

    def say(what: str, *values: str) -> Said:
        return Said(what=what, values=values, by=By.TERRAFORM, where=where)

    config = _as_rke2_reads(written)
    yield from config_statements(config, machine.role, By.TERRAFORM, where)
    if "server" in config:
        yield say(topics.KUBE_API, _host(str(config["server"])))
    yield from (say(what, *values) for what, values in _network(written, machine.name))
    script = written.get(_FIRST_BOOT, "")
    for version in _INSTALLS.findall(script):
        yield say(topics.RKE2, version)
    for address, host in _HOSTS.findall(script):
        yield say(topics.LOAD_BALANCER, address)
        yield say(topics.LOGIN_HOST, host)
    if _ETCD_SECRET in written:
        secret = yaml.load(written[_ETCD_SECRET], Loader=yaml.CSafeLoader)
        yield say(topics.ETCD_SECRET, secret["metadata"]["name"])
        for what, key in (
            (topics.ETCD_BUCKET, "etcd-s3-bucket"),
            (topics.ENDPOINT, "etcd-s3-endpoint"),
            (topics.REGION, "etcd-s3-region"),
        ):
            yield say(what, secret["stringData"][key])
        yield say(topics.ETCD_FLAGS, "none")


def _host(url: str) -> str:
    return url.partition("://")[2].rpartition(":")[0]


def _as_rke2_reads(written: Mapping[str, str]) -> dict[str, Any]:
    """config.yaml, then its drop-ins by name; ``key+`` adds to a list."""
    drop_ins = sorted(path for path in written if path.startswith(f"{_RKE2}/config.yaml.d/"))
    merged: dict[str, Any] = {}
    for path in (f"{_RKE2}/config.yaml", *drop_ins):
        for key, value in (_load(written.get(path, "")) or {}).items():
            if key.endswith("+"):
                merged[key[:-1]] = [*merged.get(key[:-1], []), *value]
            else:
                merged[key] = value
    return merged


def _load(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _network(written: Mapping[str, str], name: str) -> Iterator[tuple[str, list[str]]]:
    ethernets = (_load(written.get(_NETPLAN, "")) or {}).get("network", {}).get("ethernets", {})
    for interface, settings in ethernets.items():
        addresses = [address.partition("/")[0] for address in settings.get("addresses", [])]
        if interface == "lo":
            yield topics.LOAD_BALANCER, addresses
            continue
        yield topics.INTERFACE, [interface]
        yield topics.address_of(name), addresses
        yield topics.GATEWAY, [route["via"] for route in settings.get("routes", [])]


def carried(machine: Machine, written: Mapping[str, str]) -> dict[str, str]:
    """The files of dist/ that the machine gets: path below dist/<cluster>/ -> content.

    RKE2 calls bootstrap manifests by their base names, wherever in bootstrap/ they lie.
    """
    places = {
        f"{_RKE2}/config.yaml": f"nodes/{machine.role}/config.yaml",
        f"{_RKE2}/audit-policy.yaml": f"nodes/{machine.role}/audit-policy.yaml",
        "/etc/sysctl.d/90-rke2.conf": f"nodes/{machine.role}/sysctl.conf",
    }
    found = {places[path]: text for path, text in written.items() if path in places}
    for path, text in written.items():
        if path.startswith(_MANIFESTS) and path != _ETCD_SECRET:
            found[f"bootstrap/{path.removeprefix(_MANIFESTS)}"] = text
    return found
