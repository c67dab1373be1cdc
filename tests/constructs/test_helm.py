from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

import pytest

from lib import yaml_text
from lib.constructs import NULL, HelmChart, HelmChartConfig, Names
from lib.constructs.helm_chart import has_structured_values
from lib.constructs.helm_values import checked_values
from lib.errors import BuildError
from tests.constructs.building import in_app, one, refused, spec

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import AppChart

REPO = "https://charts.example"


class Level(StrEnum):
    INFO = "info"


class Port(IntEnum):
    HTTPS = 443


def chart(app: AppChart, **given: Any) -> HelmChart:
    options: dict[str, Any] = {
        "cluster": app.cluster,
        "repo": REPO,
        "chart": "shop",
        "version": "1.2.3",
        "namespace": "shop",
        "values": {"replicas": 2},
    }
    return HelmChart(app.bootstrap, "shop", **{**options, **given})


def chart_spec(cluster: Cluster, **given: Any) -> dict[str, Any]:
    return spec(in_app(cluster, lambda app: chart(app, **given)), "HelmChart", "shop")


def problems(values: dict[str, Any]) -> list[str]:
    with pytest.raises(BuildError) as caught:
        checked_values(values, where="here")
    assert all(line.startswith("here: ") for line in caught.value.problems)
    return [line.removeprefix("here: ") for line in caught.value.problems]


def accepted(values: dict[str, Any]) -> dict[str, Any]:
    return checked_values(values, where="here").values


def test_a_helm_chart_lies_where_rke2_looks_for_it_and_goes_where_the_app_says(
    cluster: Cluster,
) -> None:
    found = one(in_app(cluster, chart), "HelmChart", "shop")
    assert (found.folder, found.namespace) == ("bootstrap", "kube-system")
    assert found.object["spec"] == {
        "repo": REPO,
        "chart": "shop",
        "version": "1.2.3",
        "targetNamespace": "shop",
        "failurePolicy": "abort",
        "timeout": "15m",
        "values": {"replicas": 2},
    }


def test_a_helm_chart_is_removed_only_after_someone_confirms(cluster: Cluster) -> None:
    found = one(in_app(cluster, chart), "HelmChart", "shop").object["metadata"]["annotations"]
    assert found == {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"}


def test_an_older_rke2_gets_the_same_values_as_text(cluster: Cluster, older: Cluster) -> None:
    assert (has_structured_values(cluster), has_structured_values(older)) == (True, False)
    values = {"replicas": 2, "image": {"tag": "v1"}, "args": ["--on"], "flag": "on"}
    found = chart_spec(older, values=values)
    assert "values" not in found
    assert yaml_text.load(found["valuesContent"]) == chart_spec(cluster, values=values)["values"]


def test_a_null_is_written_as_text_because_a_structured_one_would_be_dropped(
    cluster: Cluster,
) -> None:
    found = chart_spec(cluster, values={"image": {"tag": NULL}})
    assert "values" not in found
    assert found["valuesContent"] == "image:\n  tag: null\n"


def test_no_values_leave_no_trace(cluster: Cluster) -> None:
    assert not chart_spec(cluster, values={}).keys() & {"values", "valuesContent"}


def test_an_oci_chart_has_no_repo(cluster: Cluster) -> None:
    found = chart_spec(cluster, repo=None, chart="oci://registry.example/charts/shop")
    assert found["chart"] == "oci://registry.example/charts/shop"
    assert "repo" not in found


@pytest.mark.parametrize(
    ("repo", "name"), [(None, "shop"), (REPO, "oci://registry.example/charts/shop")]
)
def test_a_chart_has_either_a_repo_or_an_oci_address(
    cluster: Cluster, repo: str | None, name: str
) -> None:
    assert refused(cluster, lambda app: chart(app, repo=repo, chart=name)) == [
        "HelmChart shop: give repo, or a chart that starts with oci://"
    ]


@pytest.mark.parametrize("repo", ["http://charts.example", "charts.example", "git://x", ""])
def test_a_repo_that_is_not_https_is_refused(cluster: Cluster, repo: str) -> None:
    assert refused(cluster, lambda app: chart(app, repo=repo)) == [
        f"HelmChart shop: repo {repo!r} is not https://"
    ]


def test_wrong_values_are_refused_with_the_charts_name(cluster: Cluster) -> None:
    (problem,) = refused(cluster, lambda app: chart(app, values={"image.tag": "v1"}))
    assert problem.startswith("HelmChart shop: /image.tag: 'image.tag' has a dot")


def test_a_helm_chart_config_sets_values_of_a_chart_that_rke2_packages(
    cluster: Cluster, older: Cluster
) -> None:
    def fill(app: AppChart) -> None:
        HelmChartConfig(
            app.bootstrap, "rke2-canal", cluster=app.cluster, values={"flannel": {"iface": "eth1"}}
        )

    found = one(in_app(cluster, fill), "HelmChartConfig", "rke2-canal")
    assert (found.folder, found.namespace) == ("bootstrap", "kube-system")
    assert found.object["spec"] == {
        "failurePolicy": "abort",
        "values": {"flannel": {"iface": "eth1"}},
    }
    assert spec(in_app(older, fill), "HelmChartConfig", "rke2-canal") == {
        "failurePolicy": "abort",
        "valuesContent": "flannel:\n  iface: eth1\n",
    }


def test_a_helm_chart_config_refuses_the_same_values(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        HelmChartConfig(app.bootstrap, "rke2-canal", cluster=cluster, values={"a": None})

    assert refused(cluster, fill) == [
        (
            "HelmChartConfig rke2-canal: /a: None would be dropped: leave the key out, or use NULL "
            "for Helm's null"
        )
    ]


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"image.tag": "v1"}, "/image.tag"),
        ({"image": {"tag.x": "v1"}}, "/image/tag.x"),
        ({"images": [{"a.b": 1}]}, "/images/0/a.b"),
        ({"cm": Names({"server.insecure": {"a.b": 1}})}, "/cm/server.insecure/a.b"),
    ],
)
def test_a_dotted_key_is_refused_with_its_place(values: dict[str, Any], pointer: str) -> None:
    (problem,) = problems(values)
    assert problem.startswith(f"{pointer}: ")
    assert problem.endswith(
        "has a dot, and Helm does not read it as a path: nest maps, or wrap the map in Names(...) "
        "where the dot belongs to the name"
    )


