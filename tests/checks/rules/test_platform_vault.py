"""P02: Vault's chart, whose defaults are for trying it out."""

from __future__ import annotations

import pytest

from tests.checks.rules.places import places

CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: vault, namespace: kube-system}
spec:
  chart: vault
  values:
    global: {tlsDisable: false}
    server:
      auditStorage: {enabled: true}
      ha: {enabled: true, raft: {enabled: true, config: "tls_disable = 0"}}
      service: {type: ClusterIP}
"""
CONFIG = "/server/ha/raft/config"


@pytest.mark.parametrize(
    ("old", "new", "pointers"),
    [
        ("", "", []),
        ("chart: vault", "chart: openbao", []),
        ("tlsDisable: false", "tlsDisable: true", ["/global/tlsDisable"]),
        ("tlsDisable: false", "enabled: true", ["/global/tlsDisable"]),
        ("tls_disable = 0", "tls_disable = 1", [CONFIG]),
        ("tls_disable = 0", "tls_disable = true", [CONFIG]),
        ('"tls_disable = 0"', "'{\"tls_disable\": \"true\"}'", [CONFIG]),
        ("tls_disable = 0", "# tls_disable = 1", []),
        ('"tls_disable = 0"', "'leader_api_addr = \"http://vault-1:8200\"'", [CONFIG]),
        ('"tls_disable = 0"', "'api_addr = \"http://vault:8200\"'", [CONFIG]),
        ('"tls_disable = 0"', "'leader_api_addr = \"https://vault-1:8200\"'", []),
        ('"tls_disable = 0"', "'# leader_api_addr = \"http://vault-1:8200\"'", []),
        (', config: "tls_disable = 0"', "", [CONFIG]),
        ("raft: {enabled: true", "raft: {enabled: false", ["/server/ha/config"]),
        ("ha: {enabled: true", "ha: {enabled: false", ["/server/standalone/config"]),
        ("auditStorage: {enabled: true}", "x: 1", ["/server/auditStorage/enabled"]),
        ("auditStorage: {enabled: true}", "auditStorage: {enabled: false}",
         ["/server/auditStorage/enabled"]),
        ("auditStorage:", "dev: {enabled: true}\n      auditStorage:", ["/server/dev/enabled"]),
        ("type: ClusterIP", "type: LoadBalancer", ["/server/service/type"]),
        ("    server:", "    ui: {serviceType: NodePort}\n    server:", ["/ui/serviceType"]),
        ("chart: vault", "chart: vault\n  valuesSecrets: [{name: a}]", []),
    ],
)  # fmt: skip
def test_a_setting_is_judged(old: str, new: str, pointers: list[str]) -> None:
    text = CHART.replace(old, new, 1) if old else CHART
    assert places("P02", text) == [f"HelmChart/vault /spec/values{each}" for each in pointers]


@pytest.mark.parametrize(
    "values",
    [
        "{global: {externalVaultAddr: 'https://vault.example'}}",
        "{injector: {externalVaultAddr: 'https://vault.example'}}",
        "{server: {enabled: false}}",
        "{global: {enabled: false}}",
        "{server: {enabled: '-'}, global: {enabled: false}}",
    ],
)
def test_a_chart_without_a_server_has_nothing_to_hide(values: str) -> None:
    assert places("P02", CHART.partition("  values:")[0] + f"  values: {values}\n") == []


def test_what_values_elsewhere_may_say_is_not_missing() -> None:
    text = CHART.partition("  values:")[0] + "  valuesSecrets: [{name: a}]\n"
    assert places("P02", text) == []


def test_another_chart_is_not_judged() -> None:
    assert (
        places("P02", CHART.replace("chart: vault", "chart: store").replace("false", "true")) == []
    )


def policy(ingress: str, *, pods: str = "", namespace: str = "vault") -> str:
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: vault, namespace: {namespace}}}\n"
        f"spec: {{podSelector: {{{pods}}}, ingress: [{ingress}]}}\n"
    )


IN_VAULT = CHART.replace("  chart: vault", "  chart: vault\n  targetNamespace: vault")
SERVER = "matchLabels: {app.kubernetes.io/name: vault, component: server}"


@pytest.mark.parametrize(
    ("ingress", "pointers"),
    [
        ("{}", ["/spec/ingress/0"]),
        ("{ports: [{port: 8200}]}", ["/spec/ingress/0"]),
        ("{from: [{namespaceSelector: {}}]}", ["/spec/ingress/0/from/0"]),
        ("{from: [{namespaceSelector: {matchLabels: {}}}]}", ["/spec/ingress/0/from/0"]),
        ("{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}", ["/spec/ingress/0/from/0/ipBlock/cidr"]),
        ("{from: [{ipBlock: {cidr: '::/0'}}]}", ["/spec/ingress/0/from/0/ipBlock/cidr"]),
        ("{from: [{ipBlock: {cidr: 192.168.0.0/22}}]}", []),
        ("{from: [{namespaceSelector: {}, podSelector: {matchLabels: {asks: vault}}}]}", []),
        ("{from: [{podSelector: {}}]}", []),
        ("", []),
    ],
)
@pytest.mark.parametrize("pods", ["", SERVER])
def test_a_policy_does_not_let_everybody_in(ingress: str, pointers: list[str], pods: str) -> None:
    found = places("P02", IN_VAULT + policy(ingress, pods=pods))
    assert found == [f"NetworkPolicy/vault {each}" for each in pointers]


@pytest.mark.parametrize(
    ("pods", "namespace"),
    [("matchLabels: {app.kubernetes.io/name: vault-agent-injector}", "vault"), ("", "shop")],
)
def test_a_policy_for_other_pods_is_not_judged(pods: str, namespace: str) -> None:
    assert places("P02", IN_VAULT + policy("{}", pods=pods, namespace=namespace)) == []
