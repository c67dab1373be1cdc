"""kube-vip holds the address that everything else asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from apps.kube_vip import KubeVip
from apps.rke2 import Rke2
from tests.apps.alone import CLUSTERS, cluster_of, manifests_of, node_files

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.manifests import ManifestSet


def pod_of(manifests: ManifestSet) -> dict[str, Any]:
    (daemon_set,) = manifests.of_kind("DaemonSet")
    spec: dict[str, Any] = daemon_set.object["spec"]["template"]["spec"]
    return spec


def settings(cluster: Cluster) -> dict[str, str]:
    """Give the environment, in which each name stands once and each value is a text."""
    (container,) = pod_of(manifests_of(cluster, KubeVip))["containers"]
    env = {entry["name"]: entry.get("value", "") for entry in container["env"]}
    assert len(env) == len(container["env"])
    assert all(isinstance(value, str) for value in env.values())
    return env


@pytest.mark.parametrize("name", CLUSTERS)
def test_it_holds_the_clusters_address_on_the_clusters_interface(name: str) -> None:
    cluster = cluster_of(name)
    env = settings(cluster)
    assert env["address"] == str(cluster.kube_api_address)
    assert env["vip_interface"] == cluster.network.interface
    assert env["port"] == cluster.kube_api_url.rpartition(":")[2]
    # One address, not a network: the nodes' own route stays as it is.
    assert env["vip_subnet"] == "32"


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_api_servers_certificate_names_the_address_it_holds(name: str) -> None:
    cluster = cluster_of(name)
    names = node_files(cluster, Rke2)["server/config.yaml"]["tls-san"]
    assert settings(cluster)["address"] in names


def test_it_serves_the_control_plane_by_arp_and_no_services() -> None:
    env = settings(cluster_of("production"))
    assert (env["cp_enable"], env["vip_arp"], env["svc_enable"]) == ("true", "true", "false")


def test_the_address_follows_the_lease_whose_times_fit_together() -> None:
    env = settings(cluster_of("production"))
    assert env["vip_leaderelection"] == "true"
    retry, renew, lease = (
        int(env[key]) for key in ("vip_retryperiod", "vip_renewdeadline", "vip_leaseduration")
    )
    assert 0 < retry * 1.2 < renew < lease  # client-go refuses other times


def test_it_asks_the_api_of_its_own_server_and_shows_nothing_to_the_network() -> None:
    env = settings(cluster_of("production"))
    assert env["KUBERNETES_SERVICE_HOST"] == "127.0.0.1"
    assert env["KUBERNETES_SERVICE_PORT"] == env["port"]
    assert env["prometheus_server"].startswith("127.0.0.1:")


def test_it_may_do_what_its_lease_needs_and_nothing_else() -> None:
    manifests = manifests_of(cluster_of("production"), KubeVip)
    assert {m.kind for m in manifests} == {"DaemonSet", "Role", "RoleBinding", "ServiceAccount"}
    (role,) = manifests.of_kind("Role")
    env = settings(cluster_of("production"))
    assert role.namespace == env["cp_namespace"]
    create, change = role.object["rules"]
    assert {rule["apiGroups"][0] for rule in (create, change)} == {"coordination.k8s.io"}
    assert {rule["resources"][0] for rule in (create, change)} == {"leases"}
    assert create["verbs"] == ["create"]  # which Kubernetes cannot limit to a name
    assert change["resourceNames"] == [env["vip_leasename"]]
    assert change["verbs"] == ["get", "update"]


def test_role_account_and_pod_belong_together() -> None:
    manifests = manifests_of(cluster_of("production"), KubeVip)
    (binding,) = manifests.of_kind("RoleBinding")
    (account,) = manifests.of_kind("ServiceAccount")
    (role,) = manifests.of_kind("Role")
    (subject,) = binding.object["subjects"]
    assert binding.object["roleRef"]["name"] == role.name
    assert (subject["name"], subject["namespace"]) == (account.name, account.namespace)
    assert pod_of(manifests)["serviceAccountName"] == account.name


def test_it_runs_on_every_server_whatever_the_servers_taint_and_before_there_is_a_network() -> None:
    pod = pod_of(manifests_of(cluster_of("production"), KubeVip))
    assert pod["hostNetwork"] is True
    assert pod["nodeSelector"] == {"node-role.kubernetes.io/control-plane": "true"}
    tolerated = {entry["effect"] for entry in pod["tolerations"] if entry["operator"] == "Exists"}
    assert not any("key" in entry for entry in pod["tolerations"])
    taints = node_files(cluster_of("production"), Rke2)["server/config.yaml"]["node-taint"]
    assert {taint.rpartition(":")[2] for taint in taints} <= tolerated
    assert "NoSchedule" in tolerated  # not-ready, as all nodes are until the CNI runs


def test_all_of_it_is_there_before_argo_cd_in_the_namespace_that_rke2_applies_to() -> None:
    manifests = manifests_of(cluster_of("production"), KubeVip)
    assert {(m.folder, m.namespace) for m in manifests} == {("bootstrap", "kube-system")}
