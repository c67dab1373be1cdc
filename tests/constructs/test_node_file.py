"""Files for the nodes: what they may hold, and that they are no Kubernetes objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lib.constructs import AppChart, AppProject, NodeFile, Platform
from lib.synth.build import Built, build_cluster
from tests.constructs.building import in_app, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.config import Cluster

CONFIG = "server/config.yaml"


def with_files(cluster: Cluster, fill: Callable[[AppChart], object], **options: Any) -> Built:
    def build(app: Platform, cluster: Cluster) -> None:
        projects = AppChart(app, "projects", cluster=cluster, namespace=None)
        AppProject(projects.root, "apps", description="Everyone's.")
        fill(AppChart(app, "shop", cluster=cluster, **options))

    return build_cluster(cluster, build)


def test_a_file_knows_its_place_its_content_and_its_python_line(cluster: Cluster) -> None:
    (file,) = with_files(
        cluster, lambda app: NodeFile(app, CONFIG, content={"cni": "canal", "tls-san": ("a", "b")})
    ).node_files
    assert file.path == "nodes/server/config.yaml"
    assert file.content == {"cni": "canal", "tls-san": ["a", "b"]}
    assert str(file.source).startswith("tests/constructs/test_node_file.py:")


def test_an_app_of_files_alone_has_no_application(cluster: Cluster) -> None:
    manifests = with_files(
        cluster, lambda app: NodeFile(app, CONFIG, content="a\n"), namespace=None
    ).manifests
    assert {m.kind for m in manifests} == {"AppProject"}


def test_files_change_nothing_about_an_app_that_has_objects_too(cluster: Cluster) -> None:
    plain = in_app(cluster, lambda _: None)
    with_one = with_files(cluster, lambda app: NodeFile(app, CONFIG, content="a\n")).manifests
    assert sorted(m.identity for m in with_one) == [m.identity for m in plain]


@pytest.mark.parametrize(
    "path",
    ["config.yaml", "servers/config.yaml", "server/", "server/a/b", "server/../x", "server/A.yaml"],
)
def test_a_path_for_no_role_or_out_of_its_folder_is_refused(cluster: Cluster, path: str) -> None:
    (problem,) = refused(cluster, lambda app: NodeFile(app, path, content="a\n"))
    assert "server/NAME or agent/NAME" in problem


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({"token": "K10abc"}, "/token"),
        ({"agent-token": "K10abc"}, "/agent-token"),
        ({"etcd-s3-secret-key": "x"}, "/etcd-s3-secret-key"),
        ({"deep": [{"password": "x"}]}, "/deep/0/password"),
    ],
)
def test_a_credential_is_refused_by_its_key(
    cluster: Cluster, content: dict[str, Any], pointer: str
) -> None:
    (problem,) = refused(cluster, lambda app: NodeFile(app, CONFIG, content=content))
    assert f"{pointer}: looks like a credential" in problem


def test_the_name_of_a_secret_is_no_credential(cluster: Cluster) -> None:
    content = {"etcd-s3-config-secret": "etcd-s3", "etcd-s3": True}
    with_files(cluster, lambda app: NodeFile(app, CONFIG, content=content))


@pytest.mark.parametrize("content", ["a: <path:kv/data/shop/x#y>\n", {"a": "<path:kv/data/x#y>"}])
def test_a_placeholder_is_refused_because_nothing_fills_it_in(
    cluster: Cluster, content: str | dict[str, Any]
) -> None:
    (problem,) = refused(cluster, lambda app: NodeFile(app, CONFIG, content=content))
    assert "nothing fills a placeholder" in problem


@pytest.mark.parametrize("content", ["", {}, "no line feed"])
def test_an_empty_file_or_an_unfinished_line_is_refused(
    cluster: Cluster, content: str | dict[str, Any]
) -> None:
    (problem,) = refused(cluster, lambda app: NodeFile(app, CONFIG, content=content))
    assert "the content is empty, or" in problem


@pytest.mark.parametrize(
    "content", ["a\x00\n", "a\u202eb\n", {"a": 2**53}, {"a": None}, {"a": 1.0}]
)
def test_a_value_that_readers_disagree_on_is_refused(
    cluster: Cluster, content: str | dict[str, Any]
) -> None:
    assert refused(cluster, lambda app: NodeFile(app, CONFIG, content=content))


@pytest.mark.parametrize("name", ["nodes", "root", "bootstrap"])
def test_no_app_takes_a_shared_folders_name(cluster: Cluster, name: str) -> None:
    def build(app: Platform, cluster: Cluster) -> None:
        AppChart(app, name, cluster=cluster, namespace=None)

    with pytest.raises(Exception, match=f"{name}: a folder of all apps"):
        build_cluster(cluster, build)
