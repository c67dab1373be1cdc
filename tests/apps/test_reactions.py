"""The reactions backend: its streams, its limits, and Valkey behind it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from apps.reactions import Reactions
from lib.config import Cluster, load_cluster
from lib.constructs import AppChart, AppProject, Platform
from lib.manifests import ManifestSet
from lib.synth.build import build_cluster
from tests.constructs.building import selects, spec

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "production": ROOT / "clusters" / "production.yaml",
    "one-pod": ROOT / "tests" / "config" / "valid" / "nfs-with-sakura-dns.yaml",
    "largest": ROOT / "tests" / "config" / "valid" / "largest.yaml",
}


def reactions(app: Platform, cluster: Cluster) -> None:
    projects = AppChart(app, "projects", cluster=cluster, project="live-stream", namespace=None)
    AppProject(projects.root, "live-stream", description="The live stream's.")
    assert cluster.reactions is not None
    Reactions(app, cluster=cluster, reactions=cluster.reactions)


@cache
def built(name: str = "production") -> tuple[Cluster, ManifestSet]:
    cluster = load_cluster(FILES[name])
    return cluster, ManifestSet(build_cluster(cluster, reactions).manifests)


def manifests() -> ManifestSet:
    return built()[1]


def pod(deployment: str) -> dict[str, Any]:
    return dict(spec(manifests(), "Deployment", deployment)["template"]["spec"])


def labels(deployment: str) -> dict[str, str]:
    return dict(spec(manifests(), "Deployment", deployment)["template"]["metadata"]["labels"])


def container(deployment: str) -> dict[str, Any]:
    (found,) = pod(deployment)["containers"]
    return dict(found)


@pytest.mark.parametrize("name", FILES)
def test_the_autoscaler_alone_says_how_many_pods_there_are(name: str) -> None:
    cluster, found = built(name)
    assert cluster.reactions is not None
    scaler = spec(found, "HorizontalPodAutoscaler", "backend")
    assert scaler["minReplicas"] == cluster.reactions.min_replicas
    assert scaler["maxReplicas"] == cluster.reactions.max_replicas
    assert scaler["scaleTargetRef"]["name"] == "backend"
    assert "replicas" not in spec(found, "Deployment", "backend")


@pytest.mark.parametrize("name", FILES)
def test_the_cluster_files_host_and_image_are_the_backends(name: str) -> None:
    cluster, found = built(name)
    assert cluster.reactions is not None
    (running,) = spec(found, "Deployment", "backend")["template"]["spec"]["containers"]
    assert running["image"] == cluster.reactions.image
    for route in found.of_kind("IngressRoute"):
        (rule,) = route.object["spec"]["routes"]
        assert f"Host(`{cluster.host(cluster.reactions.host)}`)" in rule["match"]


def test_the_cpu_that_the_autoscaler_watches_is_reserved() -> None:
    (metric,) = spec(manifests(), "HorizontalPodAutoscaler", "backend")["metrics"]
    assert metric["resource"]["name"] in container("backend")["resources"]["requests"]


def test_a_pod_that_leaves_has_a_minute_for_its_streams_and_is_replaced_first() -> None:
    drain = container("backend")["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod("backend")["terminationGracePeriodSeconds"] - drain >= 60
    rollout = spec(manifests(), "Deployment", "backend")["strategy"]["rollingUpdate"]
    assert (rollout["maxUnavailable"], rollout["maxSurge"]) == (0, 1)


def test_streams_have_limits_of_their_own() -> None:
    used = {}
    for route in manifests().of_kind("IngressRoute"):
        (rule,) = route.object["spec"]["routes"]
        path = re.search(r"PathPrefix\(`([^`]+)`\)", rule["match"])
        used[path.group(1) if path else None] = {entry["name"] for entry in rule["middlewares"]}
    assert used.keys() == {None, "/events", "/ws"}
    assert used["/events"] == used["/ws"]
    assert not used[None] & used["/ws"]


def test_a_streams_rule_wins_over_the_backends_own_by_its_length() -> None:
    lengths = {
        route.name: len(route.object["spec"]["routes"][0]["match"])
        for route in manifests().of_kind("IngressRoute")
    }
    own = lengths.pop("backend")
    assert all(length > own for length in lengths.values())


def test_every_route_uses_a_rate_and_a_number_at_once_and_every_limit_is_used() -> None:
    kinds = {m.name: next(iter(m.object["spec"])) for m in manifests().of_kind("Middleware")}
    used = set()
    for route in manifests().of_kind("IngressRoute"):
        names = [entry["name"] for entry in route.object["spec"]["routes"][0]["middlewares"]]
        assert sorted(kinds[name] for name in names) == ["inFlightReq", "rateLimit"]
        used.update(names)
    assert used == kinds.keys()


def test_a_hall_behind_one_address_is_let_in() -> None:
    viewers = 2500
    rate, streams = (
        spec(manifests(), "Middleware", name) for name in ("tap-rate", "stream-at-once")
    )
    assert rate["rateLimit"]["average"] >= viewers
    # Each may have a stream whose end nobody has noticed yet.
    assert streams["inFlightReq"]["amount"] >= 2 * viewers
    # All come back at once when a node goes.
    assert spec(manifests(), "Middleware", "stream-rate")["rateLimit"]["burst"] >= 2 * viewers


def test_the_backend_finds_valkey_and_the_password_as_a_file() -> None:
    env = {entry["name"]: entry["value"] for entry in container("backend")["env"]}
    name, _, port = env["VALKEY_ADDRESS"].partition(":")
    (opened,) = spec(manifests(), "Service", name)["ports"]
    assert opened["port"] == int(port)
    folder, _, key = env["VALKEY_PASSWORD_FILE"].rpartition("/")
    (mount,) = container("backend")["volumeMounts"]
    assert mount["mountPath"] == folder
    (volume,) = pod("backend")["volumes"]
    secret = manifests().get("Secret", volume["secret"]["secretName"], "reactions")
    assert secret is not None
    assert key in secret.object["stringData"]


def test_valkey_asks_for_the_password_that_the_backend_has() -> None:
    secret = manifests().get("Secret", "valkey", "reactions")
    assert secret is not None
    data = secret.object["stringData"]
    assert data["valkey.conf"] == f"requirepass {data['password']}"
    program, config = container("valkey")["command"]
    assert program == "valkey-server"
    (mount,) = container("valkey")["volumeMounts"]
    folder, _, key = config.rpartition("/")
    assert (mount["mountPath"], key in data) == (folder, True)


def test_the_backends_private_image_is_pulled_with_the_login_from_vault() -> None:
    (pull,) = pod("backend")["imagePullSecrets"]
    secret = manifests().get("Secret", pull["name"], "reactions")
    assert secret is not None
    assert secret.object["type"] == "kubernetes.io/dockerconfigjson"
    (login,) = json.loads(secret.object["stringData"][".dockerconfigjson"])["auths"].items()
    registry, _, _ = container("backend")["image"].partition("/")
    assert login[0] == registry
    assert set(login[1]) == {"username", "password"}
    assert all(value.startswith("<path:kv/data/reactions/registry#") for value in login[1].values())


def test_no_secret_is_in_an_environment() -> None:
    for deployment in ("backend", "valkey"):
        for entry in container(deployment).get("env", []):
            assert entry.keys() == {"name", "value"}
        assert "envFrom" not in container(deployment)


def test_there_are_never_two_valkeys() -> None:
    valkey = spec(manifests(), "Deployment", "valkey")
    assert (valkey["replicas"], valkey["strategy"]) == (1, {"type": "Recreate"})


def test_the_backend_alone_reaches_valkey_and_valkey_reaches_nothing() -> None:
    policy = spec(manifests(), "NetworkPolicy", "valkey")
    assert selects(policy["podSelector"]["matchLabels"], labels("valkey"))
    assert not selects(policy["podSelector"]["matchLabels"], labels("backend"))
    (rule,) = policy["ingress"]
    (caller,) = rule["from"]
    assert selects(caller["podSelector"]["matchLabels"], labels("backend"))
    assert not selects(caller["podSelector"]["matchLabels"], labels("valkey"))
    assert "egress" not in policy


def test_the_backend_reaches_valkey_and_nothing_else() -> None:
    (rule,) = spec(manifests(), "NetworkPolicy", "backend")["egress"]
    (target,) = rule["to"]
    assert selects(target["podSelector"]["matchLabels"], labels("valkey"))
    (port,) = rule["ports"]
    assert port["port"] == container("valkey")["ports"][0]["containerPort"]


def test_both_services_select_their_own_pods() -> None:
    for name, other in (("backend", "valkey"), ("valkey", "backend")):
        selector = spec(manifests(), "Service", name)["selector"]
        assert selects(selector, labels(name))
        assert not selects(selector, labels(other))


def test_all_pods_satisfy_pod_security_restricted() -> None:
    for name in ("backend", "valkey"):
        assert pod(name)["automountServiceAccountToken"] is False
        assert pod(name)["securityContext"]["runAsNonRoot"] is True
        assert pod(name)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container(name)["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        }


def test_its_application_is_its_developers_own_and_fills_in_the_password() -> None:
    application = spec(manifests(), "Application", "reactions")
    assert application["project"] == "live-stream"
    assert application["source"]["plugin"] == {"name": "argocd-vault-plugin"}
