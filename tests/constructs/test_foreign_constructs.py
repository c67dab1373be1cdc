"""Constructs that are not ours: they land in dist/ like the rest, with the line that made them."""

from __future__ import annotations

from inspect import currentframe
from typing import TYPE_CHECKING

import cdk8s
import cdk8s_plus_33 as kplus
import jsii
import pytest
from constructs import Construct, IValidation

from lib.constructs import AppChart, KubeObject
from lib.errors import BuildError
from lib.manifests import Source
from tests.constructs.building import build, in_app, one, refusals, refused

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import Platform

FILE = "tests/constructs/test_foreign_constructs.py"


def here() -> int:
    """Give the line that calls this."""
    frame = currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


@jsii.implements(IValidation)
class Refusing:
    """A rule of a user's own, as ``node.add_validation`` takes it."""

    def validate(self) -> list[str]:
        return ["the shop needs a name"]


class TwoMaps(Construct):
    """A user's own construct, in plain Python."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002
        super().__init__(scope, id)
        kplus.k8s.KubeConfigMap(self, "one", metadata=kplus.k8s.ObjectMeta(name="one"))
        kplus.k8s.KubeConfigMap(self, "two", metadata=kplus.k8s.ObjectMeta(name="two"))


def test_a_deployment_of_cdk8s_plus_and_its_service_land_in_the_apps_folder(
    cluster: Cluster,
) -> None:
    line = 0

    def fill(app: AppChart) -> None:
        nonlocal line
        line = here() + 1
        deployment = kplus.Deployment(app, "web", metadata=cdk8s.ApiObjectMetadata(name="web"))
        deployment.add_container(image="registry.example/shop/web:1", port_number=8080)
        deployment.expose_via_service(name="web")

    manifests = in_app(cluster, fill)
    deployment = one(manifests, "Deployment", "web")
    service = one(manifests, "Service", "web")
    for found in (deployment, service):
        assert (found.folder, found.home, found.namespace) == ("shop", "shop", "shop")
        assert found.construct.startswith("shop/web/")
        # Both were made in JavaScript, inside of the construct that this line made.
        assert found.source == Source(FILE, line)
    labels = deployment.object["spec"]["template"]["metadata"]["labels"]
    assert service.object["spec"]["selector"].items() <= labels.items()


def test_a_typed_import_lands_in_the_apps_folder_with_its_line(cluster: Cluster) -> None:
    line = 0

    def fill(app: AppChart) -> None:
        nonlocal line
        line = here() + 1
        kplus.k8s.KubeConfigMap(
            app, "map", metadata=kplus.k8s.ObjectMeta(name="map"), data={"a": "b"}
        )

    found = one(in_app(cluster, fill), "ConfigMap", "map")
    assert found.object["data"] == {"a": "b"}
    assert (found.folder, found.namespace) == ("shop", "shop")
    assert found.source == Source(FILE, line)


def test_a_plain_api_object_lands_there_with_its_patches(cluster: Cluster) -> None:
    line = 0

    def fill(app: AppChart) -> None:
        nonlocal line
        line = here() + 1
        plain = cdk8s.ApiObject(app, "plain", api_version="v1", kind="ConfigMap")
        plain.add_json_patch(
            cdk8s.JsonPatch.add("/data", {"a": "b"}),
            cdk8s.JsonPatch.replace("/metadata/name", "patched"),
        )

    found = one(in_app(cluster, fill), "ConfigMap", "patched")
    assert found.object["data"] == {"a": "b"}
    assert (found.folder, found.namespace) == ("shop", "shop")
    assert found.construct == "shop/plain"
    assert found.source == Source(FILE, line)


def test_a_users_own_construct_gives_each_object_its_own_line(cluster: Cluster) -> None:
    manifests = in_app(cluster, lambda app: TwoMaps(app, "maps"))
    first, second = (one(manifests, "ConfigMap", name) for name in ("one", "two"))
    assert (first.construct, second.construct) == ("shop/maps/one", "shop/maps/two")
    assert first.source.file == second.source.file == FILE
    assert second.source.line == first.source.line + 1


def test_a_chart_within_an_app_belongs_to_the_app(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        inner = cdk8s.Chart(app, "inner", namespace="elsewhere")
        kplus.k8s.KubeConfigMap(inner, "map", metadata=kplus.k8s.ObjectMeta(name="map"))

    found = one(in_app(cluster, fill), "ConfigMap", "map")
    assert (found.folder, found.home, found.namespace) == ("shop", "shop", "elsewhere")


def test_our_own_object_can_be_changed_by_everything_that_cdk8s_offers(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        ours = KubeObject(
            app, "ours", api_version="v1", kind="ConfigMap", name="ours", body={"data": {"a": "b"}}
        )
        ours.metadata.add_label("team", "shop")
        ours.metadata.add_annotation("note", "yes")
        ours.add_json_patch(cdk8s.JsonPatch.add("/data/c", "d"))
        assert (ours.name, ours.kind, ours.api_version) == ("ours", "ConfigMap", "v1")

    found = one(in_app(cluster, fill), "ConfigMap", "ours").object
    assert found["metadata"]["labels"] == {"team": "shop"}
    assert found["metadata"]["annotations"] == {"note": "yes"}
    assert found["data"] == {"a": "b", "c": "d"}


def test_our_own_objects_are_found_among_all_others(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        ours = KubeObject(app, "ours", api_version="v1", kind="ConfigMap", name="ours")
        kinds = [c.kind for c in app.node.find_all() if isinstance(c, cdk8s.ApiObject)]
        assert "ConfigMap" in kinds
        assert cdk8s.ApiObject.of(ours) is ours

    in_app(cluster, fill)


def test_a_dependency_between_objects_renames_nothing(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        first = KubeObject(app, "first", api_version="v1", kind="ConfigMap", name="first")
        second = cdk8s.ApiObject(app, "second", api_version="v1", kind="ConfigMap")
        first.add_dependency(second)

    manifests = in_app(cluster, fill)
    found = {m.construct for m in manifests.of_kind("ConfigMap")}
    assert found == {"shop/first", "shop/second"}


def test_a_constructs_own_rule_that_it_breaks_is_told_with_its_line(cluster: Cluster) -> None:
    line = 0

    def fill(app: AppChart) -> None:
        nonlocal line
        line = here() + 1
        ours = KubeObject(app, "ours", api_version="v1", kind="ConfigMap", name="ours")
        ours.node.add_validation(Refusing())

    with pytest.raises(BuildError) as caught:
        in_app(cluster, fill)
    assert caught.value.problems == (f"{FILE}:{line}: the shop needs a name",)


def test_a_construct_that_keeps_its_own_rule_is_built(cluster: Cluster) -> None:
    @jsii.implements(IValidation)
    class Content:
        def validate(self) -> list[str]:
            return []

    def fill(app: AppChart) -> None:
        ours = KubeObject(app, "ours", api_version="v1", kind="ConfigMap", name="ours")
        ours.node.add_validation(Content())

    assert one(in_app(cluster, fill), "ConfigMap", "ours").construct == "shop/ours"


def test_an_object_in_no_app_is_refused_with_its_line(cluster: Cluster) -> None:
    line = 0

    def fill(platform: Platform) -> None:
        nonlocal line
        chart = cdk8s.Chart(platform, "stray")
        line = here() + 1
        cdk8s.ApiObject(chart, "map", api_version="v1", kind="ConfigMap")

    with pytest.raises(BuildError) as caught:
        build(cluster, fill)
    assert caught.value.problems == (
        f"{FILE}:{line}: stray/map lies in no AppChart, so nothing deploys it",
    )


def test_two_constructs_of_one_id_are_refused_at_the_second(cluster: Cluster) -> None:
    line = 0

    def fill(app: AppChart) -> None:
        nonlocal line
        KubeObject(app, "map", api_version="v1", kind="ConfigMap", name="map")
        line = here() + 1
        cdk8s.ApiObject(app, "map", api_version="v1", kind="ConfigMap")

    with pytest.raises(BuildError) as caught:
        in_app(cluster, fill)
    (problem,) = caught.value.problems
    assert problem.startswith(f"{FILE}:{line}: ")
    assert "already a Construct with name 'map'" in problem


def test_a_value_that_would_not_survive_is_refused_before_it_reaches_javascript(
    cluster: Cluster,
) -> None:
    def fill(app: AppChart) -> None:
        KubeObject(
            app, "map", api_version="v1", kind="ConfigMap", name="map", body={"data": {"a": 2**53}}
        )

    assert refused(cluster, fill) == [
        (
            "ConfigMap map: /data/a: 9007199254740992 is beyond 2**53 - 1 and would be rounded: "
            "write it as a string"
        )
    ]


def test_a_failure_in_an_apps_own_code_is_told_with_its_line(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        raise KeyError(app.name)

    assert refusals(lambda: in_app(cluster, fill)) == ["KeyError: 'shop'"]


def test_one_build_leaves_nothing_behind_for_the_next(cluster: Cluster) -> None:
    def fill(app: AppChart) -> None:
        KubeObject(app, "map", api_version="v1", kind="ConfigMap", name="map")

    first = in_app(cluster, fill)
    in_app(cluster, lambda app: TwoMaps(app, "maps"))
    second = in_app(cluster, fill)
    assert list(first) == list(second)
