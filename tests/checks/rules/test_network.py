"""N01 and N02: what is closed, and what is open to the world."""

from __future__ import annotations

import pytest

from lib.checks.model import Context
from tests.checks.judging import findings

WHOLE = Context(complete=True)
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: whoami}\n"
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: whoami, labels: {app: web}}\n"
    "spec: {containers: []}\n"
)


def policy(spec: str = "podSelector: {}, policyTypes: [Ingress]", namespace: str = "whoami") -> str:
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: deny, namespace: {namespace}}}\nspec: {{{spec}}}\n"
    )


def found(*texts: str, context: Context | None = None) -> list[tuple[str, str]]:
    """Kind and pointer of each finding of N01."""
    return [(each.kind, each.pointer) for each in findings("N01", *texts, context=context)]


OPEN = ("Namespace", "/metadata/name")
REACHED = ("Pod", "/metadata/labels")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("podSelector: {}, policyTypes: [Ingress]", []),
        ("podSelector: {}", []),
        ("podSelector: {matchLabels: {}}, policyTypes: [Egress, Ingress]", []),
        ("podSelector: {}, ingress: [{from: [{podSelector: {}}]}]", []),
        ("podSelector: {matchLabels: {app: web}}", [OPEN]),
        ("podSelector: {}, policyTypes: []", []),
        ("podSelector: {}, ingress: [{ports: [{port: 80}]}]", []),
        ("podSelector: {}, ingress: [{}]", [OPEN]),
        ("podSelector: {}, ingress: [{from: []}]", [OPEN]),
        ("podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]", [OPEN]),
        ("podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", [OPEN]),
        ("podSelector: {}, policyTypes: [Egress]", [OPEN, REACHED]),
        ("podSelector: {matchLabels: {app: other}}", [OPEN, REACHED]),
    ],
)
def test_a_policy_closes_the_namespace_and_selects_every_pod(
    spec: str, expected: list[tuple[str, str]]
) -> None:
    assert found(NAMESPACE, POD, policy(spec)) == expected


def test_a_policy_of_another_namespace_closes_nothing_here() -> None:
    assert found(NAMESPACE, POD, policy(namespace="other")) == [OPEN, REACHED]


def test_a_pod_on_its_nodes_network_cannot_be_selected() -> None:
    pod = POD.replace("containers", "hostNetwork: true, containers")
    assert found(NAMESPACE, pod, policy("podSelector: {matchLabels: {app: other}}")) == [OPEN]


def test_the_pods_of_a_template_are_meant() -> None:
    deployment = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: whoami}\n"
        "spec: {template: {metadata: {labels: {app: web}}, spec: {}}}\n"
    )
    only_web = policy("podSelector: {matchLabels: {app: web}}")
    assert found(deployment, only_web) == []
    only_job = policy("podSelector: {matchLabels: {app: job}}")
    assert found(deployment, only_job) == [("Deployment", "/spec/template/metadata/labels")]


def test_kube_system_is_left_out() -> None:
    texts = (NAMESPACE.replace("whoami", "kube-system"), POD.replace("whoami", "kube-system"))
    assert found(*texts, context=WHOLE) == []


def test_a_namespace_without_pods_of_its_own_is_closed_too_where_the_cluster_is_whole() -> None:
    assert found(NAMESPACE) == []
    assert found(NAMESPACE, context=WHOLE) == [OPEN]


def test_without_a_namespace_or_a_policy_in_sight_they_may_be_elsewhere() -> None:
    assert found(POD) == []
    assert found(POD, context=WHOLE) == [REACHED]


def test_where_other_policies_are_used_nothing_is_said() -> None:
    other = (
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n"
        "metadata: {name: deny, namespace: whoami}\nspec: {}\n"
    )
    assert found(NAMESPACE, POD, other) == []


def service(spec: str, name: str = "web", labels: str = "") -> str:
    metadata = f"name: {name}, namespace: whoami, labels: {{{labels}}}"
    return f"apiVersion: v1\nkind: Service\nmetadata: {{{metadata}}}\nspec: {{{spec}}}\n"


@pytest.mark.parametrize(
    ("spec", "pointer"),
    [
        ("type: NodePort", "/spec/type"),
        ("type: LoadBalancer", "/spec/type"),
        ("externalIPs: [203.0.113.10]", "/spec/externalIPs"),
    ],
)
def test_a_service_is_not_reached_from_outside(spec: str, pointer: str) -> None:
    (finding,) = findings("N02", service(spec))
    assert finding.pointer == pointer


@pytest.mark.parametrize("spec", ["type: ClusterIP", "ports: []", "externalIPs: []"])
def test_a_service_of_the_inside_is_right(spec: str) -> None:
    assert findings("N02", service(spec)) == ()


def test_traefik_is_what_is_reached() -> None:
    assert findings("N02", service("type: LoadBalancer", name="traefik")) == ()
    label = "app.kubernetes.io/name: traefik"
    assert findings("N02", service("type: LoadBalancer", name="edge", labels=label)) == ()
