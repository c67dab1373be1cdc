"""G08, G09, G12 to G15, G29, G30: namespaces, paths, pods, storage, definitions, roles, issuers."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.checks.catalogue import RULES
from lib.checks.model import Context
from lib.config import load_cluster
from tests.checks.rules.places import in_files
from tests.checks.rules.telling import WHOLE, told

ROOT = Path(__file__).resolve().parents[3]
CLUSTER = load_cluster(ROOT / "clusters" / "production.yaml")
OURS = Context(complete=True, cluster=CLUSTER)
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
MAKES_IT = "syncPolicy: {syncOptions: [CreateNamespace=true]}"


def made(kind: str, spec: str = "", *, api: str = "v1", name: str = "web") -> str:
    metadata = f"metadata: {{name: {name}, namespace: shop}}"
    return f"apiVersion: {api}\nkind: {kind}\n{metadata}\nspec: {{{spec}}}\n"


def messages(rule: str, *texts: str, context: Context | None = WHOLE) -> list[str]:
    return [message for _, message in told(rule, *texts, context=context)]


# --- G08 ---------------------------------------------------------------------------------------


def test_an_objects_namespace_exists() -> None:
    assert messages("G08", NAMESPACE, made("Service")) == []
    assert messages("G08", made("Service")) == ["there is no Namespace 'shop'"]
    assert messages("G08", made("Service").replace("shop", "kube-system")) == []


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("destination: {server: 'https://kubernetes.default.svc', namespace: shop}", []),
        (
            "destination: {server: 'https://kubernetes.default.svc', namespace: late}",
            ["there is no Namespace 'late'"],
        ),
        ("destination: {name: elsewhere, namespace: late}", []),
        (f"destination: {{name: in-cluster, namespace: late}}, {MAKES_IT}", []),
    ],
)  # fmt: skip
def test_an_applications_destination_exists(spec: str, expected: list[str]) -> None:
    application = made("Application", spec, api="argoproj.io/v1alpha1")
    assert messages("G08", NAMESPACE, application) == expected


def test_a_charts_namespace_exists_or_is_made() -> None:
    chart = made("HelmChart", "targetNamespace: late", api="helm.cattle.io/v1")
    assert messages("G08", NAMESPACE, chart) == ["there is no Namespace 'late'"]
    assert messages("G08", NAMESPACE, chart.replace("late", "late, createNamespace: true")) == []


def test_in_a_part_of_a_cluster_only_a_near_miss_is_a_mistake() -> None:
    typo = made("Service").replace("shop", "shopp")
    assert messages("G08", NAMESPACE, made("Service").replace("shop", "web"), context=None) == []
    assert messages("G08", NAMESPACE.replace("shop", "shop"), typo, context=None) == [
        "there is no Namespace 'shopp': did you mean shop?"
    ]


# --- G09 ---------------------------------------------------------------------------------------


def application(path: str, *, directory: str = "directory: {recurse: true}") -> str:
    source = f"source: {{repoURL: '{CLUSTER.repository.url}', path: {path}, {directory}}}"
    return made("Application", source, api="argoproj.io/v1alpha1")


def test_an_applications_path_holds_manifests() -> None:
    files = {
        "dist/production/bootstrap/a.yaml": application("dist/production/shop"),
        "dist/production/shop/web/b.yaml": made("Service"),
    }
    assert in_files("G09", files, OURS) == []
    files["dist/production/bootstrap/a.yaml"] = application("dist/production/shoq")
    assert in_files("G09", files, OURS) == [
        "Application/web /spec/source/path",
        "Service/web",  # which nothing applies then
    ]


def test_without_recurse_argo_cd_reads_the_folder_alone() -> None:
    files = {
        "dist/production/bootstrap/a.yaml": application("dist/production/shop", directory=""),
        "dist/production/shop/web/b.yaml": made("Service"),
    }
    assert in_files("G09", files, OURS) == ["Application/web /spec/source/path", "Service/web"]
    plugin = application("dist/production/shop", directory="plugin: {name: a}")
    assert in_files("G09", files | {"dist/production/bootstrap/a.yaml": plugin}, OURS) == []


@pytest.mark.parametrize("path", ["/dist/production/shop", "../shop", "dist/../../shop"])
def test_a_path_stays_within_the_repository(path: str) -> None:
    assert messages("G09", application(path), context=None) == [
        f"{path} leaves the repository: give a path from its top"
    ]


def test_the_own_repository_may_be_written_in_another_way() -> None:
    shorter = CLUSTER.repository.url.removesuffix(".git")
    same = application("dist/production/shop").replace(CLUSTER.repository.url, shorter)
    files = {"dist/production/bootstrap/a.yaml": same}
    assert in_files("G09", files, OURS) == ["Application/web /spec/source/path"]


def test_a_source_beside_sources_reads_nothing() -> None:
    beside = application("dist/production/shop").replace("spec: {", "spec: {sources: [{ref: a}], ")
    files = {
        "dist/production/bootstrap/a.yaml": beside,
        "dist/production/shop/web/b.yaml": made("Service"),
    }
    assert in_files("G09", files, OURS) == ["Service/web"]


def test_a_path_of_another_repository_is_not_judged() -> None:
    other = application("anything").replace(CLUSTER.repository.url, "https://git.example/other")
    assert in_files("G09", {"dist/production/bootstrap/a.yaml": other}, OURS) == []


# --- G12 ---------------------------------------------------------------------------------------


def service(ports: str, *, selector: str = "app: web") -> str:
    return made("Service", f"selector: {{{selector}}}, ports: [{ports}]")


def deployment(ports: str, *, labels: str = "app: web") -> str:
    container = f"containers: [{{name: web, ports: [{ports}]}}]"
    template = f"template: {{metadata: {{labels: {{{labels}}}}}, spec: {{{container}}}}}"
    return made("Deployment", template, api="apps/v1")


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ("port: 80, targetPort: http", []),
        ("port: 80, targetPort: 8080", []),
        ("port: 8080", []),
        ("port: 80, targetPort: web", ["Deployment web has no port 'web'; it has http"]),
        ("port: 80", ["Deployment web declares no containerPort 80, but 8080"]),
        (
            "port: 80, targetPort: 80",
            ["Deployment web declares no containerPort 80, but 8080"],
        ),
    ],
)  # fmt: skip
def test_a_services_target_port_is_its_pods(port: str, expected: list[str]) -> None:
    pods = deployment("{name: http, containerPort: 8080}")
    assert messages("G12", service(f"{{{port}}}"), pods) == expected


def test_a_number_that_no_container_tells_may_be_there() -> None:
    assert messages("G12", service("{port: 80}"), deployment("")) == []


def test_one_of_several_workloads_behind_a_service_is_enough() -> None:
    two = deployment("{name: http, containerPort: 8080}").replace("name: web, n", "name: two, n")
    pods = deployment("{name: other, containerPort: 1}")
    assert messages("G12", service("{port: 80, targetPort: http}"), pods, two) == []


def test_a_selector_finds_pods() -> None:
    pods = deployment("")
    assert messages("G12", service("", selector="app: wbe"), pods) == ["no pod in shop has app=wbe"]
    assert messages("G12", made("Service", "ports: []"), pods) == []
    assert messages("G12", made("Service", "type: ExternalName, selector: {a: b}"), pods) == []


@pytest.mark.parametrize(
    "more",
    [
        # A label that pods get when they run, as Vault's get vault-active.
        service("", selector="app: web, active: 'true'"),
        # An operator, whose pods no manifest shows.
        service("", selector="app: db") + "---\n" + made("Database", api="db.example/v1"),
        service("", selector="app: db")
        + "---\n"
        + made("HelmChart", "targetNamespace: shop", api="helm.cattle.io/v1"),
    ],
)
def test_what_runs_in_a_part_of_a_cluster_may_be_unknown(more: str) -> None:
    assert messages("G12", deployment(""), more, context=None) == []


def test_an_account_that_may_make_pods_may_have_made_them() -> None:
    role = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n"
        "metadata: {name: maker, namespace: shop}\n"
        "rules: [{apiGroups: [apps], resources: [deployments], verbs: [create]}]\n"
    )
    binding = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n"
        "metadata: {name: maker, namespace: shop}\nroleRef: {kind: Role, name: maker}\n"
        "subjects: [{kind: ServiceAccount, name: default, namespace: shop}]\n"
    )
    texts = deployment(""), service("", selector="app: db")
    assert len(messages("G12", *texts, context=None)) == 1
    assert messages("G12", *texts, role, binding, context=None) == []


# --- G13 ---------------------------------------------------------------------------------------


def storage_class(name: str, *, default: str = "false") -> str:
    return (
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\n"
        f"metadata: {{name: {name}, annotations: "
        f"{{storageclass.kubernetes.io/is-default-class: '{default}'}}}}\n"
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("storageClassName: fast", []),
        ("storageClassName: fsat", ["there is no StorageClass 'fsat': did you mean fast?"]),
        ("storageClassName: ''", []),  # by hand, without any class
        ("storageClassName: by-hand, volumeName: disk", []),
        ("accessModes: [ReadWriteOnce]", []),
    ],
)
def test_a_claims_class_exists(spec: str, expected: list[str]) -> None:
    claim = made("PersistentVolumeClaim", spec)
    stateful = made("StatefulSet", f"volumeClaimTemplates: [{{spec: {{{spec}}}}}]", api="apps/v1")
    classes = storage_class("fast", default="true")
    assert messages("G13", classes, claim) == expected
    assert messages("G13", classes, stateful) == expected


def test_one_class_is_the_default() -> None:
    one, two = storage_class("one", default="true"), storage_class("two", default="true")
    claim = made("PersistentVolumeClaim", "accessModes: [ReadWriteOnce]")
    assert messages("G13", one, storage_class("two"), claim) == []
    assert messages("G13", one, two, claim) == ["the StorageClass one is the default too"]
    assert messages("G13", storage_class("one"), claim) == [
        "no StorageClass is the default: some claim will wait",
        "it names no storageClassName, and no StorageClass is the default",
    ]


# --- G14 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            made("HorizontalPodAutoscaler", "scaleTargetRef: {apiVersion: apps/v1, "
                 "kind: Deployment, name: wbe}", api="autoscaling/v2"),
            ["there is no Deployment 'wbe' in shop"],
        ),
        (
            made("HorizontalPodAutoscaler", "scaleTargetRef: {apiVersion: apps/v1, "
                 "kind: StatefulSet, name: web}", api="autoscaling/v2"),
            ["there is no StatefulSet 'web' in shop"],
        ),
        (
            made("PodDisruptionBudget", "selector: {matchLabels: {app: wbe}}", api="policy/v1"),
            ["no pod in shop has app=wbe"],
        ),
        (made("PodDisruptionBudget", "selector: {}", api="policy/v1"), []),
        (
            made("NetworkPolicy", "podSelector: {}", api="networking.k8s.io/v1"),
            [],
        ),
        (
            made("NetworkPolicy", "podSelector: {matchLabels: {app: wbe}}",
                 api="networking.k8s.io/v1"),
            ["no pod in shop has app=wbe"],
        ),
        (
            made("NetworkPolicy", "podSelector: {}, egress: [{to: [{podSelector: "
                 "{matchLabels: {app: db}}}]}]", api="networking.k8s.io/v1"),
            ["no pod in shop has app=db"],
        ),
        (
            made("NetworkPolicy", "podSelector: {}, ingress: [{from: [{namespaceSelector: "
                 "{matchLabels: {kubernetes.io/metadata.name: late}}}]}]",
                 api="networking.k8s.io/v1"),
            ["there is no Namespace 'late'"],
        ),
        (
            made("NetworkPolicy", "podSelector: {}, egress: [{to: [{namespaceSelector: "
                 "{matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: "
                 "{matchLabels: {k8s-app: kube-dns}}}]}]", api="networking.k8s.io/v1"),
            [],
        ),
        (
            made("ServiceMonitor", "selector: {matchLabels: {app: web}}, endpoints: "
                 "[{port: http}, {port: metrics}]", api="monitoring.coreos.com/v1"),
            ["the Services have no port 'metrics'; they have http"],
        ),
        (
            made("ServiceMonitor", "selector: {matchLabels: {app: wbe}}",
                 api="monitoring.coreos.com/v1"),
            ["no Service in shop has app=wbe"],
        ),
        (
            made("PodMonitor", "selector: {matchLabels: {app: wbe}}",
                 api="monitoring.coreos.com/v1"),
            ["no pod in shop has app=wbe"],
        ),
    ],
)  # fmt: skip
def test_what_selects_finds_something(text: str, expected: list[str]) -> None:
    labelled = service("{name: http, port: 80}").replace(
        "name: web,", "name: web, labels: {app: web},"
    )
    assert messages("G14", NAMESPACE, deployment(""), labelled, text) == expected


# --- G15 ---------------------------------------------------------------------------------------

DEFINITION = RULES["G15"].good.partition("---\n")[0]


@pytest.mark.parametrize(
    ("api", "kind", "number"),
    [
        ("festival.example/v1", "Stage", 0),
        ("festival.example/v1alpha1", "Stage", 1),  # no longer served
        ("festival.example/v1", "Sound", 1),
        ("other.example/v1", "Light", 1),
        ("apps/v1", "Deployment", 0),
        ("helm.cattle.io/v1", "HelmChart", 0),  # RKE2's own
    ],
)
def test_every_kind_is_defined(api: str, kind: str, number: int) -> None:
    assert len(messages("G15", DEFINITION, made(kind, api=api))) == number


def test_a_definition_may_be_in_another_part_of_the_cluster() -> None:
    assert messages("G15", DEFINITION, made("Light", api="other.example/v1"), context=None) == []


# --- G29 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "number"),
    [
        ("Role", "look", 0),
        ("Role", "loook", 1),
        ("ClusterRole", "look", 1),
        ("ClusterRole", "view", 0),
        ("ClusterRole", "system:auth-delegator", 0),
        ("Role", "extension-apiserver-authentication-reader", 0),
    ],
)
def test_a_bound_role_exists(kind: str, name: str, number: int) -> None:
    text = RULES["G29"].good.replace("kind: Role, name: look", f"kind: {kind}, name: {name}")
    assert len(messages("G29", text)) == number


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("kind: ServiceAccount, name: web, namespace: whoami", 0),
        ("kind: ServiceAccount, name: default, namespace: whoami", 0),
        ("kind: ServiceAccount, name: web, namespace: shop", 1),
        ("kind: ServiceAccount, name: web", 0),
        ("kind: ServiceAccount, name: wob", 1),
        ("kind: Group, name: anyone", 0),
    ],
)
def test_a_bound_account_exists(subject: str, number: int) -> None:
    good = RULES["G29"].good
    assert (
        len(
            messages(
                "G29", good.replace("kind: ServiceAccount, name: web, namespace: whoami", subject)
            )
        )
        == number
    )


def test_an_account_bound_in_the_whole_cluster_says_its_namespace() -> None:
    bound = (
        RULES["G29"]
        .good.replace("kind: RoleBinding\nmetadata: {name: look, namespace: whoami}",
                      "kind: ClusterRoleBinding\nmetadata: {name: look}")
        .replace("kind: Role, name: look", "kind: ClusterRole, name: view")
    )  # fmt: skip
    assert messages("G29", bound) == []
    without = bound.replace("name: web, namespace: whoami}]", "name: web}]")
    assert messages("G29", without) == [
        "a ServiceAccount needs its namespace in a ClusterRoleBinding"
    ]


# --- G30 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: ClusterIssuer, name: l", "kind: Issuer, name: l",
         ["there is no Issuer 'letsencrypt' in traefik"]),
        ("issuerRef: {kind", "issuerRef: {group: awspca.example, kind", []),
        ("name: dns, key: apiToken", "name: dsn, key: apiToken",
         ["there is no Secret 'dsn' in cert-manager"]),
        ("name: dns, key: apiToken", "name: dns, key: token",
         ["the Secret dns has no key token; it has apiToken"]),
        ("{cloudflare: {apiTokenSecretRef: {name: dns, key: apiToken}}}",
         "{webhook: {config: {accessTokenRef: {name: dns, key: id}}}}",
         ["the Secret dns has no key id; it has apiToken"]),
        ("acme:\n", "ca: {secretName: ca}\n  acme:\n", ["there is no Secret 'ca' in cert-manager"]),
    ],
)  # fmt: skip
def test_an_issuer_and_its_secrets_exist(old: str, new: str, expected: list[str]) -> None:
    good = RULES["G30"].good
    assert old in good
    found = messages("G30", good.replace(old, new))
    assert [message.partition(": did you mean")[0] for message in found] == expected
