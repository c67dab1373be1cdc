"""modules/plan: clusters of every size come out, and what is wrong is refused with its remedy."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.terraform.terraform import (
    EXAMPLE_DIST,
    MODULE,
    Case,
    applied,
    example,
    formatted,
    initialize,
    needs_terraform,
    refusals,
    terraform_test,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = needs_terraform


def test_everything_is_written_as_terraform_fmt_writes_it() -> None:
    result = formatted()
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_modules_own_tests_pass(tmp_path: Path) -> None:
    # In a copy: terraform puts its own files beside what it tests.
    root = tmp_path / "yagura"
    for folder in ("terraform", "tests/terraform/fixtures"):
        source = MODULE.parents[2] / folder
        shutil.copytree(source, root / folder, ignore=shutil.ignore_patterns(".terraform*"))
    module = root / "terraform" / "modules" / "plan"
    initialize(module)
    result = terraform_test(module)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Success!" in result.stdout


def changed(path: str, value: object) -> dict[str, Any]:
    """The example cluster file with one value replaced."""
    cluster = example()
    *parents, key = path.split(".")
    section = cluster
    for parent in parents:
        section = section[parent]
    section[key] = value
    return cluster


NFS = {"kind": "nfs", "plan": "ssd", "size_gb": 500}
LONGHORN = {"kind": "longhorn", "disk_gb": 250, "backup_bucket": "festival-example-longhorn"}
PEER = {"name": "alice", "address": "192.168.1.2", "public_key": "A" * 43 + "="}

# Path, value, what the one message about it says: the value, and what to do.
BAD_VALUES: list[tuple[str, object, tuple[str, ...]]] = [
    ("servers.count", 2, ("servers.count is 2", "Use 1, 3 or 5")),
    ("servers.count", 7, ("servers.count is 7", "Use 1, 3 or 5")),
    ("servers.count", 0, ("servers.count is 0", "Use 1, 3 or 5")),
    ("agents.count", 41, ("agents.count is 41", "Use 0 to 40")),
    ("agents.count", 2.5, ("agents.count is 2.5", "Use 0 to 40")),
    ("node_prefix", "Festival", ('node_prefix is "Festival"', "lower-case letters")),
    ("node_prefix", "f" * 41, (f'node_prefix is "{"f" * 41}"', "at most 40")),
    ("servers.os_disk_gb", 25, ("os_disk_gb is 25", "Use one of these")),
    ("rke2.version", "1.36.3", ('rke2.version is "1.36.3"', "such as v1.36.3+rke2r1")),
    ("sakura.os_archive", "debian12", ('os_archive is "debian12"', "Use ubuntu2404")),
    ("sakura.ssh_public_keys", [], ("sakura.ssh_public_keys is empty", "at least one")),
    ("network.pod_cidr", "10.42.0.1/16", ("10.42.0.1/16", "Write it like 192.168.0.0/22")),
    ("network.service_cidr", "10.43.0.0", ("service_cidr 10.43.0.0.", "Write it like")),
    ("network.node_cidr", "192.168.0.0/24", ("is 192.168.0.0/24", "from /16 to /23")),
    ("network.node_cidr", "10.16.0.0/15", ("is 10.16.0.0/15", "from /16 to /23")),
    ("network.node_cidr", "8.8.8.0/22", ("is 8.8.8.0/22", "Choose one inside 10.0.0.0/8")),
    ("network.pod_cidr", "192.168.0.0/16", ("pod_cidr 192.168.0.0/16", "Move one of them")),
    ("network.service_cidr", "10.42.128.0/17", ("10.42.128.0/17", "Move one of them")),
    ("network.interface", "eth 0", ('network.interface is "eth 0"', "such as eth0")),
    (
        "sakura.vpn",
        {"cidr": "192.168.1.0/24", "peers": [PEER]},
        ("vpn 192.168.1.0/24", "Move one of them"),
    ),
    ("public_address", "192.168.0.7", ('public_address is "192.168.0.7"', "output public_address")),
    ("public_address", "festival", ('public_address is "festival"', "output public_address")),
    ("sakura.zone", "is1d", ('sakura.zone is "is1d"', "use is1a")),
    ("sakura.internet.netmask", 29, ("netmask is 29", "use 28 (16 addresses), 27 or 26")),
    ("sakura.internet.bandwidth_mbps", 300, ("bandwidth_mbps is 300", "a multiple of 500")),
    ("sakura.vpc_router.plan", "standard", ('plan is "standard"', "has no static NAT")),
    (
        "sakura.vpc_router.addresses",
        ["192.168.0.3"],
        ("vpc_router.addresses holds 1", "Give two addresses"),
    ),
    ("sakura.load_balancer.plan", "premium", ('plan is "premium"', "use standard")),
    (
        "sakura.load_balancer.addresses",
        ["192.168.0.5"],
        ("load_balancer.addresses holds 1 for the plan highspec", "two for highspec"),
    ),
    (
        "sakura.load_balancer.virtual_address",
        "192.168.0.11",
        ("not host 3 to 10 of 192.168.0.0/22", "from 192.168.0.3 to 192.168.0.10"),
    ),
    ("storage", NFS | {"address": "192.168.9.5"}, ("not host 3 to 10 of", "192.168.0.10")),
    ("storage.kind", "ceph", ('storage.kind is "ceph"', "use longhorn")),
    ("storage", LONGHORN | {"disk_gb": 30}, ("given are 30 GB", "needs disk_gb (20, 40")),
    ("storage", LONGHORN | {"disk_plan": "tape"}, ("given are 250 GB, tape", "ssd or hdd")),
    ("storage", NFS | {"size_gb": 123}, ("is 123 GB with plan ssd", "Sakura sells ssd with 20")),
    ("storage", NFS | {"plan": "hdd", "size_gb": 20}, ("is 20 GB with plan hdd", "hdd with 100")),
    ("storage.backup_bucket", "festival-example-etcd", ("bucket is used twice", "different names")),
    ("object_storage.site", "osk01", ('object_storage.site is "osk01"', "use isk01 or tky01")),
    ("dns.provider", "route53", ('dns.provider is "route53"', "use cloudflare or sakura")),
]


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    cases = {
        f"bad-{index}": Case(cluster=changed(path, value))
        for index, (path, value, _) in enumerate(BAD_VALUES)
    }
    return refusals(tmp_path_factory.mktemp("bad-values"), cases)


@pytest.mark.parametrize("bad", BAD_VALUES, ids=lambda bad: f"{bad[0]}-{bad[1]}"[:60])
def test_a_bad_value_is_refused_with_its_remedy(
    bad: tuple[str, object, tuple[str, ...]], messages: list[str]
) -> None:
    _, _, says = bad
    fitting = [text for text in messages if all(part in text for part in says)]
    assert fitting, messages


def test_each_bad_value_breaks_one_rule(messages: list[str]) -> None:
    assert len(messages) == len(BAD_VALUES), messages


def test_a_cluster_file_without_a_needed_key_is_refused(tmp_path: Path) -> None:
    cluster = example()
    del cluster["servers"]["cores"]
    assert any(
        'attribute "servers": attribute "cores" is required' in text
        for text in refusals(tmp_path, {"it": Case(cluster=cluster)})
    )


BAD_SECRETS = [
    ("server_token", "weak", "openssl rand -hex 32"),
    ("agent_token", "weak", "openssl rand -hex 32"),
    ("agent_token", "example-server-token-of-32-letters-or-more", "could join as a server"),
    ("etcd_s3_access_key", "with blank", "control panel"),
    ("etcd_s3_secret_key", 'quo"te', "control panel"),
    ("console_password_hash", "correct-horse", "openssl passwd -6"),
]


@pytest.mark.parametrize(("name", "value", "remedy"), BAD_SECRETS)
def test_a_bad_secret_is_refused_without_being_shown(
    name: str, value: str, remedy: str, tmp_path: Path
) -> None:
    (message,) = refusals(tmp_path, {"it": Case(cluster=example(), arguments={name: value})})
    assert name in message
    assert remedy in message
    assert value not in message


def test_two_machines_with_one_address_are_refused(tmp_path: Path) -> None:
    cluster = changed("sakura.vpc_router.addresses", ["192.168.0.7", "192.168.0.8"])
    (message,) = refusals(tmp_path, {"it": Case(cluster=cluster)})
    assert "Two machines have one address: router 192.168.0.7, 192.168.0.8" in message
    assert "virtual 7" in message


def test_a_cloud_init_text_that_is_too_long_is_refused(tmp_path: Path) -> None:
    case = Case(cluster=example(), arguments={"user_data_limit": 9000})
    (message,) = refusals(tmp_path, {"it": case})
    assert "festival-rke2-server-0 (" in message
    assert "longer than 9000 bytes" in message
    assert "before Argo CD" in message


def remove_config(dist: Path) -> None:
    (dist / "nodes" / "server" / "config.yaml").unlink()


def remove_bootstrap(dist: Path) -> None:
    shutil.rmtree(dist / "bootstrap")


def repeat_a_name(dist: Path) -> None:
    shutil.copy(dist / "bootstrap" / "namespace-argocd.yaml", dist / "bootstrap" / "kube-system")


def use_a_bad_name(dist: Path) -> None:
    (dist / "bootstrap" / "name_space.yaml").touch()


def take_terraforms_name(dist: Path) -> None:
    (dist / "bootstrap" / "etcd-s3.yaml").touch()


BAD_DIST: list[tuple[Callable[[Path], None], str]] = [
    (remove_config, "nodes is not complete"),
    (remove_bootstrap, "holds no manifest"),
    (repeat_a_name, "have one base name"),
    (use_a_bad_name, "has a name that RKE2 refuses"),
    (take_terraforms_name, "is called etcd-s3.yaml"),
]


@pytest.mark.parametrize(("spoil", "says"), BAD_DIST, ids=lambda it: getattr(it, "__name__", None))
def test_an_unfit_folder_in_dist_is_refused(
    spoil: Callable[[Path], None], says: str, tmp_path: Path
) -> None:
    dist = tmp_path / "dist" / "example"
    shutil.copytree(EXAMPLE_DIST, dist)
    spoil(dist)
    (message,) = refusals(tmp_path / "run", {"it": Case(cluster=example(), dist=dist)})
    assert says in message
    assert "make synth" in message


def test_a_folder_of_another_cluster_is_refused(tmp_path: Path) -> None:
    case = Case(cluster=changed("name", "stage"), dist=EXAMPLE_DIST)
    (message,) = refusals(tmp_path, {"it": case})
    assert "The cluster file is stage's and the folder is" in message


@pytest.mark.parametrize("limit", [65535, 16384])
def test_the_example_fits_into_a_machines_user_data(limit: int, tmp_path: Path) -> None:
    case = Case(cluster=example(), arguments={"user_data_limit": limit})
    found = applied(tmp_path, {"it": case}, outputs=("cloud_init", "cloud_init_bytes"))["it"]
    for name, text in found["cloud_init"].items():
        assert 0 <= found["cloud_init_bytes"][name] - len(text.encode()) <= 2
