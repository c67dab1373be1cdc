from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lib.constructs import (
    NULL,
    AppChart,
    AppProject,
    HelmSource,
    KubeObject,
    Platform,
    VaultSecret,
    vault,
)
from lib.constructs.application import FolderSource
from lib.errors import BuildError
from tests.constructs.building import build, in_app, one, refusals, refused, spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.config import Cluster

LEVEL = "pod-security.kubernetes.io"
CHART = HelmSource(
    repo="https://charts.example",
    chart="shop",
    version="1.2.3",
    release="shop",
    values={"replicas": 2},
)


def nothing(app: AppChart) -> None:
    """Leave the app as it is."""


def configmap(app: AppChart) -> KubeObject:
    return KubeObject(app, "settings", api_version="v1", kind="ConfigMap", name="settings")


def chain(cluster: Cluster, needs: dict[str, list[str]]) -> Callable[[Platform], None]:
    """Put one app per key into a Platform, each after the apps of its list."""

    def fill(platform: Platform) -> None:
        apps = {name: AppChart(platform, name, cluster=cluster) for name in needs}
        for name, others in needs.items():
            apps[name].after(*(apps[other] for other in others))

    return fill


def test_an_app_has_a_namespace_of_its_name_that_enforces_restricted(cluster: Cluster) -> None:
    namespace = one(in_app(cluster, nothing), "Namespace", "shop")
    assert namespace.folder == "shop"
    assert namespace.object["metadata"]["labels"] == {
        f"{LEVEL}/enforce": "restricted",
        f"{LEVEL}/enforce-version": "latest",
        f"{LEVEL}/audit": "restricted",
        f"{LEVEL}/warn": "restricted",
    }


def test_a_namespace_with_less_security_is_still_audited_against_restricted(
    cluster: Cluster,
) -> None:
    manifests = in_app(cluster, nothing, pod_security="privileged")
    labels = one(manifests, "Namespace", "shop").object["metadata"]["labels"]
    assert labels[f"{LEVEL}/enforce"] == "privileged"
    assert labels[f"{LEVEL}/audit"] == "restricted"


