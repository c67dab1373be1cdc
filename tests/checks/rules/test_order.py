"""G16: what is needed and comes later, by folder, wave and reference."""

from __future__ import annotations

import pytest

from tests.checks.rules.order_sets import (
    application,
    config_map,
    found,
    namespace,
    root,
)

CERTIFICATE = """\
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: web}
spec: {secretName: web-tls, issuerRef: {kind: ClusterIssuer, name: public}}
"""
ISSUER = """\
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: public}
spec: {acme: {server: "https://acme.festival.example", privateKeySecretRef: {name: account}}}
"""


def test_a_namespace_of_a_later_application_is_an_inversion_and_named_with_both_waves() -> None:
    files = root(roles=application("roles", 0), web=application("web", 3))
    files |= {"roles/a.yaml": config_map("a", "web"), "web/namespace.yaml": namespace("web")}
    assert [(each.file, each.pointer, each.message) for each in found("G16", files)] == [
        (
            "dist/one/roles/a.yaml",
            "/metadata/namespace",
            (
                "ConfigMap web/a of Application roles (wave 0) needs its namespace: "
                "Namespace web of Application web (wave 3) comes later"
            ),
        )
    ]


@pytest.mark.parametrize(("wave", "count"), [(2, 1), (3, 1), (4, 0)])
def test_another_applications_object_has_to_be_in_an_earlier_wave(wave: int, count: int) -> None:
    files = root(roles=application("roles", wave), web=application("web", 3))
    files |= {"roles/a.yaml": config_map("a", "web"), "web/namespace.yaml": namespace("web")}
    assert len(found("G16", files)) == count


def test_in_the_same_wave_the_message_says_that_nothing_waits() -> None:
    files = root(issuers=application("issuers", 1), web=application("web", 1))
    files |= {"issuers/public.yaml": ISSUER, "web/certificate.yaml": CERTIFICATE}
    [finding] = found("G16", files)
    assert finding.message == (
        "Certificate web/web of Application web (wave 1) needs ClusterIssuer public: ClusterIssuer "
        "public of Application issuers (wave 1) comes in the same wave, and nothing waits for it"
    )


@pytest.mark.parametrize(("wave", "count"), [("1", 1), ("0", 0), ("-1", 0)])
def test_within_one_application_the_same_wave_is_early_enough(wave: str, count: int) -> None:
    note = f"annotations: {{argocd.argoproj.io/sync-wave: '{wave}'}}"
    late = ISSUER.replace("{name: public}", f"{{name: public, {note}}}")
    files = root(web=application("web", 0))
    files |= {"web/issuer.yaml": late, "web/certificate.yaml": CERTIFICATE}
    assert len(found("G16", files)) == count


def test_a_hook_after_the_sync_is_later_than_every_wave_of_the_sync() -> None:
    hook = "annotations: {argocd.argoproj.io/hook: PostSync, argocd.argoproj.io/sync-wave: '-5'}"
    files = root(web=application("web", 0))
    files["web/issuer.yaml"] = ISSUER.replace("{name: public}", f"{{name: public, {hook}}}")
    files["web/certificate.yaml"] = CERTIFICATE
    [finding] = found("G16", files)
    assert "ClusterIssuer public (PostSync, wave -5) comes later" in finding.message


def test_argo_cd_brings_a_namespace_forward_whatever_its_wave() -> None:
    files = root(web=application("web", 0))
    files |= {"web/a.yaml": config_map("a", "web"), "web/n.yaml": namespace("web", wave=5)}
    assert found("G16", files) == []


def test_what_rke2_applies_must_not_need_what_only_argo_cd_brings() -> None:
    files = root(issuers=application("issuers", 0))
    files |= {"issuers/public.yaml": ISSUER, "bootstrap/certificate.yaml": CERTIFICATE}
    [finding] = found("G16", files)
    assert finding.file == "dist/one/bootstrap/certificate.yaml"
    assert finding.message == (
        "Certificate web/web (wave 0) needs ClusterIssuer public, which only Argo CD brings: "
        "ClusterIssuer public of Application issuers"
    )


def test_what_argo_cd_applies_may_need_anything_that_rke2_does() -> None:
    files = root(web=application("web", 0))
    files |= {"bootstrap/issuer.yaml": ISSUER, "web/certificate.yaml": CERTIFICATE}
    assert found("G16", files) == []


def test_an_application_with_placeholders_needs_the_vault_of_an_earlier_wave() -> None:
    plugin = "plugin: {name: argocd-vault-plugin}"
    web = application("web", 0).replace("directory: {recurse: true}", plugin)
    files = root(web=web, vault=application("vault", 1, chart="vault"))
    files["web/a.yaml"] = config_map("a", "default")
    [finding] = found("G16", files)
    assert finding.message.startswith("Application web (wave 0) needs an unsealed Vault")
    assert finding.message.endswith("Application vault (wave 1) comes later")
    assert found("G16", files | {"root/web.yaml": web.replace('"0"', '"2"')}) == []


def test_a_custom_resource_needs_the_chart_that_brings_its_definition() -> None:
    files = root(
        web=application("web", 0), certs=application("cert-manager", 1, chart="cert-manager")
    )
    files["web/issuer.yaml"] = ISSUER
    [finding] = found("G16", files)
    assert "needs the definition of ClusterIssuer" in finding.message


def test_a_definition_in_the_set_goes_before_what_is_known_of_charts() -> None:
    definition = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: clusterissuers.cert-manager.io}
