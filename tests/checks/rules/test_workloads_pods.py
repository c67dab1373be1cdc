"""W05, W07, W13, W14: probes, tokens, volumes and names of a pod."""

from __future__ import annotations

import pytest

from tests.checks.judging import findings
from tests.checks.pod_text import pod


def messages(rule: str, *texts: str) -> list[str]:
    return [finding.message for finding in findings(rule, *texts)]


# --- W05 ------------------------------------------------------------------------------------------

READY = "readinessProbe: {httpGet: {path: /, port: http}}"
PORT = "ports: [{name: http, containerPort: 8080}]"


def service(spec: str = "ports: [{port: 80, targetPort: http}]") -> str:
    return (
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: whoami}\n"
        f"spec: {{selector: {{app: web}}, {spec}}}\n"
    )


def test_only_a_pod_behind_a_service_needs_to_tell_when_it_is_ready() -> None:
    assert messages("W05", pod(PORT)) == []
    assert messages("W05", pod(f"{PORT}, {READY}"), service()) == []
    assert messages("W05", pod(PORT), service()) == [
        "Service web sends requests to container web before it is ready"
    ]


def test_a_service_that_wants_pods_that_are_not_ready_is_no_reason() -> None:
    spec = "publishNotReadyAddresses: true, ports: [{port: 80}]"
    assert messages("W05", pod(PORT), service(spec)) == []


def test_the_container_that_has_the_services_port_needs_the_probe() -> None:
    other = "containers: [{name: web, %s}, {name: proxy, %s}]"
    proxy = "ports: [{name: proxy, containerPort: 9000}]"
    text = pod().replace("containers: [{name: web}]", other % (PORT, f"{proxy}, {READY}"))
    assert "readinessProbe of container proxy asks port http" in messages("W05", text, service())[1]
    assert messages("W05", text, service())[0].startswith("Service web sends requests to container")


def test_where_no_container_declares_the_port_one_probe_is_enough() -> None:
    probe = "readinessProbe: {exec: {command: [ready]}}"
    assert messages("W05", pod(probe), service("ports: [{port: 80}]")) == []
    assert len(messages("W05", pod(), service("ports: [{port: 80}]"))) == 1


@pytest.mark.parametrize("kind", ["livenessProbe", "readinessProbe", "startupProbe"])
@pytest.mark.parametrize(
    ("port", "right"),
    [("http", True), ("8080", True), ('"8080"', True), ("https", False), ("8081", False)],
)
def test_a_probe_asks_a_port_that_the_container_declares(
    kind: str, port: str, *, right: bool
) -> None:
    found = messages("W05", pod(f"{PORT}, {kind}: {{tcpSocket: {{port: {port}}}}}"))
    assert (found == []) is right


def test_a_number_works_where_the_container_declares_no_port() -> None:
    assert messages("W05", pod("livenessProbe: {tcpSocket: {port: 9}}")) == []
    assert len(messages("W05", pod("livenessProbe: {tcpSocket: {port: http}}"))) == 1


@pytest.mark.parametrize(
    ("liveness", "too_soon"),
    [
        ("{httpGet: {path: /, port: http}}", True),
        ("{httpGet: {path: /, port: http}, failureThreshold: 6}", False),
        ("{httpGet: {path: /, port: http}, periodSeconds: 20}", False),
        ("{httpGet: {path: /, port: http}, failureThreshold: 1, periodSeconds: 20}", True),
        ("{httpGet: {path: /alive, port: http}}", False),
        ("{tcpSocket: {port: http}}", False),
    ],
)
def test_a_liveness_probe_has_more_patience_than_the_same_readiness_probe(
    liveness: str, *, too_soon: bool
) -> None:
    found = messages("W05", pod(f"{PORT}, {READY}, livenessProbe: {liveness}"))
    assert (len(found) == 1) is too_soon


# --- W07 ------------------------------------------------------------------------------------------

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: whoami}\n"
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot, namespace: whoami}\n"


def binding(subject: str, *, kind: str = "RoleBinding") -> str:
    return (
        f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\n"
        "metadata: {name: robot, namespace: whoami}\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\n"
        f"subjects: [{subject}]\n"
    )


def test_a_pod_without_account_of_its_own_gets_no_token() -> None:
    assert messages("W07", pod(spec="automountServiceAccountToken: false")) == []
    assert len(messages("W07", pod())) == 1
    assert len(messages("W07", pod(spec="serviceAccountName: default"))) == 1


def test_the_pod_decides_about_the_token_and_then_its_account() -> None:
    refuses = f"{ACCOUNT}automountServiceAccountToken: false\n"
    own = "serviceAccountName: robot"
    assert messages("W07", NAMESPACE, pod(spec=own), refuses) == []
    wants = f"{own}, automountServiceAccountToken: true"
    assert len(messages("W07", NAMESPACE, pod(spec=wants), refuses)) == 1


