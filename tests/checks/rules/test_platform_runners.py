"""P04 and P08: what runs anybody's workflow is kept apart."""

from __future__ import annotations

import pytest

from tests.checks.rules.places import WHOLE, places

SET = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: small, namespace: argocd}
spec:
  destination: {namespace: runners}
  source:
    chart: gha-runner-scale-set
    helm:
      valuesObject:
        githubConfigUrl: https://github.com/org
        githubConfigSecret: github-app
        runnerGroup: small
        maxRunners: 4
        template: {spec: {imagePullSecrets: [{name: pull}], containers: [{name: runner}]}}
"""
POLICY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: runners, namespace: runners}
spec: {podSelector: {}, policyTypes: [Egress]}
"""
VALUES = "Application/small /spec/source/helm/valuesObject"
SOURCE = "Application/small /spec/source"


def secret(name: str, namespace: str = "runners") -> str:
    return (
        f"---\napiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("", "", []),
        ("maxRunners: 4", "minRunners: 4", ["maxRunners"]),
        ("runnerGroup: small", "runnerGroup: Default", ["runnerGroup"]),
        ("        runnerGroup: small\n", "", ["runnerGroup"]),
        ("https://github.com/org", "https://github.com/enterprises/e", ["githubConfigUrl"]),
        ("https://github.com/org", "https://github.com/org/repo", []),
        ("gha-runner-scale-set", "gha-runner-scale-set-controller", []),
    ],
)
def test_a_set_has_limits_of_its_own(old: str, new: str, keys: list[str]) -> None:
    text = SET.replace(old, new) if old else SET
    assert places("P04", text + POLICY, WHOLE) == [f"{VALUES}/{key}" for key in keys]


@pytest.mark.parametrize(
    ("old", "new", "limits"),
    [
        ("", "", True),
        ("policyTypes: [Egress]", "policyTypes: [Ingress]", False),
        ("policyTypes: [Egress]", "egress: [{ports: [{port: 443}]}]", True),
        ("policyTypes: [Egress]", "ingress: []", False),
        ("namespace: runners}", "namespace: other}", False),
        ("podSelector: {}", "podSelector: {matchLabels: {app: other}}", False),
        ("podSelector: {}",
         "podSelector: {matchLabels: {actions.github.com/scale-set-name: small}}", True),
    ],
)  # fmt: skip
def test_a_policy_limits_what_runners_reach(old: str, new: str, *, limits: bool) -> None:
    policy = POLICY.replace(old, new) if old else POLICY
    assert places("P04", SET + policy, WHOLE) == ([] if limits else [SOURCE])


def test_a_policy_that_may_be_elsewhere_is_not_missing() -> None:
    assert places("P04", SET) == []


def test_no_other_secret_lies_in_the_namespace() -> None:
    there = secret("github-app") + secret("pull") + secret("other", "elsewhere")
    assert places("P04", SET + POLICY + there) == []
    assert places("P04", SET + POLICY + secret("other")) == ["Secret/other"]


def test_no_other_chart_is_installed_in_the_namespace() -> None:
    other = "---\n" + SET.replace("small", "large")
    assert places("P04", SET + other + POLICY) == [
        "Application/small /spec/source",
        "Application/large /spec/source",
    ]
    apart = other.replace("namespace: runners", "namespace: larger")
    assert places("P04", SET + apart + POLICY) == []


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        ("", "", ""),
        ("maxRunners: 4", "containerMode: {type: dind}", "/containerMode/type"),
        ("maxRunners: 4", "containerMode: {type: kubernetes}", ""),
        ("{name: runner}", "{name: runner, securityContext: {privileged: true}}",
         "/template/spec/containers/0/securityContext/privileged"),
        ("containers: [{name: runner}", "initContainers: [{securityContext: {privileged: true}}",
         "/template/spec/initContainers/0/securityContext/privileged"),
        ("{name: runner}", "{name: runner, securityContext: {privileged: false}}", ""),
    ],
)  # fmt: skip
def test_no_container_of_a_runner_is_privileged(old: str, new: str, pointer: str) -> None:
    text = SET.replace(old, new) if old else SET
    assert places("P08", text) == ([f"{VALUES}{pointer}"] if pointer else [])


CONTROLLER = """\
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: arc, namespace: argocd}
spec:
  destination: {namespace: arc}
  source:
    chart: gha-runner-scale-set-controller
    helm: {valuesObject: {serviceAccount: {name: controller}}}
"""


def controlled(namespace: str, name: str) -> str:
    account = f"controllerServiceAccount: {{namespace: {namespace}, name: {name}}}"
    return SET.replace("maxRunners: 4", f"maxRunners: 4\n        {account}") + POLICY


@pytest.mark.parametrize(
    ("namespace", "name", "keys"),
    [
        ("arc", "controller", []),
        ("arc", "arc-gha", ["name"]),
        ("arcs", "controller", ["namespace"]),
    ],
)
def test_a_sets_controller_is_there(namespace: str, name: str, keys: list[str]) -> None:
    found = places("P04", controlled(namespace, name) + CONTROLLER, WHOLE)
    assert found == [f"{VALUES}/controllerServiceAccount/{key}" for key in keys]


def test_a_whole_cluster_without_a_controller_has_none() -> None:
    expected = [f"{VALUES}/controllerServiceAccount/namespace"]
    assert places("P04", controlled("arc", "controller"), WHOLE) == expected
    assert places("P04", controlled("arc", "controller")) == []


def test_a_name_that_the_controllers_chart_makes_up_is_not_known() -> None:
    unnamed = CONTROLLER.replace("serviceAccount: {name: controller}", "")
    assert places("P04", controlled("arc", "any") + unnamed, WHOLE) == []
