"""GitHub Actions runners: what each kind may do, see and reach."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from apps.actions_runners import RunnerController, RunnerScaleSet
from lib import yaml_text
from lib.config import Cluster, load_cluster
from lib.constructs import AppChart, AppProject, Platform
from lib.manifests import ManifestSet
from lib.synth.build import build_cluster

ROOT = Path(__file__).resolve().parents[2]
LARGEST = ROOT / "tests" / "config" / "valid" / "largest.yaml"
CHART = "gha-runner-scale-set"


def runners(app: Platform, cluster: Cluster) -> None:
    projects = AppChart(app, "projects", cluster=cluster, project="runners", namespace=None)
    AppProject(projects.root, "runners", description="CI.")
    controller = RunnerController(app, cluster=cluster)
    for entry in cluster.runner_scale_sets:
        RunnerScaleSet(app, cluster=cluster, entry=entry).after(controller)


@cache
def built() -> tuple[Cluster, ManifestSet]:
    cluster = load_cluster(LARGEST)
    return cluster, ManifestSet(build_cluster(cluster, runners).manifests)


def object_of(kind: str, name: str, namespace: str) -> dict[str, Any]:
    found = built()[1].get(kind, name, namespace)
    assert found is not None, (kind, name, namespace)
    return dict(found.object)


def chart(application: str) -> dict[str, Any]:
    spec = object_of("Application", application, "argocd")["spec"]
    (source,) = [one for one in spec.get("sources", [spec.get("source")]) if "chart" in one]
    return dict(source)


def values(name: str) -> dict[str, Any]:
    return dict(chart(f"arc-runners-{name}")["helm"]["valuesObject"])


def pod(name: str) -> dict[str, Any]:
    return dict(values(name)["template"]["spec"])


def named(mode: str) -> list[str]:
    found = [entry.name for entry in built()[0].runner_scale_sets if entry.mode == mode]
    assert found
    return found


def all_names() -> list[str]:
    return named("kubernetes") + named("dind")


def level(namespace: str) -> str:
    for manifest in built()[1].of_kind("Namespace"):
        if manifest.name == namespace:
            return str(manifest.object["metadata"]["labels"]["pod-security.kubernetes.io/enforce"])
    raise AssertionError(namespace)


def test_each_entry_of_the_cluster_file_is_a_release_of_its_name_in_a_namespace_of_its_own() -> (
    None
):
    for entry in built()[0].runner_scale_sets:
        application = object_of("Application", f"arc-runners-{entry.name}", "argocd")["spec"]
        assert application["destination"]["namespace"] == f"arc-runners-{entry.name}"
        assert chart(f"arc-runners-{entry.name}")["helm"]["releaseName"] == entry.name


def test_what_the_entry_says_is_what_the_chart_gets() -> None:
    cluster, _ = built()
    for entry in cluster.runner_scale_sets:
        given = values(entry.name)
        assert (given["minRunners"], given["maxRunners"]) == (entry.min_runners, entry.max_runners)
        assert given["runnerGroup"] == (entry.runner_group or entry.name)
        assert given["runnerGroup"] != "default"
        assert given["githubConfigUrl"] == cluster.github_url(entry)


def test_controller_and_sets_are_of_one_version_because_the_controller_deletes_any_other() -> None:
    versions = {chart(f"arc-runners-{name}")["targetRevision"] for name in all_names()}
    assert versions == {chart("arc-system")["targetRevision"]}


def test_the_sets_let_in_the_account_that_the_controller_has() -> None:
    account = chart("arc-system")["helm"]["valuesObject"]["serviceAccount"]["name"]
    for name in all_names():
        assert values(name)["controllerServiceAccount"] == {
            "namespace": "arc-system",
            "name": account,
        }


def test_the_controller_is_synced_before_its_sets() -> None:
    def wave(application: str) -> int:
        metadata = object_of("Application", application, "argocd")["metadata"]
        return int(metadata["annotations"]["argocd.argoproj.io/sync-wave"])

    for name in all_names():
        assert wave("arc-system") < wave(f"arc-runners-{name}")


def test_the_github_app_is_the_sets_own_and_comes_from_its_own_folder_in_vault() -> None:
    for name in all_names():
        namespace = f"arc-runners-{name}"
        secret = object_of("Secret", values(name)["githubConfigSecret"], namespace)
        assert secret["stringData"].keys() == {
            "github_app_id",
            "github_app_installation_id",
            "github_app_private_key",
        }
        for text in secret["stringData"].values():
            assert re.fullmatch(rf"<path:[^/]+/data/{namespace}/github-app#\w+>", text)


def test_only_docker_gets_a_privileged_namespace() -> None:
    assert {level(f"arc-runners-{name}") for name in named("dind")} == {"privileged"}
    assert {level(f"arc-runners-{name}") for name in named("kubernetes")} == {"restricted"}
    assert {level(f"arc-jobs-{name}") for name in named("kubernetes")} == {"baseline"}
    assert level("arc-system") == "restricted"


def test_runners_without_docker_satisfy_the_level_of_their_namespace() -> None:
    for name in named("kubernetes"):
        (runner,) = pod(name)["containers"]
        assert pod(name)["securityContext"]["runAsNonRoot"] is True
        assert pod(name)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert runner["securityContext"]["allowPrivilegeEscalation"] is False
        assert runner["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_listeners_satisfy_the_level_of_the_controllers_namespace() -> None:
    for name in all_names():
        listener = values(name)["listenerTemplate"]["spec"]
        assert listener["securityContext"]["runAsNonRoot"] is True
        assert listener["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        (container,) = listener["containers"]
        assert container["name"] == "listener"
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_jobs_start_in_the_namespace_in_which_their_runners_account_may_start_pods() -> None:
    for name in named("kubernetes"):
        (runner,) = pod(name)["containers"]
        env = {entry["name"]: entry["value"] for entry in runner["env"]}
        jobs = env["ACTIONS_RUNNER_KUBERNETES_NAMESPACE"]
        binding = object_of("RoleBinding", "runner", jobs)
        account = {
            "kind": "ServiceAccount",
            "name": pod(name)["serviceAccountName"],
            "namespace": f"arc-runners-{name}",
        }
        assert binding["subjects"] == [account]
        assert built()[1].get("Role", binding["roleRef"]["name"], jobs) is not None
        assert built()[1].get("ServiceAccount", account["name"], account["namespace"]) is not None


def test_no_account_of_a_runner_can_read_a_secret_that_we_deploy() -> None:
    granted = {manifest.namespace for manifest in built()[1].of_kind("RoleBinding")}
    secrets = {manifest.namespace for manifest in built()[1].of_kind("Secret")}
    assert granted
    assert secrets
    assert not granted & secrets
    assert built()[1].of_kind("ClusterRoleBinding") == ()


def test_runners_with_docker_get_no_token_of_the_api_server() -> None:
    for name in named("dind"):
        assert pod(name)["automountServiceAccountToken"] is False


def test_the_template_of_a_jobs_pod_is_where_the_runner_looks_for_it() -> None:
    for name in named("kubernetes"):
        (runner,) = pod(name)["containers"]
        env = {entry["name"]: entry["value"] for entry in runner["env"]}
        folder, _, file = env["ACTIONS_RUNNER_CONTAINER_HOOK_TEMPLATE"].rpartition("/")
        (mount,) = runner["volumeMounts"]
        (volume,) = pod(name)["volumes"]
        assert (mount["mountPath"], mount["name"]) == (folder, volume["name"])
        template = object_of("ConfigMap", volume["configMap"]["name"], f"arc-runners-{name}")
        assert file in template["data"]


def test_a_jobs_pod_has_the_entrys_room_no_token_and_an_end() -> None:
    for entry in built()[0].runner_scale_sets:
        if entry.mode != "kubernetes":
            continue
        text = object_of("ConfigMap", "job", f"arc-runners-{entry.name}")["data"]["job.yaml"]
        spec = yaml_text.load(text)["spec"]
        assert spec["resources"]["requests"] == {"cpu": entry.cpu, "memory": entry.memory}
        assert spec["resources"]["limits"] == {"memory": entry.memory}
        assert spec["automountServiceAccountToken"] is False
        assert spec["activeDeadlineSeconds"] > 0
        (job,) = spec["containers"]
        assert job["resources"]["limits"] == {"ephemeral-storage": entry.work_size}


def test_docker_and_the_job_share_the_entrys_room() -> None:
    for entry in built()[0].runner_scale_sets:
        if entry.mode != "dind":
            continue
        spec = pod(entry.name)
        assert spec["resources"]["requests"] == {"cpu": entry.cpu, "memory": entry.memory}
        sizes = {volume["name"]: volume["emptyDir"].get("sizeLimit") for volume in spec["volumes"]}
        assert (sizes["work"], sizes["docker-data"]) == (entry.work_size, entry.work_size)


def test_every_mounted_volume_is_there() -> None:
    for name in all_names():
        spec = pod(name)
        there = {volume["name"] for volume in spec["volumes"]}
        for container in [*spec.get("initContainers", []), *spec["containers"]]:
            assert {mount["name"] for mount in container.get("volumeMounts", [])} <= there


def test_the_job_and_docker_meet_at_the_same_socket_and_see_the_same_files() -> None:
    for name in named("dind"):
        (runner,) = pod(name)["containers"]
        _, docker = pod(name)["initContainers"]
        assert docker["restartPolicy"] == "Always"
        (address,) = [item["value"] for item in runner["env"] if item["name"] == "DOCKER_HOST"]
        assert f"--host={address}" in docker["args"]
        for mount in runner["volumeMounts"]:
            assert mount in docker["volumeMounts"]


def test_no_image_moves() -> None:
    for name in all_names():
        for container in [*pod(name).get("initContainers", []), *pod(name)["containers"]]:
            assert re.fullmatch(r"[a-z.]+(/[a-z-]+)+:\d+\.\d+\.\d+(-dind)?", container["image"])


@pytest.mark.parametrize("kind", ["runners", "jobs"])
def test_jobs_reach_the_internet_and_nothing_of_the_cluster(kind: str) -> None:
    cluster, _ = built()
    own = (cluster.network.node_cidr, cluster.network.pod_cidr, cluster.network.service_cidr)
    for name in named("dind") if kind == "runners" else named("kubernetes"):
        policy = object_of("NetworkPolicy", kind, f"arc-{kind}-{name}")["spec"]
        assert (policy["podSelector"], policy["policyTypes"]) == ({}, ["Egress"])
        (rule,) = policy["egress"]
        assert {port["port"] for port in rule["ports"]} == {22, 80, 443}
        (target,) = rule["to"]
        closed = [IPv4Network(network) for network in target["ipBlock"]["except"]]
        for network in (*own, IPv4Network("169.254.169.254/32"), IPv4Network("172.16.0.0/12")):
            assert any(IPv4Network(str(network)).subnet_of(outer) for outer in closed), network


def test_only_runners_that_start_pods_reach_the_kubernetes_api() -> None:
    def ports(namespace: str, policy: str) -> set[int]:
        rules = object_of("NetworkPolicy", policy, namespace)["spec"]["egress"]
        return {port["port"] for rule in rules for port in rule["ports"]}

    for name in named("kubernetes"):
        assert 6443 in ports(f"arc-runners-{name}", "runners")
        assert 6443 not in ports(f"arc-jobs-{name}", "jobs")
    for name in named("dind"):
        assert 6443 not in ports(f"arc-runners-{name}", "runners")
    assert 6443 in ports("arc-system", "controller")


def test_nothing_is_let_in_anywhere() -> None:
    for policy in built()[1].of_kind("NetworkPolicy"):
        assert "ingress" not in policy.object["spec"]


def test_ci_gives_way_to_everything_else_and_pushes_nothing_aside() -> None:
    (priority,) = built()[1].of_kind("PriorityClass")
    assert priority.object["value"] < 0
    assert priority.object["preemptionPolicy"] == "Never"
    for name in all_names():
        assert pod(name)["priorityClassName"] == priority.name
    for name in named("kubernetes"):
        text = object_of("ConfigMap", "job", f"arc-runners-{name}")["data"]["job.yaml"]
        assert yaml_text.load(text)["spec"]["priorityClassName"] == priority.name
