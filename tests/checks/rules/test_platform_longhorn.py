"""P03: Longhorn's chart, and every way to its page."""

from __future__ import annotations

import pytest

from tests.checks.rules.places import WHOLE, places

CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: longhorn, namespace: kube-system}
spec:
  chart: longhorn
  version: 1.12.1
  targetNamespace: longhorn-system
  values:
    persistence: {reclaimPolicy: Retain, defaultClass: true}
    defaultBackupStore: {backupTarget: "s3://a@b/"}
    networkPolicies: {restrictInternalTraffic: true}
    service: {ui: {type: ClusterIP}}
"""

ASKING = "{enabled: true, annotations: {nginx.ingress.kubernetes.io/auth-url: a}}"


@pytest.mark.parametrize(
    ("old", "new", "pointers"),
    [
        ("", "", []),
        ("Retain", "Delete", ["/persistence/reclaimPolicy"]),
        ("reclaimPolicy: Retain, ", "", ["/persistence/reclaimPolicy"]),
        ("reclaimPolicy: Retain", "createStorageClass: false", []),
        ("defaultClass: true", "defaultClassReplicaCount: 1",
         ["/persistence/defaultClassReplicaCount"]),
        ("defaultClass: true", "defaultClassReplicaCount: 2", []),
        ('backupTarget: "s3://a@b/"', 'backupTarget: ""', ["/defaultBackupStore/backupTarget"]),
        ("defaultBackupStore", "defaultSettings", []),
        ("restrictInternalTraffic: true", "restrictInternalTraffic: false",
         ["/networkPolicies/restrictInternalTraffic"]),
        ("restrictInternalTraffic: true", "enabled: true", ["/networkPolicies/type"]),
        ("restrictInternalTraffic: true", "enabled: true, type: rke2", []),
        ("version: 1.12.1", "version: 1.11.3", ["/networkPolicies/enabled"]),
        ("type: ClusterIP", "type: NodePort", ["/service/ui/type"]),
        ("    service:", "    ingress: {enabled: true}\n    service:", ["/ingress/enabled"]),
        ("    service:", f"    ingress: {ASKING}\n    service:", []),
        ("    service:", "    ingress: {enabled: false}\n    service:", []),
    ],
)  # fmt: skip
def test_a_setting_is_judged(old: str, new: str, pointers: list[str]) -> None:
    text = CHART.replace(old, new, 1) if old else CHART
    assert places("P03", text) == [f"HelmChart/longhorn /spec/values{each}" for each in pointers]


def test_a_backup_target_may_be_an_object_of_its_own() -> None:
    target = (
        "---\napiVersion: longhorn.io/v1beta2\nkind: BackupTarget\n"
        "metadata: {name: default, namespace: longhorn-system}\n"
    )
    without = CHART.replace('    defaultBackupStore: {backupTarget: "s3://a@b/"}\n', "")
    assert len(places("P03", without)) == 1
    assert places("P03", without + target) == []


def test_there_is_one_default_storage_class() -> None:
    other = """\
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: nfs, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
"""
    assert places("P03", CHART + other) == [
        "HelmChart/longhorn /spec/values/persistence/defaultClass"
    ]
    assert places("P03", CHART.replace("Class: true", "Class: false") + other) == []
    assert places("P03", CHART + other.replace('"true"', '"false"')) == []


def route(middlewares: str, service: str = "longhorn-frontend") -> str:
    return f"""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {{name: page, namespace: a}}
spec: {{routes: [{{services: [{{name: {service}}}], middlewares: {middlewares}}}]}}
"""


def middleware(name: str, spec: str, namespace: str = "a") -> str:
    return (
        "---\napiVersion: traefik.io/v1alpha1\nkind: Middleware\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"
    )


@pytest.mark.parametrize(
    ("middlewares", "made", "has_login"),
    [
        ("[]", "", False),
        ("[{name: x}]", middleware("x", "{forwardAuth: {address: a}}"), True),
        ("[{name: x}]", middleware("x", "{basicAuth: {secret: a}}"), True),
        ("[{name: x}]", middleware("x", "{headers: {}}"), False),
        ("[{name: x, namespace: b}]", middleware("x", "{digestAuth: {secret: a}}", "b"), True),
        ("[{name: x}]", middleware("x", "{chain: {middlewares: [{name: inner}]}}")
         + middleware("inner", "{forwardAuth: {address: a}}"), True),
        ("[{name: x}]", middleware("x", "{chain: {middlewares: [{name: inner}]}}")
         + middleware("inner", "{compress: {}}"), False),
        ("[{name: x}]", middleware("x", "{chain: {middlewares: [{name: x}]}}"), False),
        ("[{name: elsewhere}]", "", True),
        ("text", "", False),
    ],
)  # fmt: skip
def test_a_route_to_the_page_asks_who_it_is(
    middlewares: str, made: str, *, has_login: bool
) -> None:
    found = places("P03", route(middlewares) + made)
    assert found == ([] if has_login else ["IngressRoute/page /spec/routes/0/services/0"])


def test_a_route_to_something_else_needs_no_login() -> None:
    assert places("P03", route("[]", "whoami")) == []


def test_an_ingress_to_the_page_asks_who_it_is() -> None:
    text = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: page, namespace: a, annotations: {x: y}}
spec: {rules: [{http: {paths: [{backend: {service: {name: longhorn-frontend}}}]}}]}
"""
    assert places("P03", text) == ["Ingress/page /spec/rules/0/http/paths/0/backend/service/name"]
    asking = text.replace("x: y", "traefik.ingress.kubernetes.io/router.middlewares: a-b")
    assert places("P03", asking) == []


JOB = """\
---
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: backup, namespace: longhorn-system}
spec: {name: backup, groups: [daily]}
"""


def storage_class(selector: str) -> str:
    return (
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\n"
        f"provisioner: driver.longhorn.io\nparameters: {{recurringJobSelector: '{selector}'}}\n"
    )


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ('[{"name":"backup","isGroup":false}]', False),
        ('[{"name":"backup"}]', False),
        ('[{"name":"bakcup","isGroup":false}]', True),
        ('[{"name":"daily","isGroup":true}]', False),
        ('[{"name":"default","isGroup":true}]', False),
        ('[{"name":"dayly","isGroup":true}]', True),
        # A group of its own, without jobs, keeps a volume out of the group default.
        ('[{"name":"scratch","isGroup":true}]', False),
        ("[", False),
        ("{}", False),
    ],
)
def test_a_class_names_jobs_and_groups_that_there_are(selector: str, found: bool) -> None:  # noqa: FBT001
    expected = ["StorageClass/fast /parameters/recurringJobSelector"] if found else []
    assert places("P03", storage_class(selector) + JOB, WHOLE) == expected
    assert places("P03", storage_class(selector) + JOB) == []


def test_the_charts_own_class_does_too() -> None:
    jobs = 'recurringJobSelector: {enable: true, jobList: \'[{"name":"bakcup"}]\'}, '
    text = CHART.replace("persistence: {", f"persistence: {{{jobs}") + JOB
    (found,) = places("P03", text, WHOLE)
    assert found == "HelmChart/longhorn /spec/values/persistence/recurringJobSelector/jobList"
    assert places("P03", text.replace("enable: true", "enable: false"), WHOLE) == []