def test_a_namespace_is_pruned_or_deleted_only_after_someone_confirms(cluster: Cluster) -> None:
    options = one(in_app(cluster, nothing), "Namespace", "shop").object["metadata"]["annotations"]
    assert options == {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"}


def test_all_traffic_is_denied_but_questions_to_the_clusters_dns(cluster: Cluster) -> None:
    manifests = in_app(cluster, nothing)
    policy = spec(manifests, "NetworkPolicy", "default-deny")
    assert one(manifests, "NetworkPolicy", "default-deny").namespace == "shop"
    assert policy["podSelector"] == {}
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in policy
    (rule,) = policy["egress"]
    assert rule["ports"] == [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    (target,) = rule["to"]
    assert target["namespaceSelector"] == {
        "matchLabels": {"kubernetes.io/metadata.name": "kube-system"}
    }


def test_an_app_that_talks_to_the_world_is_still_closed_to_traffic_in(cluster: Cluster) -> None:
    policy = spec(in_app(cluster, nothing, deny_egress=False), "NetworkPolicy", "default-deny")
    assert policy == {"podSelector": {}, "policyTypes": ["Ingress"]}


def test_the_application_reads_the_apps_folder_as_plain_yaml(cluster: Cluster) -> None:
    manifests = in_app(cluster, nothing)
    application = one(manifests, "Application", "shop")
    assert (application.folder, application.namespace) == ("root", "argocd")
    assert application.object["spec"]["source"] == {
        "repoURL": cluster.repository.url,
        "targetRevision": cluster.repository.revision,
        "path": f"dist/{cluster.name}/shop",
        "directory": {"recurse": True},
    }
    assert application.object["spec"]["destination"] == {
        "server": "https://kubernetes.default.svc",
        "namespace": "shop",
    }
    assert application.object["spec"]["project"] == "apps"


def test_the_application_of_an_app_with_a_vault_secret_uses_the_plugin_instead(
    cluster: Cluster,
) -> None:
    manifests = in_app(
        cluster,
        lambda app: VaultSecret(app, "db", name="db", data={"url": vault("shop/db", "url")}),
    )
    assert spec(manifests, "Application", "shop")["source"] == {
        "repoURL": cluster.repository.url,
        "targetRevision": cluster.repository.revision,
        "path": f"dist/{cluster.name}/shop",
        "plugin": {"name": "argocd-vault-plugin"},
    }


def test_a_vault_secret_of_one_app_leaves_the_others_without_the_plugin(cluster: Cluster) -> None:
    def fill(platform: Platform) -> None:
        shop = AppChart(platform, "shop", cluster=cluster)
        VaultSecret(shop, "db", name="db", data={"url": vault("shop/db", "url")})
        AppChart(platform, "cafe", cluster=cluster)

    manifests = build(cluster, fill)
    assert "plugin" in spec(manifests, "Application", "shop")["source"]
    assert "plugin" not in spec(manifests, "Application", "cafe")["source"]


def test_the_application_prunes_heals_and_takes_no_object_of_another(cluster: Cluster) -> None:
    policy = spec(in_app(cluster, nothing), "Application", "shop")["syncPolicy"]
    assert policy["automated"] == {"prune": True, "selfHeal": True}
    assert policy["syncOptions"] == ["ServerSideApply=true", "FailOnSharedResource=true"]


def test_an_app_comes_one_wave_after_the_latest_that_it_waits_for(cluster: Cluster) -> None:
    needs = {"a": [], "b": ["a"], "c": ["b"], "d": ["a", "c"], "e": ["a", "b"]}
    manifests = build(cluster, chain(cluster, needs))
    waves = {
        name: one(manifests, "Application", name).object["metadata"]["annotations"][
            "argocd.argoproj.io/sync-wave"
        ]
        for name in needs
    }
    assert waves == {"a": "0", "b": "1", "c": "2", "d": "3", "e": "2"}


def test_apps_that_wait_for_each_other_are_refused_by_name(cluster: Cluster) -> None:
    with_cycle = chain(cluster, {"a": ["c"], "b": ["a"], "c": ["b"]})
    with pytest.raises(BuildError, match=r"apps wait for each other: a -> c -> b -> a$"):
        build(cluster, with_cycle)


def test_an_app_that_waits_for_itself_is_refused(cluster: Cluster) -> None:
    with pytest.raises(BuildError, match=r"apps wait for each other: a -> a$"):
        build(cluster, chain(cluster, {"a": ["a"]}))


def test_an_unknown_project_is_refused_with_the_ones_there_are(cluster: Cluster) -> None:
    with pytest.raises(BuildError, match=r"shop: there is no project 'app'; there are: apps$"):
        in_app(cluster, nothing, project="app")


def test_an_app_without_a_namespace_gets_neither_namespace_nor_policies(cluster: Cluster) -> None:
    manifests = in_app(cluster, nothing, namespace=None)
    assert manifests.in_folder("shop") == ()
    assert manifests.get("Application", "shop", "argocd") is None


def test_the_application_of_an_app_without_a_namespace_names_one_that_its_project_allows(
    cluster: Cluster,
) -> None:
    def fill(app: AppChart) -> None:
        KubeObject(
            app,
            "class",
            api_version="node.k8s.io/v1",
            kind="RuntimeClass",
            name="x",
            body={"handler": "x"},
        )

    manifests = in_app(cluster, fill, namespace=None)
    home = {"server": "https://kubernetes.default.svc", "namespace": "default"}
    assert spec(manifests, "Application", "shop")["destination"] == home
    assert home in spec(manifests, "AppProject", "apps")["destinations"]


def test_an_app_in_a_namespace_of_another_name_makes_no_namespace(cluster: Cluster) -> None:
    manifests = in_app(cluster, configmap, namespace="kube-system")
    assert manifests.of_kind("Namespace") == ()
    assert one(manifests, "ConfigMap", "settings").namespace == "kube-system"
    assert one(manifests, "ConfigMap", "settings").home == "kube-system"
    assert spec(manifests, "Application", "shop")["destination"]["namespace"] == "kube-system"


def test_what_has_to_be_there_before_argo_cd_lies_in_bootstrap(cluster: Cluster) -> None:
    manifests = in_app(cluster, configmap, before_argocd=True)
    assert [(m.kind, m.name) for m in manifests.in_folder("bootstrap")] == [
        ("Namespace", "shop"),
        ("NetworkPolicy", "default-deny"),
    ]
    assert one(manifests, "NetworkPolicy", "default-deny").namespace == "shop"
    assert {m.home for m in manifests.in_folder("bootstrap")} == {"kube-system"}
    assert [m.kind for m in manifests.in_folder("shop")] == ["ConfigMap"]


def test_an_app_whose_every_object_lies_in_bootstrap_has_no_application(cluster: Cluster) -> None:
    manifests = in_app(cluster, nothing, before_argocd=True)
    assert manifests.get("Application", "shop", "argocd") is None


def test_a_helm_chart_stands_beside_the_folder_with_its_values_readable(cluster: Cluster) -> None:
    sources = spec(in_app(cluster, lambda app: app.helm(CHART)), "Application", "shop")["sources"]
    assert sources[0] == {
        "repoURL": "https://charts.example",
        "chart": "shop",
        "targetRevision": "1.2.3",
        "helm": {"releaseName": "shop", "valuesObject": {"replicas": 2}},
    }
    assert sources[1]["path"] == f"dist/{cluster.name}/shop"
    assert len(sources) == 2


def test_a_null_in_a_charts_values_survives_as_text(cluster: Cluster) -> None:
    chart = HelmSource(
        repo="registry.example/charts",
        chart="shop",
        version="1.2.3",
        release="shop",
        values={"image": NULL},
        skip_crds=True,
    )
    sources = spec(in_app(cluster, lambda app: app.helm(chart)), "Application", "shop")["sources"]
    assert sources[0]["helm"] == {
        "releaseName": "shop",
        "values": "image: null\n",
        "skipCrds": True,
    }


def test_a_placeholder_in_a_charts_values_is_refused(cluster: Cluster) -> None:
    values: dict[str, Any] = {"db": "<path:kv/data/shop/db#url>"}
    chart = HelmSource(
        repo="https://charts.example", chart="shop", version="1", release="shop", values=values
    )
    with pytest.raises(BuildError, match="shop's values: /db: a placeholder stays readable"):
        in_app(cluster, lambda app: app.helm(chart))


def test_the_project_allows_what_its_apps_write_and_read_and_no_more(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        configmap(app)
        app.helm(CHART)
        app.writes_to("monitoring")

    project = spec(in_app(cluster, fill), "AppProject", "apps")
    assert [place["namespace"] for place in project["destinations"]] == ["monitoring", "shop"]
    assert {place["server"] for place in project["destinations"]} == {
        "https://kubernetes.default.svc"
    }
    assert project["sourceRepos"] == sorted(["https://charts.example", cluster.repository.url])


def test_an_app_outside_a_platform_is_refused(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        AppChart(app, "inner", cluster=cluster)

    (problem,) = refused(cluster, fill)
    assert problem.startswith("inner: an AppChart lies directly in a Platform, not in ")


def test_two_apps_of_one_name_are_refused_at_the_second(cluster: Cluster) -> None:
    def fill(platform: Platform) -> None:
        AppChart(platform, "shop", cluster=cluster)
        AppChart(platform, "shop", cluster=cluster)

    (problem,) = refusals(lambda: build(cluster, fill))
    assert "'shop'" in problem


def test_a_project_that_no_app_names_is_refused(cluster: Cluster) -> None:
    with pytest.raises(BuildError, match=r"project idle: no app names it: remove it, or use it$"):
        in_app(cluster, lambda app: AppProject(app.root, "idle", description="Nobody's."))


def test_a_folder_is_read_either_as_plain_yaml_or_by_the_plugin(cluster: Cluster) -> None:
    for plugin, how in ((False, "directory"), (True, "plugin")):
        rendered = FolderSource(path="dist/x", vault_plugin=plugin).spec(cluster)
        assert rendered.keys() & {"directory", "plugin"} == {how}


@pytest.mark.parametrize("repo", ["http://charts.example", "oci://registry.example/charts"])
def test_a_charts_repository_that_argo_cd_would_not_read_is_refused(
    cluster: Cluster, repo: str
) -> None:
    chart = HelmSource(repo=repo, chart="shop", version="1.2.3", release="shop")
    with pytest.raises(
        BuildError, match=f"py:[0-9]+: shop: repo '{repo}' is neither https:// nor an OCI registry"
    ):
        in_app(cluster, lambda app: app.helm(chart))