spec: {group: cert-manager.io, names: {kind: ClusterIssuer, plural: clusterissuers}}
"""
    files = root(
        web=application("web", 0), certs=application("cert-manager", 1, chart="cert-manager")
    )
    files |= {"web/issuer.yaml": ISSUER, "bootstrap/definition.yaml": definition}
    assert found("G16", files) == []


POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      priorityClassName: ci
      containers: [{name: web, envFrom: [{secretRef: {name: web-tls}}]}]
      volumes: [{name: config, configMap: {name: config, optional: false}}]
"""


@pytest.mark.parametrize(
    ("needed", "what"),
    [
        (CERTIFICATE, "Secret web-tls: Certificate web/web"),
        (config_map("config", "web"), "ConfigMap config"),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: web-tls, namespace: web}\n", "Secret"),
        ("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: web}\n", "Serv"),
        (
            "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: ci}\n",
            "PriorityClass ci",
        ),
    ],
    ids=["certificate", "config map", "secret", "account", "priority"],
)
def test_a_pod_needs_what_it_names(needed: str, what: str) -> None:
    files = root(web=application("web", 0), other=application("other", 1))
    files |= {"web/pod.yaml": POD, "other/needed.yaml": needed}
    [finding] = found("G16", files)
    assert f"needs {what}" in finding.message
    assert finding.file == "dist/one/web/pod.yaml"


def test_a_pod_starts_without_what_is_optional() -> None:
    pod = POD.replace("{name: web-tls}", "{name: web-tls, optional: true}")
    files = root(web=application("web", 0), other=application("other", 1))
    assert found("G16", files | {"web/pod.yaml": pod, "other/a.yaml": CERTIFICATE}) == []


def test_the_values_of_a_chart_need_what_they_name_as_pods_do() -> None:
    values = "valuesObject: {extraVolumes: [{name: tls, secret: {secretName: web-tls}}]}"
    chart = application("web", 0, chart="web").replace(
        "targetRevision: 1.0.0", f"targetRevision: 1.0.0, helm: {{{values}}}"
    )
    files = root(web=chart, other=application("other", 1))
    files["other/certificate.yaml"] = CERTIFICATE
    [finding] = found("G16", files)
    assert finding.message.startswith(
        "what the charts make of Application web (wave 0) needs Secret web-tls"
    )


def test_a_claim_needs_its_class_and_the_class_the_chart_of_its_driver() -> None:
    claim = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: web}
spec: {storageClassName: scratch, accessModes: [ReadWriteOnce]}
"""
    class_ = """\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: scratch}
provisioner: driver.longhorn.io
"""
    files = root(
        web=application("web", 0),
        classes=application("classes", 1),
        longhorn=application("longhorn", 2, chart="longhorn"),
    )
    files |= {"web/claim.yaml": claim, "classes/scratch.yaml": class_}
    needed = [each.message.partition(" needs ")[2] for each in found("G16", files)]
    assert [each.partition(":")[0] for each in needed] == [
        "the driver driver.longhorn.io",
        "StorageClass scratch",
    ]


def test_a_login_is_no_reason_to_come_later() -> None:
    middleware = """\
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: web}
spec: {forwardAuth: {address: "http://oauth2-proxy.proxy.svc.cluster.local/"}}
"""
    files = root(web=application("web", 0), proxy=application("proxy", 1, chart="oauth2-proxy"))
    assert found("G16", files | {"web/login.yaml": middleware}) == []


DEX = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: dex, namespace: dex}
spec: {routes: [{match: "Host(`dex.festival.example`)"}]}
"""


def with_issuer(chart: str, wave: int, values: str) -> dict[str, str]:
    """Dex's route in wave 1, and a chart whose values these are."""
    helm = f", helm: {{valuesObject: {{{values}}}}}}}\n  destination"
    program = application("program", wave, chart=chart).replace("}\n  destination", helm)
    return root(dex=application("dex", 1), program=program) | {"dex/route.yaml": DEX}


ISSUED = "extraArgs: {oidc-issuer-url: 'https://dex.festival.example'"


@pytest.mark.parametrize("wave", [0, 1])
def test_oauth2_proxy_does_not_start_without_its_issuer(wave: int) -> None:
    (finding,) = found("G16", with_issuer("oauth2-proxy", wave, f"{ISSUED}}}"))
    assert finding.pointer == "/spec/source/helm/valuesObject/extraArgs/oidc-issuer-url"
    assert " needs dex.festival.example, without which it does not start: " in finding.message


@pytest.mark.parametrize(
    ("chart", "wave", "values"),
    [
        ("oauth2-proxy", 2, f"{ISSUED}}}"),
        ("oauth2-proxy", 0, f"{ISSUED}, skip-oidc-discovery: true}}"),
        ("oauth2-proxy", 0, f"{ISSUED}, skip-oidc-discovery: 'true'}}"),
        ("argo-cd", 0, "configs: {cm: {oidc.config: 'issuer: https://dex.festival.example'}}"),
        ("vault", 0, "server: {config: 'oidc_discovery_url=https://dex.festival.example'}"),
    ],
)
def test_what_starts_without_its_issuer_may_come_before_it(
    chart: str, wave: int, values: str
) -> None:
    assert found("G16", with_issuer(chart, wave, values)) == []


def test_folders_of_anyones_have_no_order_between_them() -> None:
    late = ISSUER.replace("}", ", annotations: {argocd.argoproj.io/sync-wave: '9'}}", 1)
    files = {"a/certificate.yaml": CERTIFICATE, "b/issuer.yaml": late}
    assert found("G16", files) == []
