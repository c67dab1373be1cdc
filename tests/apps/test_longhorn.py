from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from apps.longhorn import Longhorn
from lib.config import Cluster, LonghornStorage
from tests.apps.alone import cluster_of, manifests_of
from tests.apps.reading import chart_values, default_classes, one, spec

if TYPE_CHECKING:
    from constructs import Construct

    from lib.manifests import ManifestSet

CLUSTERS = ("production", "smallest", "largest")
NAMESPACE = "longhorn-system"
# Sakura's object storage, and the load balancer's limit of agents.
MOST_ACCESSES = 100
MOST_AGENTS = 40
CRON = re.compile(r"\d{1,2} \d{1,2} \* \* [0-6*]")


def storage(cluster: Cluster) -> LonghornStorage:
    assert isinstance(cluster.storage, LonghornStorage)
    return cluster.storage


def longhorn(scope: Construct, *, cluster: Cluster) -> Longhorn:
    return Longhorn(scope, cluster=cluster, storage=storage(cluster))


@cache
def built(name: str) -> ManifestSet:
    return manifests_of(cluster_of(name), longhorn)


def values(name: str) -> dict[str, Any]:
    return chart_values(built(name), "longhorn")


def jobs(name: str) -> list[dict[str, Any]]:
    return [manifest.object["spec"] for manifest in built(name).of_kind("RecurringJob")]


def test_its_namespace_is_there_before_argo_cd_and_admits_privileged_pods() -> None:
    namespace = one(built("production"), "Namespace", NAMESPACE)
    assert namespace.folder == "bootstrap"
    labels = namespace.object["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged"
    assert spec(built("production"), "HelmChart", "longhorn")["targetNamespace"] == NAMESPACE


def test_its_namespace_denies_what_no_policy_lets_in() -> None:
    denied = one(built("production"), "NetworkPolicy", "default-deny")
    assert (denied.folder, denied.namespace) == ("bootstrap", NAMESPACE)
    assert denied.object["spec"] == {"podSelector": {}, "policyTypes": ["Ingress"]}


@pytest.mark.parametrize("name", CLUSTERS)
def test_every_volume_has_as_many_replicas_as_the_cluster_file_says(name: str) -> None:
    wanted = storage(cluster_of(name)).replicas
    assert values(name)["persistence"]["defaultClassReplicaCount"] == wanted
    assert values(name)["defaultSettings"]["defaultReplicaCount"] == wanted


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_backups_go_to_the_clusters_own_bucket_with_the_secret_from_vault(name: str) -> None:
    cluster = cluster_of(name)
    store = values(name)["defaultBackupStore"]
    bucket, region = storage(cluster).backup_bucket, cluster.object_storage.region
    assert store["backupTarget"] == f"s3://{bucket}@{region}/"
    secret = one(built(name), "Secret", store["backupTargetCredentialSecret"])
    assert secret.namespace == NAMESPACE
    data = secret.object["stringData"]
    assert data["AWS_ENDPOINTS"] == f"https://{cluster.object_storage.endpoint}"
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        assert data[key].startswith(f"<path:{cluster.vault.mount}/data/longhorn/")


@pytest.mark.parametrize("name", CLUSTERS)
def test_backups_and_restores_stay_within_the_object_storages_limit(name: str) -> None:
    settings = values(name)["defaultSettings"]
    backups = sum(job["concurrency"] for job in jobs(name) if job["task"] == "backup")
    restores = MOST_AGENTS * settings["concurrentVolumeBackupRestorePerNodeLimit"]
    assert backups > 0
    assert (
        backups * settings["backupConcurrentLimit"] + restores * settings["restoreConcurrentLimit"]
        <= MOST_ACCESSES
    )


def test_snapshots_backups_trim_and_cleanup_are_done_to_every_volume() -> None:
    assert {job["task"] for job in jobs("production")} == {
        "snapshot",
        "backup",
        "snapshot-cleanup",
        "filesystem-trim",
    }
    for job in jobs("production"):
        assert job["groups"] == ["default"]
        assert CRON.fullmatch(job["cron"]), job


def test_only_snapshots_and_backups_are_kept_and_no_more_than_longhorn_takes() -> None:
    for job in jobs("production"):
        kept = job["task"] in ("snapshot", "backup")
        assert (job["retain"] > 0) is kept, job
        assert job["retain"] <= 100


def test_no_two_jobs_start_at_the_same_minute() -> None:
    times = [job["cron"] for job in jobs("production")]
    assert len(times) == len(set(times))


def test_the_charts_class_is_the_only_default_and_keeps_its_volumes() -> None:
    persistence = values("production")["persistence"]
    assert persistence["defaultClass"] is True
    assert persistence["reclaimPolicy"] == "Retain"
    assert default_classes(built("production")) == []


def test_scratch_volumes_go_with_their_claims_and_are_in_no_jobs_group() -> None:
    scratch = one(built("production"), "StorageClass", "scratch")
    assert scratch.object["reclaimPolicy"] == "Delete"
    groups = json.loads(scratch.object["parameters"]["recurringJobSelector"])
    assert groups
    served = {group for job in jobs("production") for group in job["groups"]}
    assert all(group["isGroup"] and group["name"] not in served for group in groups)


def test_its_page_is_reached_after_a_login_alone() -> None:
    route = one(built("production"), "IngressRoute", "longhorn")
    (rule,) = route.object["spec"]["routes"]
    names = [middleware["name"] for middleware in rule["middlewares"]]
    logins = [
        middleware.name
        for middleware in built("production").of_kind("Middleware")
        if "forwardAuth" in middleware.object["spec"] and middleware.namespace == route.namespace
    ]
    assert names[:1] == logins


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_api_servers_reach_its_webhook_from_the_nodes_networks(name: str) -> None:
    network = cluster_of(name).network
    sources = values(name)["networkPolicies"]["kubeAPIServerSourceCIDRs"]
    assert sources == [str(network.node_cidr), str(network.pod_cidr)]


def test_no_job_of_the_chart_runs_with_every_sync_and_nobody_is_told_about_us() -> None:
    assert values("production")["preUpgradeChecker"]["jobEnabled"] is False
    settings = values("production")["defaultSettings"]
    assert settings["allowCollectingLonghornUsageMetrics"] is False
    assert settings["upgradeChecker"] is False
