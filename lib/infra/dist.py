"""What dist/<cluster>/ says about machines and networks, read from its files alone."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from lib.checks.document import DIST, File
from lib.checks.loading import load
from lib.errors import ConfigError
from lib.infra import topics
from lib.infra.named_addresses import named_addresses
from lib.infra.node_files import config_statements, sysctl_statements
from lib.infra.said import By, Said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lib.checks.document import Document
    from lib.checks.place import Place
    from lib.config import Cluster

_TARGET = re.compile(r"s3://([^@/]+)@([^/]+)/?.*")


def files(project: Path, name: str) -> list[File]:
    """Read the files of a cluster's folder.

    Raises:
        ConfigError: There is no such folder.
    """
    top = project / DIST / name
    if not top.is_dir():
        raise ConfigError(f"{DIST}/{name} is not there: run make synth")
    paths = sorted(path for path in top.rglob("*") if path.is_file())
    return [File(os.fspath(path.relative_to(project)), path.read_bytes()) for path in paths]


def statements(found: list[File], cluster: Cluster) -> list[Said]:
    """Say everything that the files say.

    Args:
        found: The files of the cluster's folder.
        cluster: Whose they are; only its domain and networks are looked at, to know which of many
            names and addresses are meant.
    """
    loaded = load(found)
    said = list(_node_files(loaded.node_files))
    for document in loaded.documents:
        for place in document.root.leaves():
            said += _leaf(place, cluster)
        said += _document(document)
    return [*said, *_missing(said, f"{DIST}/{cluster.name}", cluster)]


def at(place: Place, what: str, *values: str) -> Said:
    """Say something of a place."""
    document = place.document
    where = f"{document.file.name}:{document.line(place.pointer)}"
    return Said(what=what, values=values, by=By.DIST, where=where)


def _node_files(documents: list[Document]) -> Iterator[Said]:
    for document in documents:
        role, _, file = document.file.name.rpartition("/")
        role = role.rpartition("/")[2]
        if file == "config.yaml":
            yield from config_statements(document.object, role, By.DIST, document.file.name)
        elif file == "sysctl.conf":
            text = document.file.content.decode(errors="replace")
            yield from sysctl_statements(text, role, document.file.name)


def _leaf(place: Place, cluster: Cluster) -> Iterator[Said]:
    if not isinstance(place.value, str):
        return
    key = place.pointer.rpartition("/")[2].replace("~1", "/")
    value = place.value
    if "external-dns" in key and key.endswith("/target"):
        yield at(place, topics.PUBLIC_ADDRESS, value)
    elif "external-dns" in key and key.endswith("/hostname"):
        inside = f".{value}".endswith(f".{cluster.domain}")
        yield at(place, topics.HOSTS, cluster.domain if inside else value)
    elif key in {"backupTarget", "backupTargetURL"}:
        bucket, region = _target(value)
        yield at(place, topics.BACKUP_BUCKET, bucket)
        yield at(place, topics.REGION, region)
    elif key == "AWS_ENDPOINTS":
        yield at(place, topics.ENDPOINT, value.removeprefix("https://").rstrip("/"))
    for what, found in named_addresses(value, cluster.network):
        yield at(place, what, found)


def _target(url: str) -> tuple[str, str]:
    match = _TARGET.fullmatch(url)
    return (match[1], match[2]) if match else (url, url)


def _document(document: Document) -> Iterator[Said]:
    match document.type:
        case "DaemonSet.apps":
            yield from _kube_vip(document)
        case "NetworkPolicy.networking.k8s.io":
            yield from _kube_api_rules(document)
        case "StorageClass.storage.k8s.io":
            server = document.at("parameters", "server")
            if document.text("provisioner") == "nfs.csi.k8s.io":
                yield at(server, topics.NFS, str(server.value))
        case "HelmChartConfig.helm.cattle.io":
            interface = document.at("spec", "values", "flannel", "iface")
            if interface:
                yield at(interface, topics.INTERFACE, str(interface.value))
        case "Application.argoproj.io":
            for source in document.each("spec", "sources"):
                if source.text("chart") == "external-dns":
                    yield _zone(source.at("helm", "valuesObject"))


def _kube_vip(document: Document) -> Iterator[Said]:
    settings = {"address": topics.KUBE_API, "vip_interface": topics.INTERFACE}
    for container in document.each("spec", "template", "spec", "containers"):
        if "kube-vip" not in container.text("image"):
            continue
        for variable in container.each("env"):
            what = settings.get(variable.text("name"))
            if what:
                yield at(variable.at("value"), what, variable.text("value"))


def _kube_api_rules(document: Document) -> Iterator[Said]:
    """Rules that let pods reach the API: Kubernetes compares with the servers' own addresses."""
    for rule in document.each("spec", "egress"):
        blocks = [block.text("ipBlock", "cidr") for block in rule.each("to")]
        to_kube_api = any(port.get("port") == 6443 for port in rule.each("ports"))  # noqa: PLR2004
        if to_kube_api and blocks and all(block.endswith("/32") for block in blocks):
            yield at(rule, topics.API_SERVERS, _listed(blocks))


def _listed(blocks: list[str]) -> str:
    return ", ".join(sorted((b.removesuffix("/32") for b in blocks), key=_by_number))


def _by_number(address: str) -> list[int]:
    return [int(part) if part.isdigit() else -1 for part in address.split(".")]


def _zone(values: Place) -> Said:
    """The zone that external-dns writes to: Sakura's webhook is told, others find it by filter."""
    for variable in values.each("provider", "webhook", "env"):
        if variable.text("name") == "WEBHOOK_ZONE_NAME":
            return at(variable, topics.DNS_ZONE, variable.text("value"))
    filters: list[Any] = values.items("domainFilters")
    return at(values.at("domainFilters"), topics.DNS_ZONE, *map(str, filters))


def _missing(said: list[Said], where: str, cluster: Cluster) -> Iterator[Said]:
    """What no cluster can do without, and nobody says."""
    needed = {
        topics.KUBE_API: "bootstrap/ (kube-vip's DaemonSet)",
        topics.POD_NETWORK: "nodes/server/config.yaml",
        topics.SERVICE_NETWORK: "nodes/server/config.yaml",
        topics.ETCD_SECRET: "nodes/server/config.yaml",
        topics.CNI: "nodes/server/config.yaml",
        topics.PUBLIC_ADDRESS: "no route has the annotation for external-dns",
        topics.API_SERVERS: "no NetworkPolicy opens the kube API",
    }
    if cluster.storage.kind == "longhorn":
        needed[topics.BACKUP_BUCKET] = "bootstrap/ (Longhorn's values)"
    else:
        needed[topics.NFS] = "bootstrap/ (StorageClass)"
    there = {each.what for each in said}
    for what in needed.keys() - there:
        yield Said(what=what, values=(), by=By.DIST, where=f"{where}: {needed[what]}")
