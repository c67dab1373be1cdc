"""What a Cluster answers to the apps that ask it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from lib.config import Cluster, load_cluster
from lib.errors import BuildError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def production() -> Cluster:
    return load_cluster(ROOT / "clusters" / "production.yaml")


def test_a_host_is_one_label_below_the_domain(production: Cluster) -> None:
    assert production.host("whoami") == "whoami.festival.example"


def test_the_host_without_a_label_is_the_domain(production: Cluster) -> None:
    assert production.host() == "festival.example"


@pytest.mark.parametrize("label", ["", "a.b", "Whoami", "-a", "a-", "a_b", "a" * 64, "a\n", "*"])
def test_a_host_outside_the_wildcard_certificate_is_refused(
    production: Cluster, label: str
) -> None:
    with pytest.raises(BuildError, match="host-in-domain"):
        production.host(label)


def test_the_wildcard_certificates_secret_is_named_after_the_domain(production: Cluster) -> None:
    assert production.wildcard_secret_name == "wildcard-festival-example-tls"  # noqa: S105 - a name


def test_the_minor_version_is_two_numbers(production: Cluster) -> None:
    assert production.rke2.version == "v1.36.3+rke2r1"
    assert production.rke2.minor == (1, 36)


def test_the_kube_api_is_reached_by_its_virtual_address(production: Cluster) -> None:
    assert production.kube_api_url == "https://192.168.0.2:6443"
    assert production.supervisor_url == "https://192.168.0.2:9345"


def test_vault_is_reached_inside_the_cluster(production: Cluster) -> None:
    assert production.vault.address == "https://vault.vault.svc:8200"
    assert production.vault.mount == "kv"


def test_region_and_endpoint_follow_from_the_object_storages_site(production: Cluster) -> None:
    assert production.object_storage.region == "jp-north-1"
    assert production.object_storage.endpoint == "s3.isk01.sakurastorage.jp"


def test_groups_are_organization_and_team_as_dex_reports_them(production: Cluster) -> None:
    assert production.admin_groups == ("festival-example:infrastructure",)
    assert production.viewer_groups == (
        "festival-example:live-stream",
        "festival-example:applications",
        "festival-example:website",
    )


def test_a_team_of_two_roles_is_one_group(production: Cluster) -> None:
    assert production.groups("platform", "platform") == ("festival-example:infrastructure",)


def test_a_project_that_is_not_named_is_the_administrators_alone(production: Cluster) -> None:
    assert production.project_groups("platform") == production.admin_groups
    assert production.project_groups("live-stream") == (
        "festival-example:infrastructure",
        "festival-example:live-stream",
    )


def test_a_scale_set_serves_the_organization_or_one_repository() -> None:
    largest = load_cluster(HERE / "valid" / "largest.yaml")
    urls = {item.name: largest.github_url(item) for item in largest.runner_scale_sets}
    assert urls["festival"] == "https://github.com/festival-example"
    assert urls["festival-docker"] == "https://github.com/festival-example/website"


def test_sections_that_may_be_left_out_are_empty() -> None:
    smallest = load_cluster(HERE / "valid" / "smallest.yaml")
    assert smallest.runner_scale_sets == ()
    assert smallest.reactions is None
    assert smallest.sakura.vpn is None
    assert smallest.access.projects == {}


def test_a_cluster_cannot_be_changed(production: Cluster) -> None:
    with pytest.raises(FrozenInstanceError, match="frozen"):
        production.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError, match="cannot be changed"):
        production.github.teams["platform"] = ()  # type: ignore[index]


def test_a_cluster_can_be_hashed_and_survives_pickle(production: Cluster) -> None:
    copy = pickle.loads(pickle.dumps(production))  # noqa: S301 - our own bytes
    assert copy == production
    assert hash(copy) == hash(production)


def test_two_files_that_say_the_same_are_equal_clusters(production: Cluster) -> None:
    assert load_cluster(ROOT / "clusters" / "production.yaml") == production


def test_importing_the_package_reads_no_yaml_and_no_environment() -> None:
    program = (
        "import os, sys, builtins\n"
        "import pydantic, yaml, json, difflib, pathlib, ipaddress\n"
        "class Closed(dict):\n"
        "    def __getitem__(self, key): raise AssertionError(key)\n"
        "    get = __getitem__\n"
        "import pydantic.plugin._loader\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) "
        "if event == 'open' and str(args[0]).endswith(('.yaml', '.json')) else None)\n"
        "import lib.config\n"
        "print(opened)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
