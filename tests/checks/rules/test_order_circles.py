"""G17: what waits for itself, by reference and by health."""

from __future__ import annotations

from tests.checks.rules.order_sets import HEALTH, application, found, root

VAULT = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: vault, namespace: kube-system}
spec: {repo: "https://charts.festival.example", chart: vault, version: 1.0.0, targetNamespace: v}
"""


def test_vault_that_needs_a_secret_of_an_application_that_needs_vault_is_a_circle() -> None:
    values = "values: {server: {volumes: [{name: tls, secret: {secretName: seal}}]}}"
    plugin = "plugin: {name: argocd-vault-plugin}"
    sealed = "apiVersion: v1\nkind: Secret\nmetadata: {name: seal, namespace: v}\n"
    files = root(keys=application("keys", 0).replace("directory: {recurse: true}", plugin))
    files["bootstrap/vault.yaml"] = VAULT.replace("targetNamespace", f"{values}, targetNamespace")
    files["keys/seal.yaml"] = sealed
    [finding] = found("G17", files)
    assert finding.message == (
        "a circle: HelmChart vault needs Secret v/seal (Secret seal), Secret v/seal needs "
        "Application keys (which applies it), Application keys needs HelmChart vault (an unsealed "
        "Vault, for its placeholders)"
    )


def test_a_project_that_only_its_own_application_brings_is_a_circle() -> None:
    project = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: platform, namespace: argocd}
"""
    files = root() | {"root/project.yaml": project}
    [finding] = found("G17", files)
    assert "Application root needs AppProject platform (its project)" in finding.message
    assert found("G17", root() | {"bootstrap/project.yaml": project}) == []


def test_two_applications_that_apply_each_other_wait_for_each_others_health() -> None:
    files = root(bootstrap=application("bootstrap", 0)) | {"bootstrap/health.yaml": HEALTH}
    [finding] = found("G17", files)
    assert "Application root needs Application bootstrap (for its own health" in finding.message


def test_the_health_of_an_application_may_be_left_out_of_the_other_ones() -> None:
    ignored = application("root", 0, more=', argocd.argoproj.io/ignore-healthcheck: "true"')
    files = root(bootstrap=application("bootstrap", 0)) | {"bootstrap/health.yaml": HEALTH}
    assert found("G17", files | {"bootstrap/root.yaml": ignored}) == []


def test_without_a_check_of_health_applications_may_apply_each_other() -> None:
    assert found("G17", root(bootstrap=application("bootstrap", 0))) == []


def test_an_argo_cd_that_installs_itself_was_there_before() -> None:
    files = root(argocd=application("argocd", 0, chart="argo-cd"))
    assert found("G17", files) == []
    assert found("G16", files) == []


def test_a_thousand_links_in_a_row_are_no_circle_and_no_trouble() -> None:
    chain = "---\n".join(
        f"""\
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {{name: i{number}, namespace: web}}
spec: {{ca: {{secretName: s{number}}}}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{name: c{number}, namespace: web}}
spec: {{secretName: s{number}, issuerRef: {{kind: Issuer, name: i{number + 1}}}}}
"""
        for number in range(1000)
    )
    assert found("G17", {"web/chain.yaml": chain}) == []
