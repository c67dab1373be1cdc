from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lib.constructs import Autoscaling, Container, Probe, Resources, Shutdown, WebService
from tests.constructs.building import in_app, one, refused, selects, spec

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import AppChart
    from lib.manifests import ManifestSet

IMAGE = "registry.example/team/web:v1.2.3"
DIGEST = f"sha256:{'0123456789abcdef' * 4}"


def web(app: AppChart, **given: Any) -> WebService:
    options: dict[str, Any] = {"image": IMAGE, "port": 8080, "host": app.cluster.host("shop")}
    return WebService(app, "web", **{**options, **given})


def built(cluster: Cluster, **given: Any) -> ManifestSet:
    return in_app(cluster, lambda app: web(app, **given))


def pod(manifests: ManifestSet) -> dict[str, Any]:
    template: dict[str, Any] = spec(manifests, "Deployment", "web")["template"]
    return template


def container(manifests: ManifestSet) -> dict[str, Any]:
    (found,) = pod(manifests)["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def test_every_selector_takes_the_pods_and_no_other_services_pods(cluster: Cluster) -> None:
    def two(app: AppChart) -> None:
        web(app)
        WebService(app, "admin", image=IMAGE, port=8081, host=cluster.host("admin"))

    manifests = in_app(cluster, two)
    for name, other in (("web", "admin"), ("admin", "web")):
        own = spec(manifests, "Deployment", name)["template"]["metadata"]["labels"]
        foreign = spec(manifests, "Deployment", other)["template"]["metadata"]["labels"]
        (spread,) = spec(manifests, "Deployment", name)["template"]["spec"][
            "topologySpreadConstraints"
        ]
        for selector in (
            spec(manifests, "Deployment", name)["selector"]["matchLabels"],
            spec(manifests, "Service", name)["selector"],
            spec(manifests, "PodDisruptionBudget", name)["selector"]["matchLabels"],
            spec(manifests, "NetworkPolicy", name)["podSelector"]["matchLabels"],
            spread["labelSelector"]["matchLabels"],
        ):
            assert selects(selector, own)
            assert not selects(selector, foreign)


def test_all_objects_lie_in_the_apps_namespace(cluster: Cluster) -> None:
    found = [m for m in built(cluster) if m.construct.startswith("shop/web/")]
    assert sorted(m.kind for m in found) == [
        "Deployment",
        "IngressRoute",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Service",
    ]
    assert {m.namespace for m in found} == {"shop"}
    assert {m.folder for m in found} == {"shop"}
    assert {m.name for m in found} == {"web"}


def test_the_services_port_reaches_the_containers(cluster: Cluster) -> None:
    manifests = built(cluster)
    (port,) = spec(manifests, "Service", "web")["ports"]
    (opened,) = container(manifests)["ports"]
    assert port["targetPort"] == opened["name"]
    assert opened["containerPort"] == 8080


def test_the_route_points_at_the_services_port_by_its_name(cluster: Cluster) -> None:
    manifests = built(cluster)
    (route,) = spec(manifests, "IngressRoute", "web")["routes"]
    (target,) = route["services"]
    (port,) = spec(manifests, "Service", "web")["ports"]
    assert (target["name"], target["port"]) == (one(manifests, "Service", "web").name, port["name"])
    assert route["match"] == f"Host(`shop.{cluster.domain}`)"


def test_the_probes_ask_the_containers_own_port(cluster: Cluster) -> None:
    found = container(built(cluster, container=Container(probe=Probe(ready="/up", alive="/alive"))))
    (opened,) = found["ports"]
    assert found["readinessProbe"]["httpGet"] == {"path": "/up", "port": opened["name"]}
    assert found["livenessProbe"]["httpGet"] == {"path": "/alive", "port": opened["name"]}


def test_without_a_path_to_ask_only_the_open_port_keeps_a_pod_alive(cluster: Cluster) -> None:
    found = container(built(cluster))
    assert found["livenessProbe"]["tcpSocket"] == {"port": "http"}
    assert "httpGet" not in found["livenessProbe"]


def test_traefik_alone_reaches_the_containers_port_and_no_other(cluster: Cluster) -> None:
    policy = spec(built(cluster, port=8443), "NetworkPolicy", "web")
    (rule,) = policy["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 8443}]
    assert rule["from"] == [
        {"ipBlock": {"cidr": str(cluster.network.node_cidr)}},
        {"ipBlock": {"cidr": str(cluster.network.pod_cidr)}},
    ]
    assert policy["policyTypes"] == ["Ingress"]


def test_traffic_out_is_allowed_only_where_it_is_given(cluster: Cluster) -> None:
    rule = {"to": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "db"}}}]}
    policy = spec(built(cluster, egress=[rule]), "NetworkPolicy", "web")
    assert policy["egress"] == [rule]
    assert policy["policyTypes"] == ["Ingress", "Egress"]


