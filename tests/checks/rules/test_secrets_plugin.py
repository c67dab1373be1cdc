"""S07 and S09: how the Vault plugin is run, and how a pod gets its credentials."""

from __future__ import annotations

import pytest

from tests.checks.judging import findings

ANCHORED = "{name: AVP_PATH_VALIDATION, value: '^kv/data/[a-z]+/[a-z]+$'}"
URL = "https://github.com/argoproj-labs/argocd-vault-plugin/releases/download/v1.18.1/a"


def container(*env: str, more: str = "") -> str:
    return f"{{name: a, image: 'a.example/a:1', env: [{', '.join(env)}]{more}}}"


def in_pod(*containers: str) -> str:
    return (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: repo-server, namespace: argocd}\n"
        f"spec:\n  containers: [{', '.join(containers)}]\n"
    )


def in_values(*containers: str) -> str:
    return (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\n"
        "metadata: {name: argocd, namespace: kube-system}\nspec:\n  chart: argo-cd\n"
        f"  valuesContent: |\n    repoServer: {{extraContainers: [{', '.join(containers)}]}}\n"
    )


TYPE = "{name: AVP_TYPE, value: vault}"


@pytest.mark.parametrize("place", [in_pod, in_values])
@pytest.mark.parametrize(
    "text",
    [
        container(TYPE, ANCHORED),
        container(TYPE, "{name: AVP_PATH_VALIDATION, value: '^kv/data/(a|b)/[a|b]+$'}"),
        container(TYPE, "{name: AVP_PATH_VALIDATION, valueFrom: {configMapKeyRef: {}}}"),
        container(TYPE, more=", envFrom: [{secretRef: {name: plugin}}]"),
        container(more=f", args: ['curl -o a {URL} && sha256sum -c sums']"),
        container("{name: AVP_VERSION, value: 1.18.1}"),
        container(more=", args: ['AVP_PATH_VALIDATION=\"^kv/$app/x\\$\" argocd-vault-plugin']"),
    ],
)
def test_a_plugin_that_is_held_to_its_paths_is_none(place: object, text: str) -> None:
    assert callable(place)
    assert findings("S07", place(text)) == ()


@pytest.mark.parametrize("place", [in_pod, in_values])
@pytest.mark.parametrize(
    ("text", "what"),
    [
        (container(TYPE), "is not set"),
        (container(TYPE, "{name: AVP_PATH_VALIDATION, value: kv/data/a}"), "fits a part"),
        (container(TYPE, "{name: AVP_PATH_VALIDATION, value: '^kv/a$|^kv/b$'}"), "fits a part"),
        (container(TYPE, ANCHORED, more=f", args: ['curl -o a {URL}']"), "does not check"),
        (container(TYPE, ANCHORED, more=", args: [--verbose-sensitive-output]"), "into the log"),
        (container(more=", args: ['AVP_PATH_VALIDATION=kv/.* argocd-vault-plugin']"), "fits a"),
        ("{name: a, image: 'a.example/argocd-vault-plugin:1.18.1'}", "another program"),
    ],
)
def test_a_careless_plugin_is_found_in_a_pod_and_in_a_charts_values(
    place: object, text: str, what: str
) -> None:
    assert callable(place)
    (finding,) = findings("S07", place(text))
    assert what in finding.message


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (container("{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}"),
         "/spec/containers/0/env/0/valueFrom/secretKeyRef"),
        (container(more=", envFrom: [{configMapRef: {name: a}}, {secretRef: {name: b}}]"),
         "/spec/containers/0/envFrom/1/secretRef"),
    ],
)  # fmt: skip
def test_a_secret_in_the_environment_is_found_where_it_is_asked_for(
    text: str, pointer: str
) -> None:
    (finding,) = findings("S09", in_pod(text))
    assert finding.pointer == pointer


def test_a_field_of_the_pod_in_the_environment_is_no_secret() -> None:
    field = "{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}"
    assert findings("S09", in_pod(container(field))) == ()
