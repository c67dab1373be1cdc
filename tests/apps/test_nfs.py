from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from apps.longhorn import Longhorn
from apps.nfs import Nfs
from lib.config import Cluster, LonghornStorage
from lib.constructs import SCRATCH
from tests.apps.alone import cluster_of, manifests_of
from tests.apps.reading import chart_values, default_classes, one, spec

if TYPE_CHECKING:
    from constructs import Construct

    from lib.constructs import AppChart
    from lib.manifests import ManifestSet

NAME = "nfs-with-sakura-dns"


@cache
def built() -> ManifestSet:
    return manifests_of(cluster_of(NAME), Nfs)


def test_every_class_names_the_appliance_in_the_nodes_own_network() -> None:
    cluster = cluster_of(NAME)
    assert cluster.nfs_address in cluster.network.node_cidr
    classes = built().of_kind("StorageClass")
    assert len(classes) == 2
    for storage_class in classes:
        assert storage_class.object["parameters"]["server"] == str(cluster.nfs_address)
        assert storage_class.object["provisioner"] == "nfs.csi.k8s.io"
        assert "nfsvers=4" in storage_class.object["mountOptions"]


def test_one_class_is_the_default_and_keeps_its_volumes() -> None:
    (name,) = default_classes(built())
    assert one(built(), "StorageClass", name).object["reclaimPolicy"] == "Retain"


def test_a_folder_is_deleted_exactly_when_its_volume_is() -> None:
    for storage_class in built().of_kind("StorageClass"):
        parameters = storage_class.object["parameters"]
        assert parameters["onDelete"] == storage_class.object["reclaimPolicy"].lower()
    assert chart_values(built(), "csi-driver-nfs")["controller"]["defaultOnDeletePolicy"] == (
        "retain"
    )


def test_no_two_volumes_share_a_folder() -> None:
    for storage_class in built().of_kind("StorageClass"):
        assert "${pv.metadata.name}" in storage_class.object["parameters"]["subDir"]


def test_it_is_all_there_before_argo_cd() -> None:
    assert {manifest.folder for manifest in built()} == {"bootstrap"}


def test_its_namespace_admits_privileged_pods() -> None:
    labels = one(built(), "Namespace", "nfs").object["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged"
    assert spec(built(), "HelmChart", "csi-driver-nfs")["targetNamespace"] == "nfs"


@pytest.mark.parametrize("name", ["production", NAME])
def test_either_storage_has_the_class_for_what_may_be_lost(name: str) -> None:
    cluster = cluster_of(name)

    def either(scope: Construct, *, cluster: Cluster) -> AppChart:
        if isinstance(cluster.storage, LonghornStorage):
            return Longhorn(scope, cluster=cluster, storage=cluster.storage)
        return Nfs(scope, cluster=cluster)

    scratch = one(manifests_of(cluster, either), "StorageClass", SCRATCH)
    assert scratch.folder == "bootstrap"
    assert scratch.object["reclaimPolicy"] == "Delete"
