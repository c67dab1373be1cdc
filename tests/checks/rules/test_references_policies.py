"""G14, G31 and N03: a policy's ports, a Secret's keys, and who is let in behind a route."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from lib.checks.document import Document, File
from lib.checks.provided import provided
from tests.checks.rules.telling import WHOLE, model, told, told_of

if TYPE_CHECKING:
    from lib.checks.model import Context

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"


def pod(ports: str = "{name: http, containerPort: 8080}", *, spec: str = "") -> str:
    return (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\n"
        f"spec: {{{spec}containers: [{{name: web, ports: [{ports}]}}]}}\n"
    )


def policy(ingress: str, *, pods: str = "matchLabels: {app: web}", name: str = "web") -> str:
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{podSelector: {{{pods}}}, policyTypes: [Ingress], ingress: [{ingress}]}}\n"
    )


# --- G14: ports --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("{port: 8080}", []),
        ("{port: http}", []),
        ("{port: 8000, endPort: 8100}", []),
        ("{protocol: TCP}", []),
        ("{port: 80}", ["Pod web has no port 80; it has 8080 (http)"]),
        ("{port: web}", ["Pod web has no port 'web'; it has 8080 (http)"]),
        ("{port: 9000, endPort: 9100}", ["Pod web has no port 9000; it has 8080 (http)"]),
        ("{port: 8080}, {port: 9090}", ["Pod web has no port 9090; it has 8080 (http)"]),
    ],
)
def test_a_policy_opens_ports_that_its_pods_have(ports: str, expected: list[str]) -> None:
    texts = (NAMESPACE, pod(), policy(f"{{ports: [{ports}]}}"))
    assert [message for _, message in told("G14", *texts, context=WHOLE)] == expected


@pytest.mark.parametrize(
    ("pods", "policy_pods"),
    [
        (pod(""), "matchLabels: {app: web}"),
        (pod(), ""),  # for pods that may come
        (pod() + "---\n" + pod("").replace("name: web,", "name: old,"), "matchLabels: {app: web}"),
    ],
)
def test_a_port_that_no_container_tells_may_be_there(pods: str, policy_pods: str) -> None:
    texts = (NAMESPACE, pods, policy("{ports: [{port: 80}]}", pods=policy_pods))
    assert told("G14", *texts, context=WHOLE) == []


def test_in_a_part_of_a_cluster_only_a_policy_that_opens_nothing_is_a_mistake() -> None:
    some = policy("{ports: [{port: 8080}, {port: 9090}]}")
    assert told("G14", NAMESPACE, pod(), some) == []
    none = policy("{ports: [{port: 80}, {port: 9090}]}")
    assert [place for place, _ in told("G14", NAMESPACE, pod(), none)] == [
        "/spec/ingress/0/ports/0/port",
        "/spec/ingress/0/ports/1/port",
    ]


# --- G31 ---------------------------------------------------------------------------------------


def secret(type_: str, data: str) -> str:
    return f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ntype: {type_}\n{data}\n"


@pytest.mark.parametrize(
    ("type_", "data", "wanted"),
    [
        ("kubernetes.io/dockerconfigjson", "data: {config.json: a}", [".dockerconfigjson"]),
        ("kubernetes.io/dockercfg", "data: {a: a}", [".dockercfg"]),
        ("kubernetes.io/tls", "stringData: {tls.crt: a}", ["tls.key"]),
        ("kubernetes.io/tls", "stringData: {cert: a, key: b}", ["tls.crt", "tls.key"]),
        ("kubernetes.io/basic-auth", "data: {user: a}", ["username or password"]),
        ("kubernetes.io/ssh-auth", "data: {id_rsa: a}", ["ssh-privatekey"]),
    ],
)
def test_a_secret_lacks_a_key_of_its_type(type_: str, data: str, wanted: list[str]) -> None:
    found = told("G31", secret(type_, data))
    assert [place for place, _ in found] == ["/type"] * len(wanted)
    starts = [f"{type_} asks for {key};" for key in wanted]
    assert [message.partition(" there is")[0] for _, message in found] == starts


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("kubernetes.io/tls", "data: {tls.crt: a}\nstringData: {tls.key: b, ca.crt: c}"),
        ("kubernetes.io/basic-auth", "stringData: {password: a}"),
        ("kubernetes.io/tls", ""),  # to be filled by somebody
        ("Opaque", "data: {a: b}"),
        ("example.com/own", "data: {a: b}"),
    ],
)
def test_a_secret_that_has_its_keys_or_needs_none_is_right(type_: str, data: str) -> None:
    assert told("G31", secret(type_, data)) == []


# --- N03 ---------------------------------------------------------------------------------------

DENY = policy("", pods="", name="default-deny")
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
    "spec: {selector: {app: web}, ports: [{name: web, port: 80, targetPort: http}]}\n"
)
ROUTE = (
    "apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: {name: web, namespace: shop}\n"
    "spec: {routes: [{services: [{name: web, port: 80}]}]}\n"
)
INGRESS = (
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: shop}\n"
    "spec: {rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}]}}]}\n"
)
ALL = (NAMESPACE, DENY, SERVICE, ROUTE)
SHUT = "Pod web is closed by a NetworkPolicy, and none lets anybody in at the port 80 of web"


@pytest.mark.parametrize("context", [None, WHOLE])
def test_nobody_is_let_in_behind_a_route(context: Context | None) -> None:
    assert told("N03", *ALL, pod(), context=context) == [("/spec/routes/0/services/0/name", SHUT)]


def test_nobody_is_let_in_behind_an_ingress() -> None:
    found = told("N03", NAMESPACE, DENY, SERVICE, INGRESS, pod())
    assert found == [("/spec/rules/0/http/paths/0/backend/service/name", SHUT)]


@pytest.mark.parametrize(
    ("ingress", "found"),
    [
        ("{}", 0),
        ("{from: [{podSelector: {}}]}", 0),
        ("{ports: [{port: http}]}", 0),
        ("{ports: [{port: 8080}]}", 0),
        ("{ports: [{port: 8000, endPort: 9000}]}", 0),
        ("{ports: [{port: 80}]}", 1),  # the Service's port, and not the pods'
        ("{ports: [{port: metrics}]}, {ports: [{port: 9090}]}", 1),
    ],
)
def test_a_policy_lets_in_at_the_pods_own_port(ingress: str, found: int) -> None:
    assert len(told("N03", *ALL, pod(), policy(ingress))) == found


@pytest.mark.parametrize(
    "texts",
    [
        (SERVICE, ROUTE, pod()),
        (NAMESPACE, SERVICE, ROUTE, pod()),
        (*ALL, pod(spec="hostNetwork: true, ")),
        (*ALL, pod(), pod().replace("name: web, name", "name: b, name")
         + "---\n" + policy("{}")),
        (NAMESPACE, DENY, SERVICE, ROUTE),
        (NAMESPACE, DENY, ROUTE, pod()),
        (*ALL, pod(), "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\n"),
        (NAMESPACE, policy("", pods="matchLabels: {app: other}"), SERVICE, ROUTE, pod()),
    ],
)  # fmt: skip
def test_what_is_open_or_may_be_is_not_found(texts: tuple[str, ...]) -> None:
    assert told("N03", *texts) == []


def declared() -> tuple[Document, ...]:
    text = (
        "provided: [{chart: shop, version: 1.0.0, objects: [{apiVersion: v1, kind: Service, "
        "metadata: {name: web, namespace: shop}, spec: {ports: [{port: 80}]}}]}]"
    )
    return tuple(provided(Document(File("policy/provided.yaml", b""), 0, yaml.safe_load(text))))


def chart(values: str) -> str:
    return (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\n"
        "metadata: {name: shop, namespace: kube-system}\n"
        f"spec: {{chart: shop, version: 1.0.0, targetNamespace: shop, values: {{{values}}}}}\n"
    )


@pytest.mark.parametrize(
    ("values", "more", "found"),
    [
        ("", (), 1),
        ("networkPolicy: {enabled: false}", (), 1),
        ("networkPolicy: {enabled: true}", (), 0),
        ("", (policy("{}", pods="matchLabels: {app: any}"),), 0),
    ],
)
def test_the_pods_of_a_chart_are_let_in_by_a_policy_of_ours_or_its_own(
    values: str, more: tuple[str, ...], found: int
) -> None:
    texts = (NAMESPACE, DENY, ROUTE, chart(values), *more)
    of = model(*texts, context=WHOLE, declared=declared())
    assert len(told_of("N03", of)) == found
    assert told_of("N03", model(*texts, declared=declared())) == []