def test_a_single_replica_gets_no_disruption_budget_that_would_block_a_drain(
    cluster: Cluster,
) -> None:
    manifests = built(cluster, replicas=1)
    assert spec(manifests, "Deployment", "web")["replicas"] == 1
    assert manifests.of_kind("PodDisruptionBudget") == ()


def test_two_replicas_may_be_disrupted_one_at_a_time(cluster: Cluster) -> None:
    manifests = built(cluster, replicas=2)
    assert spec(manifests, "PodDisruptionBudget", "web")["maxUnavailable"] == 1


def test_no_replica_is_refused(cluster: Cluster) -> None:
    assert refused(cluster, lambda app: web(app, replicas=0)) == [
        "WebService web: replicas is 0: one at least"
    ]


def test_an_autoscaler_takes_the_place_of_a_fixed_number_of_pods(cluster: Cluster) -> None:
    manifests = built(cluster, replicas=Autoscaling(min_replicas=3, max_replicas=9, cpu_percent=70))
    assert "replicas" not in spec(manifests, "Deployment", "web")
    scaler = spec(manifests, "HorizontalPodAutoscaler", "web")
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (3, 9)
    deployment = one(manifests, "Deployment", "web")
    assert scaler["scaleTargetRef"] == {
        "apiVersion": deployment.object["apiVersion"],
        "kind": deployment.kind,
        "name": deployment.name,
    }
    (metric,) = scaler["metrics"]
    assert metric["resource"]["target"]["averageUtilization"] == 70
    assert spec(manifests, "PodDisruptionBudget", "web")["maxUnavailable"] == 1


def test_a_fixed_number_of_pods_gets_no_autoscaler(cluster: Cluster) -> None:
    assert built(cluster).of_kind("HorizontalPodAutoscaler") == ()


@pytest.mark.parametrize(
    ("least", "most", "problem"),
    [
        (0, 2, "replicas is 0: one at least"),
        (3, 2, "max_replicas is 2, below min_replicas 3"),
    ],
)
def test_an_autoscaler_that_cannot_be_right_is_refused(
    cluster: Cluster, least: int, most: int, problem: str
) -> None:
    given = Autoscaling(min_replicas=least, max_replicas=most)
    assert refused(cluster, lambda app: web(app, replicas=given)) == [f"WebService web: {problem}"]


def test_a_pod_goes_on_while_it_drains_and_has_time_after_that(cluster: Cluster) -> None:
    given = Container(shutdown=Shutdown(drain=20, grace=90))
    manifests = built(cluster, container=given)
    sleep = container(manifests)["lifecycle"]["preStop"]["sleep"]
    assert sleep == {"seconds": 20}
    assert pod(manifests)["spec"]["terminationGracePeriodSeconds"] == 90


def test_a_grace_that_ends_with_the_drain_is_refused(cluster: Cluster) -> None:
    given = Container(shutdown=Shutdown(drain=30, grace=30))
    (problem,) = refused(cluster, lambda app: web(app, container=given))
    assert problem.startswith("WebService web: shutdown: grace is 30 and drain 30: ")


def test_a_secret_is_mounted_as_files_once_however_often_it_is_used(cluster: Cluster) -> None:
    given = Container(secrets={"/run/a": "one", "/run/b": "two", "/run/c": "one"})
    manifests = built(cluster, container=given)
    volumes = {v["name"]: v["secret"]["secretName"] for v in pod(manifests)["spec"]["volumes"]}
    assert volumes == {"one": "one", "two": "two"}
    mounts = container(manifests)["volumeMounts"]
    assert {m["mountPath"]: volumes[m["name"]] for m in mounts} == dict(given.secrets)
    assert all(mount["readOnly"] for mount in mounts)


