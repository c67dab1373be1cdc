"""A15: Argo CD's own settings, in a chart's values or as they are applied."""

from __future__ import annotations

import pytest

from tests.checks.rules.places import WHOLE, in_files, places

CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: argocd, namespace: kube-system}
spec:
  chart: argo-cd
  targetNamespace: argocd
  values:
    configs:
      cm: {admin.enabled: false, exec.enabled: false, users.anonymous.enabled: false}
      rbac: {policy.default: ""}
      params: {server.disable.auth: false}
    global: {networkPolicy: {create: true}}
    redis: {enabled: true}
"""
VALUES = "HelmChart/argocd /spec/values"


@pytest.mark.parametrize(
    ("old", "new", "pointers"),
    [
        ("", "", []),
        ("admin.enabled: false, ", "", ["/configs/cm/admin.enabled"]),
        ("admin.enabled: false", "admin.enabled: true", ["/configs/cm/admin.enabled"]),
        ("admin.enabled: false", 'admin.enabled: "true"', ["/configs/cm/admin.enabled"]),
        ("exec.enabled: false", "exec.enabled: true", ["/configs/cm/exec.enabled"]),
        ("s.enabled: false", "s.enabled: true", ["/configs/cm/users.anonymous.enabled"]),
        ('default: ""', "default: role:admin", ["/configs/rbac/policy.default"]),
        ("auth: false", "auth: true", ["/configs/params/server.disable.auth"]),
        ("create: true", "create: false", ["/global/networkPolicy/create"] * 2),
        ("    global: {networkPolicy: {create: true}}\n", "",
         ["/global/networkPolicy/create"] * 2),
    ],
)  # fmt: skip
def test_a_setting_in_the_charts_values_is_judged(old: str, new: str, pointers: list[str]) -> None:
    text = CHART.replace(old, new, 1) if old else CHART
    assert places("A15", text) == [f"{VALUES}{each}" for each in pointers]


def test_a_component_may_have_a_policy_of_its_own() -> None:
    own = "{networkPolicy: {create: true}}"
    text = CHART.replace("global: {networkPolicy: {create: true}}", f"repoServer: {own}")
    assert places("A15", text) == [f"{VALUES}/global/networkPolicy/create"]
    assert places("A15", text.replace("redis: {enabled: true}", f"redis: {own}")) == []
    assert places("A15", text.replace("redis: {enabled: true}", "redis: {enabled: false}")) == []


@pytest.mark.parametrize(
    ("spec", "pointers"),
    [
        ("{podSelector: {}}", 0),
        ("{podSelector: {}, policyTypes: [Ingress, Egress]}", 0),
        ("{podSelector: {}, policyTypes: [Egress]}", 2),
        ("{podSelector: {matchLabels: {app.kubernetes.io/name: argocd-redis}}}", 1),
        ("{podSelector: {matchLabels: {app.kubernetes.io/name: argocd-server}}}", 2),
    ],
)
def test_a_policy_beside_the_chart_guards_as_well(spec: str, pointers: int) -> None:
    policy = (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: deny, namespace: argocd}}\nspec: {spec}\n"
    )
    text = CHART.replace("create: true", "create: false") + policy
    assert len(places("A15", text)) == pointers


def test_what_values_elsewhere_may_say_is_not_missing() -> None:
    text = CHART.replace("  values:", "  valuesSecrets: [{name: more}]\n  values:")
    without = text.replace("admin.enabled: false, ", "").replace("create: true", "create: false")
    assert places("A15", without) == []


def config_map(name: str, data: str) -> str:
    return (
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: argocd}}\n"
        f"data: {data}\n"
    )


@pytest.mark.parametrize(
    ("name", "data", "pointer"),
    [
        ("argocd-cm", "{admin.enabled: 'true'}", "/data/admin.enabled"),
        ("argocd-cm", "{admin.enabled: 'false', exec.enabled: 'true'}", "/data/exec.enabled"),
        ("argocd-rbac-cm", "{policy.default: role:admin}", "/data/policy.default"),
        ("argocd-cmd-params-cm", "{server.disable.auth: 'true'}", "/data/server.disable.auth"),
        ("argocd-cm", "{admin.enabled: 'false'}", ""),
        ("argocd-rbac-cm", "{policy.default: role:readonly}", ""),
        ("argocd-cmd-params-cm", "{}", ""),
        ("other", "{policy.default: role:admin, exec.enabled: 'true'}", ""),
    ],
)
def test_a_setting_in_a_config_map_is_judged(name: str, data: str, pointer: str) -> None:
    expected = [f"ConfigMap/{name} {pointer}"] if pointer else []
    assert places("A15", config_map(name, data)) == expected


SERVER = """\
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: argocd-server, namespace: argocd}
spec: {template: {metadata: {labels: {app.kubernetes.io/name: argocd-server}}, spec: {}}}
"""


def test_the_account_admin_is_on_unless_something_turns_it_off() -> None:
    config = config_map("argocd-cm", "{}")
    off = config_map("argocd-cm", "{admin.enabled: 'false'}")
    blamed = ["ConfigMap/argocd-cm /data/admin.enabled"]
    assert places("A15", config + SERVER) == blamed
    assert places("A15", config + off + SERVER) == []
    assert in_files("A15", {"a.yaml": config, "b.yaml": SERVER}) == []
    assert in_files("A15", {"a.yaml": config, "b.yaml": SERVER}, WHOLE) == blamed
    assert places("A15", config) == []


REDIS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: argocd-redis, namespace: argocd}
spec:
  template:
    metadata: {labels: {app.kubernetes.io/name: argocd-redis}}
    spec: {containers: [{name: redis, args: ["--requirepass $(REDIS_PASSWORD)"]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: redis, namespace: argocd}
spec: {podSelector: {matchLabels: {app.kubernetes.io/name: argocd-redis}}}
"""


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("", "", 0),
        ("--requirepass $(REDIS_PASSWORD)", "--save", 1),
        ("{app.kubernetes.io/name: argocd-redis}}}\n", "{a: b}}}\n", 1),
    ],
)
def test_redis_as_it_is_applied_asks_for_a_password_and_is_shut_off(
    old: str, new: str, problems: int
) -> None:
    text = REDIS.replace(old, new) if old else REDIS
    found = places("A15", text, WHOLE)
    assert found == ["Deployment/argocd-redis /spec/template/spec"] * problems
