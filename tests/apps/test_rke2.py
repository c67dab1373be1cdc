"""The nodes' files agree with each other, with the cluster file and with what RKE2 knows."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest

from apps.rke2 import Rke2
from apps.rke2.sysctl import CIS
from lib.config import Cluster, parse_cluster
from lib.constructs import dex_issuer
from lib.constructs.kube_login import KUBECTL, OIDC_PREFIX, kube_groups
from tests.apps.alone import CLUSTERS, FILES, built, cluster_of, node_files

if TYPE_CHECKING:
    from collections.abc import Iterable

# What cloud-init puts on the nodes; a file more or less is a change of that contract.
FILES_OF_NODES = {
    "server/config.yaml",
    "server/audit-policy.yaml",
    "server/sysctl.conf",
    "agent/config.yaml",
    "agent/sysctl.conf",
}
# docs/reference/server_config.md and linux_agent_config.md of rancher/rke2-docs, August 2026.
_AGENT = """
debug data-dir token token-file server bind-address profile audit-policy-file
pod-security-admission-config-file node-name node-label node-taint selinux lb-server-port
protect-kernel-defaults container-runtime-endpoint default-runtime snapshotter private-registry
disable-default-registry-endpoint nonroot-devices node-ip node-external-ip node-internal-dns
node-external-dns resolv-conf kubelet-arg kube-proxy-arg
"""
_SERVER = """
advertise-address tls-san tls-san-security cluster-cidr service-cidr service-node-port-range
cluster-dns cluster-domain egress-selector-mode servicelb-namespace cni ingress-controller
write-kubeconfig write-kubeconfig-mode write-kubeconfig-group helm-controller-arg agent-token
agent-token-file etcd-expose-metrics etcd-disable-snapshots etcd-snapshot-name
etcd-snapshot-schedule-cron etcd-snapshot-reconcile-interval etcd-snapshot-retention
etcd-snapshot-dir etcd-snapshot-compress etcd-s3 etcd-s3-config-secret kube-apiserver-arg etcd-arg
kube-controller-manager-arg kube-scheduler-arg disable disable-cloud-controller disable-kube-proxy
embedded-registry enable-servicelb control-plane-resource-requests control-plane-resource-limits
secrets-encryption-provider supervisor-metrics system-default-registry
"""
AGENT_KEYS = frozenset(_AGENT.split())
SERVER_KEYS = AGENT_KEYS | frozenset(_SERVER.split())
# Terraform adds these to each node's own drop-in, which would otherwise be overruled or doubled.
NODES_OWN = {"node-name", "node-ip", "token", "agent-token", "server"}
LONGHORN = "node.longhorn.io/create-default-disk=true"


def flags(config: dict[str, Any], key: str) -> dict[str, str]:
    """Give the arguments of a component, each of which must be said once."""
    pairs = [entry.partition("=")[::2] for entry in config[key]]
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


def settings(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z_.0-9]+=[0-9]+", line) for line in lines)
    return dict(line.split("=") for line in lines)


def strings(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    else:
        yield str(value)


@pytest.mark.parametrize("name", CLUSTERS)
def test_exactly_the_files_are_there_that_cloud_init_takes(name: str) -> None:
    assert node_files(cluster_of(name), Rke2).keys() == FILES_OF_NODES


def test_the_app_has_files_alone_and_so_no_application() -> None:
    found = built(cluster_of("production"), Rke2)
    assert [m for m in found.manifests if not m.construct.startswith("projects/")] == []


@pytest.mark.parametrize("name", CLUSTERS)
def test_rke2_knows_every_key(name: str) -> None:
    files = node_files(cluster_of(name), Rke2)
    assert files["server/config.yaml"].keys() <= SERVER_KEYS - NODES_OWN
    assert files["agent/config.yaml"].keys() <= AGENT_KEYS - NODES_OWN


@pytest.mark.parametrize("name", CLUSTERS)
def test_no_file_holds_a_credential_or_a_placeholder(name: str) -> None:
    for path, content in node_files(cluster_of(name), Rke2).items():
        for text in strings(content):
            assert "<path:" not in text, path
            assert not re.search(r"-(access|secret)-key$|^(agent-)?token$", text), path


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_api_answers_by_the_address_that_nodes_join_at(name: str) -> None:
    cluster = cluster_of(name)
    names = node_files(cluster, Rke2)["server/config.yaml"]["tls-san"]
    for url in (cluster.kube_api_url, cluster.supervisor_url):
        assert url.removeprefix("https://").partition(":")[0] in names
    assert all(ip_address(n) if n[0].isdigit() else n.endswith(cluster.domain) for n in names)


@pytest.mark.parametrize("name", CLUSTERS)
def test_networks_and_cni_are_the_cluster_files(name: str) -> None:
    cluster = cluster_of(name)
    config = node_files(cluster, Rke2)["server/config.yaml"]
    assert config["cluster-cidr"] == str(cluster.network.pod_cidr)
    assert config["service-cidr"] == str(cluster.network.service_cidr)
    assert config["cni"] == cluster.rke2.cni
    assert config["ingress-controller"] == "none"


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_api_server_believes_the_dex_that_all_clients_use(name: str) -> None:
    cluster = cluster_of(name)
    api_server = flags(node_files(cluster, Rke2)["server/config.yaml"], "kube-apiserver-arg")
    assert api_server["oidc-issuer-url"] == dex_issuer(cluster)
    assert api_server["oidc-issuer-url"].removeprefix("https://") == cluster.host("dex")
    assert api_server["oidc-client-id"] == KUBECTL


def test_a_group_of_dexs_is_bound_by_the_name_that_the_api_server_gives_it() -> None:
    cluster = cluster_of("production")
    api_server = flags(node_files(cluster, Rke2)["server/config.yaml"], "kube-apiserver-arg")
    assert kube_groups(cluster.admin_groups) == tuple(
        api_server["oidc-groups-prefix"] + group for group in cluster.admin_groups
    )


def test_no_login_can_name_itself_one_of_kubernetes_own() -> None:
    assert not f"{OIDC_PREFIX}system:masters".startswith("system:")
    api_server = flags(
        node_files(cluster_of("production"), Rke2)["server/config.yaml"], "kube-apiserver-arg"
    )
    assert api_server["oidc-groups-prefix"] == api_server["oidc-username-prefix"] == OIDC_PREFIX


@pytest.mark.parametrize("name", CLUSTERS)
def test_snapshots_leave_by_the_secret_and_nothing_makes_rke2_ignore_it(name: str) -> None:
    config = node_files(cluster_of(name), Rke2)["server/config.yaml"]
    s3 = {key: value for key, value in config.items() if key.startswith("etcd-s3")}
    assert s3 == {"etcd-s3": True, "etcd-s3-config-secret": "etcd-s3"}


def test_the_audit_policy_is_where_the_configuration_looks_for_it() -> None:
    files = node_files(cluster_of("production"), Rke2)
    assert files["server/config.yaml"]["audit-policy-file"] == (
        "/etc/rancher/rke2/audit-policy.yaml"  # where cloud-init puts it
    )


@pytest.mark.parametrize("name", CLUSTERS)
def test_servers_and_agents_agree_on_the_profile_and_its_kernel_settings(name: str) -> None:
    files = node_files(cluster_of(name), Rke2)
    assert files["server/config.yaml"]["profile"] == files["agent/config.yaml"]["profile"] == "cis"
    for role in ("server", "agent"):
        assert settings(CIS).items() <= settings(files[f"{role}/sysctl.conf"]).items()


@pytest.mark.parametrize("name", CLUSTERS)
def test_every_kubelet_gives_up_pods_before_the_kernel_kills_them(name: str) -> None:
    files = node_files(cluster_of(name), Rke2)
    server, agent = (
        flags(files[f"{role}/config.yaml"], "kubelet-arg") for role in ("server", "agent")
    )
    assert server.keys() == agent.keys()
    for kubelet in (server, agent):
        signals = {each.partition("<")[0] for each in kubelet["eviction-hard"].split(",")}
        assert signals == {"imagefs.available", "memory.available", "nodefs.available"}


def with_agents(count: int) -> Cluster:
    text = FILES["smallest"].read_text(encoding="utf-8")
    return parse_cluster(re.sub(r"(agents:\n  count: )0", rf"\g<1>{count}", text), "smallest.yaml")


def test_servers_are_kept_free_exactly_when_there_are_agents() -> None:
    with_one = node_files(with_agents(1), Rke2)["server/config.yaml"]
    without = node_files(with_agents(0), Rke2)["server/config.yaml"]
    assert with_one["node-taint"] == ["CriticalAddonsOnly=true:NoExecute"]
    assert "node-taint" not in without


def test_longhorns_disk_is_on_the_nodes_that_run_workloads() -> None:
    for count, role, other in ((1, "agent", "server"), (0, "server", "agent")):
        files = node_files(with_agents(count), Rke2)
        assert files[f"{role}/config.yaml"]["node-label"] == [LONGHORN]
        if other == "server":
            assert "node-label" not in files["server/config.yaml"]


def test_nobody_has_longhorns_label_where_volumes_are_the_appliances() -> None:
    files = node_files(cluster_of("nfs-with-sakura-dns"), Rke2)
    for role in ("server", "agent"):
        assert "node-label" not in files[f"{role}/config.yaml"]


@pytest.mark.parametrize(("count", "servers_hide_it"), [(0, True), (1, False)])
def test_nodes_with_the_virtual_address_on_loopback_do_not_tell_the_network(
    count: int, *, servers_hide_it: bool
) -> None:
    files = node_files(with_agents(count), Rke2)
    hidden = {"net.ipv4.conf.all.arp_ignore": "1", "net.ipv4.conf.all.arp_announce": "2"}
    assert hidden.items() <= settings(files["agent/sysctl.conf"]).items()
    servers = settings(files["server/sysctl.conf"])
    assert (hidden.items() <= servers.items()) is servers_hide_it