def test_a_dotted_key_is_accepted_where_it_is_a_name() -> None:
    assert accepted({"cm": Names({"server.insecure": True})}) == {"cm": {"server.insecure": True}}


def test_a_dotted_key_with_a_prefix_is_a_label_or_annotation() -> None:
    labels = {"labels": {"app.kubernetes.io/name": "shop"}}
    assert accepted(labels) == labels


@pytest.mark.parametrize("text", ["<path:kv/data/shop/db#url>", "vault:kv/data/shop#url"])
def test_a_placeholder_is_refused(text: str) -> None:
    assert problems({"list": [{"x": f"url={text}"}]}) == [
        "/list/0/x: a placeholder stays readable in values: refer to a VaultSecret"
    ]


def test_text_that_only_mentions_vault_is_accepted() -> None:
    values = {"x": "the vault of paths", "y": "https://vault.example"}
    assert accepted(values) == values


@pytest.mark.parametrize(
    "key", ["password", "adminPassword", "token", "apiKey", "secretKey", "credentials", "secret"]
)
def test_a_value_under_a_key_that_names_a_secret_is_refused_and_never_shown(key: str) -> None:
    assert problems({"a": {key: "hunter2"}}) == [
        f"/a/{key}: {key!r} looks like a credential: refer to a Secret instead"
    ]


@pytest.mark.parametrize("value", ["$lower", "$GITHUB-hunter2", "x$GITHUB", "${GITHUB}"])
def test_only_the_bare_name_of_a_variable_stands_for_a_secret(value: str) -> None:
    (problem,) = problems({"clientSecret": value})
    assert "looks like a credential" in problem


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("existingSecret", "db"),
        ("secretName", "db"),
        ("passwordSecretName", "db"),
        ("automountServiceAccountToken", False),
        ("auth", {"enabled": True}),
        ("password", ""),
        ("clientSecret", "$GITHUB_CLIENT_SECRET"),  # looked up in the environment
    ],
)
def test_a_key_that_only_says_where_a_secret_lies_is_accepted(key: str, value: object) -> None:
    assert accepted({key: value}) == {key: value}


def test_none_is_refused_once_with_a_hint_at_null() -> None:
    assert problems({"a": [{"b": None}]}) == [
        "/a/0/b: None would be dropped: leave the key out, or use NULL for Helm's null"
    ]


def test_null_becomes_none_and_is_remembered() -> None:
    checked = checked_values({"a": [NULL], "b": {"c": NULL}}, where="here")
    assert checked.values == {"a": [None], "b": {"c": None}}
    assert checked.has_null is True
    assert repr(NULL) == "NULL"
    assert checked.in_application() == {"values": "a:\n- null\nb:\n  c: null\n"}


def test_values_that_yaml_would_not_keep_are_refused() -> None:
    (problem,) = problems({"ports": {443}})
    assert problem == "/ports: a set has no order: use sorted(...)"


def test_everything_wrong_in_values_is_told_at_once() -> None:
    found = problems({"a.b": 1, "token": "x", "c": None, "d": 1.0})
    assert [line.partition(":")[0] for line in found] == ["/a.b", "/token", "/c", "/d"]


def test_values_given_are_left_as_they_were() -> None:
    given = {"a": {"b": NULL}, "c": [1]}
    checked_values(given, where="here")
    assert given == {"a": {"b": NULL}, "c": [1]}


def test_tuples_and_enumerations_become_plain_values_in_every_form(
    cluster: Cluster, older: Cluster
) -> None:
    values = {"level": Level.INFO, "ports": (80, Port.HTTPS)}
    plain = {"level": "info", "ports": [80, 443]}
    assert chart_spec(cluster, values=values)["values"] == plain
    assert yaml_text.load(chart_spec(older, values=values)["valuesContent"]) == plain
