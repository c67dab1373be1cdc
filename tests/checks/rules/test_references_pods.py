"""G11: what a pod, and a chart's values, need is there, with the keys that they read."""

from __future__ import annotations

import pytest

from tests.checks.rules.telling import WHOLE, told

CONTENTS = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: shop}
stringData: {password: <path:kv/data/shop/database#password>}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {theme: dark}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: tls, namespace: shop}
spec: {secretName: shop-tls, dnsNames: [shop.example], issuerRef: {name: ca}}
"""
FILLED_BY_VAULT = """\
apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultStaticSecret
spec: {destination: {name: database}}
"""


def pod(spec: str) -> str:
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop}}\nspec: {{{spec}}}\n"
    )


def container(part: str) -> str:
    return pod(f"containers: [{{name: web, {part}}}]")


def env(source: str) -> str:
    return container(f"env: [{{name: A, valueFrom: {{{source}}}}}]")


def volume(source: str) -> str:
    return pod(f"volumes: [{{name: v, {source}}}]")


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (env("secretKeyRef: {name: database, key: password}"), []),
        (
            env("secretKeyRef: {name: database, key: pass}"),
            ["the Secret database has no key pass; it has password"],
        ),
        (
            env("secretKeyRef: {name: databse, key: password}"),
            ["there is no Secret 'databse' in shop: did you mean database?"],
        ),
        (env("secretKeyRef: {name: other, key: a, optional: true}"), []),
        (env("secretKeyRef: {name: shop-tls, key: tls.crt}"), []),
        (
            env("secretKeyRef: {name: shop-tls, key: crt}"),
            ["the Secret shop-tls has no key crt; it has ca.crt, tls.crt, tls.key"],
        ),
        (env("configMapKeyRef: {name: settings, key: theme}"), []),
        (
            env("configMapKeyRef: {name: settings, key: font}"),
            ["the ConfigMap settings has no key font; it has theme"],
        ),
        (container("envFrom: [{secretRef: {name: database}}]"), []),
        (
            container("envFrom: [{configMapRef: {name: other}}]"),
            ["there is no ConfigMap 'other' in shop"],
        ),
        (container("envFrom: [{configMapRef: {name: other, optional: true}}]"), []),
        (volume("secret: {secretName: database, items: [{key: password, path: p}]}"), []),
        (
            volume("secret: {secretName: database, items: [{key: user, path: p}]}"),
            ["the Secret database has no key user; it has password"],
        ),
        (volume("configMap: {name: kube-root-ca.crt}"), []),
        (
            volume("projected: {sources: [{secret: {name: other}}]}"),
            ["there is no Secret 'other' in shop"],
        ),
        (
            volume("persistentVolumeClaim: {claimName: data}"),
            ["there is no PersistentVolumeClaim 'data' in shop"],
        ),
        (pod("imagePullSecrets: [{name: registry}]"), ["there is no Secret 'registry' in shop"]),
        (pod("serviceAccountName: default"), []),
        (pod("serviceAccountName: web"), ["there is no ServiceAccount 'web' in shop"]),
        (pod("priorityClassName: system-node-critical"), []),
        (pod("priorityClassName: high"), ["there is no PriorityClass 'high'"]),
        (container("volumeMounts: [{name: v}]"), ["the pod has no volume 'v'"]),
    ],
)  # fmt: skip
def test_a_pod_in_a_whole_cluster(text: str, messages: list[str]) -> None:
    assert [message for _, message in told("G11", CONTENTS, text, context=WHOLE)] == messages


def test_the_pointer_leads_to_the_name_or_the_key() -> None:
    path = "/spec/containers/0/env/0/valueFrom/secretKeyRef"
    assert told("G11", CONTENTS, env("secretKeyRef: {name: a, key: b}"))[0][0] == f"{path}/name"
    wrong_key = env("secretKeyRef: {name: database, key: b}")
    assert told("G11", CONTENTS, wrong_key)[0][0] == f"{path}/key"


def test_a_secret_that_somebody_may_make_by_hand_is_not_missing() -> None:
    alone = env("secretKeyRef: {name: database, key: password}")
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    assert told("G11", alone) == []
    assert told("G11", alone, namespace) == []


@pytest.mark.parametrize(
    "maker",
    [
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec: {}\n",
        "apiVersion: bitnami.com/v1\nkind: SealedSecret\nspec: {encryptedData: {password: A}}\n",
        FILLED_BY_VAULT,
    ],
)
def test_a_secret_that_an_operator_makes_is_there(maker: str) -> None:
    text = env("secretKeyRef: {name: database, key: password}")
    made = f"{maker}metadata: {{name: database, namespace: shop}}\n"
    assert len(told("G11", text, context=WHOLE)) == 1
    assert told("G11", text, made, context=WHOLE) == []


def test_a_volume_of_a_claim_template_is_there() -> None:
    text = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
  volumeClaimTemplates: [{metadata: {name: data}}]
"""
    assert told("G11", text, context=WHOLE) == []
    assert len(told("G11", text.replace("metadata: {name: data}", ""), context=WHOLE)) == 1


def helm_chart(values: str) -> str:
    return (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\n"
        "metadata: {name: shop, namespace: kube-system}\n"
        f"spec: {{chart: shop, targetNamespace: shop, values: {{{values}}}}}\n"
    )


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ("existingSecret: database", 0),
        ("existingSecret: databse", 1),
        ("existingSecret: ''", 0),
        ("existingSecret: '{{ .Release.Name }}'", 0),
        ("envFrom: [{secretRef: {name: other}}]", 1),
        ("volumes: [{name: a, secret: {secretName: other}}]", 1),
        ("volumes: [{name: a, secret: {secretName: other, optional: true}}]", 0),
        ("template: {spec: {serviceAccountName: runner, containers: [{name: a}]}}", 1),
        ("template: {spec: {serviceAccountName: default, containers: [{name: a}]}}", 0),
        ("template: {spec: {priorityClassName: ci, containers: [{name: a}]}}", 1),
        ("settings: 'clientSecret: $database:password'", 0),
        ("settings: 'clientSecret: $database:clientSecret'", 1),
    ],
)
def test_a_charts_values_name_secrets_too(values: str, number: int) -> None:
    assert len(told("G11", CONTENTS, helm_chart(values), context=WHOLE)) == number


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ("existingSecret: databse", 1),
        ("volumes: [{secret: {secretName: other, optional: true}}]", 0),
        ("volumes: [{secret: {secretName: other}}]", 1),
    ],
)
def test_so_do_values_in_a_text(values: str, number: int) -> None:
    chart = helm_chart("").replace("values: {}", f"valuesContent: '{values}'")
    assert len(told("G11", CONTENTS, chart, context=WHOLE)) == number


def test_a_secret_in_values_is_blamed_once() -> None:
    values = helm_chart("volumes: [{name: a, secret: {secretName: other}}]")
    assert told("G11", CONTENTS, values, context=WHOLE) == [
        ("/spec/values/volumes/0/secret/secretName", "there is no Secret 'other' in shop")
    ]