def test_the_pods_satisfy_pod_security_restricted(cluster: Cluster) -> None:
    manifests = built(cluster)
    template = pod(manifests)["spec"]
    assert template["automountServiceAccountToken"] is False
    assert template["securityContext"]["runAsNonRoot"] is True
    assert template["securityContext"]["runAsUser"] > 0
    assert template["securityContext"]["runAsGroup"] > 0
    assert template["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container(manifests)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert not template.keys() & {"hostNetwork", "hostPID", "hostIPC", "volumes"}


def test_a_port_below_1024_is_opened_to_the_user_that_is_not_root(cluster: Cluster) -> None:
    assert pod(built(cluster, port=1023))["spec"]["securityContext"]["sysctls"] == [
        {"name": "net.ipv4.ip_unprivileged_port_start", "value": "1023"}
    ]


def test_a_port_from_1024_on_needs_no_sysctl(cluster: Cluster) -> None:
    assert "sysctls" not in pod(built(cluster, port=1024))["spec"]["securityContext"]


def test_memory_is_limited_and_cpu_only_reserved(cluster: Cluster) -> None:
    resources = Resources(cpu="250m", memory="64Mi", memory_limit="128Mi")
    found = container(built(cluster, container=Container(resources=resources)))["resources"]
    assert found == {
        "requests": {"cpu": "250m", "memory": "64Mi"},
        "limits": {"memory": "128Mi"},
    }


def test_without_a_limit_of_its_own_the_reserved_memory_is_the_limit(cluster: Cluster) -> None:
    resources = Resources(memory="64Mi")
    found = container(built(cluster, container=Container(resources=resources)))["resources"]
    assert found["limits"] == {"memory": found["requests"]["memory"]} == {"memory": "64Mi"}


def test_arguments_and_environment_keep_their_order(cluster: Cluster) -> None:
    given = Container(args=["--verbose", "--port=8080"], env={"ZONE": "z", "LEVEL": "info"})
    found = container(built(cluster, container=given))
    assert found["args"] == ["--verbose", "--port=8080"]
    assert found["env"] == [{"name": "ZONE", "value": "z"}, {"name": "LEVEL", "value": "info"}]


@pytest.mark.parametrize(
    "image",
    [
        IMAGE,
        "docker.io/library/nginx:1.29",
        "registry.example:5000/web:1",
        f"ghcr.io/team/web@{DIGEST}",
        f"ghcr.io/team/web:v1@{DIGEST}",
    ],
)
def test_an_image_with_a_fixed_version_or_digest_is_taken_as_it_is(
    cluster: Cluster, image: str
) -> None:
    assert container(built(cluster, image=image))["image"] == image


@pytest.mark.parametrize(
    "image",
    [
        "registry.example/team/web",
        "registry.example/team/web:latest",
        "registry.example:5000/web",
        "nginx:1.29",
        "team/web:1.29",
        "registry.example/team/web:",
        "registry.example/team/web:1 ",
        "registry.example/team/web@sha256:0123",
        "",
    ],
)
def test_an_image_that_names_no_registry_or_no_fixed_version_is_refused(
    cluster: Cluster, image: str
) -> None:
    assert refused(cluster, lambda app: web(app, image=image)) == [
        (
            f"WebService web: image {image!r} has no registry, or no fixed version: "
            "REGISTRY/NAME:VERSION"
        )
    ]


@pytest.mark.parametrize(
    "key", ["PASSWORD", "DB_PASSWORD", "GITHUB_TOKEN", "apiKey", "S3_SECRET_KEY", "clientSecret"]
)
def test_an_environment_that_looks_like_a_credential_is_refused_without_showing_it(
    cluster: Cluster, key: str
) -> None:
    given = Container(env={"LEVEL": "info", key: "hunter2"})
    (problem,) = refused(cluster, lambda app: web(app, container=given))
    assert problem == (
        f"WebService web: env {key}: looks like a credential, and would be in git: "
        "use a VaultSecret"
    )
    assert "hunter2" not in problem


@pytest.mark.parametrize("key", ["TOKEN_FILE", "PASSWORD_SECRET_NAME", "LEVEL"])
def test_an_environment_that_says_where_a_credential_lies_is_accepted(
    cluster: Cluster, key: str
) -> None:
    found = container(built(cluster, container=Container(env={key: "/run/value"})))
    assert found["env"] == [{"name": key, "value": "/run/value"}]


def test_everything_wrong_is_told_at_once(cluster: Cluster) -> None:
    given = Container(env={"TOKEN": "x"})
    found = refused(cluster, lambda app: web(app, image="web", replicas=-1, container=given))
    assert [line.split()[2] for line in found] == ["replicas", "image", "env"]