@pytest.mark.parametrize(
    ("subject", "bound"),
    [
        ("{kind: ServiceAccount, name: robot, namespace: whoami}", True),
        ("{kind: ServiceAccount, name: robot}", True),
        ("{kind: User, name: 'system:serviceaccount:whoami:robot'}", True),
        ("{kind: Group, name: 'system:serviceaccounts:whoami'}", True),
        ("{kind: Group, name: 'system:serviceaccounts'}", True),
        ("{kind: ServiceAccount, name: robot, namespace: other}", False),
        ("{kind: User, name: robot}", False),
    ],
)
def test_a_pod_gets_a_token_where_something_is_bound_to_its_account(
    subject: str, *, bound: bool
) -> None:
    found = messages("W07", pod(spec="serviceAccountName: robot"), ACCOUNT, binding(subject))
    assert (found == []) is bound


def test_without_any_binding_in_sight_an_account_may_have_one_elsewhere() -> None:
    assert messages("W07", pod(spec="serviceAccountName: robot"), ACCOUNT) == []


def test_a_pod_whose_namespace_is_given_later_belongs_to_a_binding_of_that_account() -> None:
    text = pod(spec="serviceAccountName: robot").replace(", namespace: whoami", "")
    role = binding("{kind: ServiceAccount, name: robot, namespace: default}")
    assert messages("W07", text, role.replace(", namespace: whoami}", "}")) == []


# --- W13 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/etc",
        "/etc/kubernetes/pki",
        "/etc/../etc/rancher/rke2/",
        "/proc",
        "/etc/cron.d",
        "/etc/systemd/system",
        "/var/run",
        "/var/run/docker.sock",
        "/run/k3s/containerd/containerd.sock",
        "/srv/elsewhere/crio.sock",
        "/var/lib/kubelet/pods",
        "/var/lib/rancher/rke2/server/tls",
    ],
)
def test_what_rules_the_node_is_not_mounted(path: str) -> None:
    volume = f"volumes: [{{name: node, hostPath: {{path: '{path}'}}}}]"
    (finding,) = findings("W13", pod(spec=volume))
    assert finding.pointer == "/spec/volumes/0/hostPath/path"


@pytest.mark.parametrize(
    "path", ["/etc/localtime", "/var/runner", "/lib/modules", "/var/lib/kubelet/plugins/a", "/srv"]
)
def test_what_is_harmless_may_be_mounted(path: str) -> None:
    assert messages("W13", pod(spec=f"volumes: [{{name: node, hostPath: {{path: {path}}}}}]")) == []


def test_a_persistent_volume_is_no_way_around_it() -> None:
    head = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: node}\n"
    volume = f"{head}spec: {{%s: {{path: %s}}}}\n"
    assert len(messages("W13", volume % ("hostPath", "/"))) == 1
    assert len(messages("W13", volume % ("local", "/var/lib/rancher"))) == 1
    assert messages("W13", volume % ("local", "/mnt/disk")) == []


# --- W14 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("container", "spec"),
    [
        ("env: [{name: A, value: '1'}, {name: A, value: '2'}]", ""),
        ("ports: [{name: a, containerPort: 1}, {name: a, containerPort: 2}]", ""),
        ("ports: [{containerPort: 1}, {containerPort: 1, protocol: TCP}]", ""),
        ("volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /a}]", ""),
        ("", "volumes: [{name: a}, {name: a}]"),
        ("", "initContainers: [{name: web}]"),
        (
            "ports: [{containerPort: 1}]",
            "initContainers: [{name: a, restartPolicy: Always, ports: [{containerPort: 1}]}]",
        ),
    ],
)
def test_a_name_that_is_given_twice_is_a_finding(container: str, spec: str) -> None:
    assert len(messages("W14", pod(container, spec))) == 1


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("{name: a, port: 80}, {name: b, port: 80}", ["port 80 (TCP) is there already"]),
        ("{name: a, port: 80}, {name: b, port: 80, protocol: TCP}",
         ["port 80 (TCP) is there already"]),
        ("{name: a, port: 80}, {name: a, port: 81}", ["the port name a is there already"]),
        ("{name: a, port: 53}, {name: b, port: 53, protocol: UDP}", []),
        ("{name: a, port: 80, targetPort: http}, {name: b, port: 81, targetPort: http}", []),
        ("{}, {}", []),
    ],
)  # fmt: skip
def test_a_services_port_is_there_once(ports: str, expected: list[str]) -> None:
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{ports: [{ports}]}}\n"
    assert messages("W14", text) == expected


@pytest.mark.parametrize(
    ("container", "spec"),
    [
        ("ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP}]", ""),
        ("ports: [{containerPort: 1}]", "initContainers: [{name: a, ports: [{containerPort: 1}]}]"),
        ("env: [{name: A}]", "initContainers: [{name: a, env: [{name: A}]}]"),
        ("volumeMounts: [{name: a, mountPath: /a}, {name: a, mountPath: /b}]", ""),
    ],
)
def test_what_only_looks_like_a_repetition_is_none(container: str, spec: str) -> None:
    assert messages("W14", pod(container, spec)) == []
