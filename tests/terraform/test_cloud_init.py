"""Each node's cloud-init text: valid, complete, and its first boot lands where RKE2 reads."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.terraform.machine import Machine, as_rke2_reads, modes, written
from tests.terraform.terraform import (
    EXAMPLE_DIST,
    RKE2_SHA256,
    ROOT,
    SECRETS,
    Case,
    applied,
    example,
    needs_terraform,
)

pytestmark = needs_terraform

NFS = {"kind": "nfs", "plan": "ssd", "size_gb": 500}
MANIFESTS = "/var/lib/rancher/rke2/server/manifests/"
FIRST, SERVER, AGENT = (f"festival-rke2-{it}" for it in ("server-0", "server-1", "agent-0"))

CLUSTERS: dict[str, dict[str, Any]] = {
    "usual": example(),
    "nfs": example() | {"storage": NFS},
    "alone": example() | {"servers": example()["servers"] | {"count": 1}},
}
CLUSTERS["alone"] |= {"agents": example()["agents"] | {"count": 0}}
# One of each role, and what differs from it.
TEXTS = [
    ("usual", FIRST),
    ("usual", SERVER),
    ("usual", AGENT),
    ("nfs", FIRST),
    ("nfs", AGENT),
    ("alone", FIRST),
]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    cases = {key: Case(cluster=cluster) for key, cluster in CLUSTERS.items()}
    return applied(tmp_path_factory.mktemp("plan"), cases, outputs=("cloud_init", "nodes"))


@pytest.fixture
def texts(outputs: dict[str, dict[str, Any]]) -> dict[tuple[str, str], str]:
    return {(key, node): outputs[key]["cloud_init"][node] for key, node in TEXTS}


each_text = pytest.mark.parametrize("which", TEXTS, ids="-".join)
Texts = dict[tuple[str, str], str]


@pytest.mark.skipif(shutil.which("cloud-init") is None, reason="cloud-init is not on PATH")
@each_text
def test_it_is_valid_by_cloud_inits_own_schema(
    which: tuple[str, str], texts: Texts, tmp_path: Path
) -> None:
    file = tmp_path / "user-data"
    file.write_text(texts[which])
    result = subprocess.run(
        ["cloud-init", "schema", "--config-file", file], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@each_text
def test_its_shell_passes_shellcheck(which: tuple[str, str], texts: Texts, tmp_path: Path) -> None:
    files = written(texts[which])
    scripts = [path for path in files if files[path].startswith(b"#!")]
    assert "/usr/local/sbin/first-boot" in scripts
    for path in scripts:
        (tmp_path / Path(path).name).write_bytes(files[path])
    checked = [str(tmp_path / Path(path).name) for path in scripts]
    shellcheck = ROOT / ".venv" / "bin" / "shellcheck"
    result = subprocess.run([shellcheck, *checked], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@each_text
def test_every_script_arrives_as_it_is_in_git_and_is_used(
    which: tuple[str, str], texts: Texts
) -> None:
    files = written(texts[which])
    first_boot = files["/usr/local/sbin/first-boot"].decode()
    sources = ROOT / "terraform" / "cloud-init" / "scripts"
    carried = {path for path in files if path.startswith("/usr/local/lib/first-boot/")}
    for path in carried:
        assert files[path] == (sources / Path(path).name).read_bytes()
    called = {line.split()[0][2:] for line in first_boot.splitlines() if line.startswith("./")}
    assert called <= {Path(path).name for path in carried}
    # Two are needed only where there is a disk for Longhorn.
    unused = {Path(path).name for path in carried} - called
    assert unused in (set(), {"data-disk.sh", "multipath.sh"})


@each_text
def test_rke2s_files_arrive_as_they_are_in_dist(which: tuple[str, str], texts: Texts) -> None:
    files = written(texts[which])
    role = "agent" if "-agent-" in which[1] else "server"
    source = EXAMPLE_DIST / "nodes" / role
    assert files["/etc/rancher/rke2/config.yaml"] == (source / "config.yaml").read_bytes()
    assert files["/etc/sysctl.d/90-rke2.conf"] == (source / "sysctl.conf").read_bytes()
    if role == "server":
        policy = (source / "audit-policy.yaml").read_bytes()
        assert files["/etc/rancher/rke2/audit-policy.yaml"] == policy


def test_the_bootstrap_folder_arrives_whole_on_the_first_server_alone(texts: Texts) -> None:
    source = EXAMPLE_DIST / "bootstrap"
    expected = {MANIFESTS + path.name: path.read_bytes() for path in source.rglob("*.yaml")}
    assert expected
    files = written(texts["usual", FIRST])
    found = {path: text for path, text in files.items() if path.startswith(MANIFESTS)}
    found.pop(MANIFESTS + "etcd-s3.yaml")
    assert found == expected
    for other in (SERVER, AGENT):
        assert not any(path.startswith(MANIFESTS) for path in written(texts["usual", other]))


def test_the_first_server_brings_the_keys_of_etcds_snapshots(texts: Texts) -> None:
    secret = yaml.safe_load(written(texts["usual", FIRST])[MANIFESTS + "etcd-s3.yaml"])
    assert secret["type"] == "etcd.k3s.cattle.io/s3-config-secret"
    config = as_rke2_reads(written(texts["usual", FIRST]))
    assert secret["metadata"] == {
        "name": config["etcd-s3-config-secret"],
        "namespace": "kube-system",
    }
    assert secret["stringData"] == {
        "etcd-s3-endpoint": "s3.isk01.sakurastorage.jp",
        "etcd-s3-region": "jp-north-1",
        "etcd-s3-bucket": "festival-example-etcd",
        "etcd-s3-folder": "example",
        # 28 of each of the three servers.
        "etcd-s3-retention": "84",
        "etcd-s3-access-key": SECRETS["etcd_s3_access_key"],
        "etcd-s3-secret-key": SECRETS["etcd_s3_secret_key"],
    }


@each_text
def test_a_node_knows_its_name_and_address_everywhere(
    which: tuple[str, str], texts: Texts, outputs: dict[str, dict[str, Any]]
) -> None:
    key, name = which
    address = outputs[key]["nodes"][name]["address"]
    files = written(texts[which])
    config = as_rke2_reads(files)
    assert yaml.safe_load(texts[which])["hostname"] == name
    assert (config["node-name"], config["node-ip"]) == (name, address)
    ethernets = yaml.safe_load(files["/etc/netplan/60-node.yaml"])["network"]["ethernets"]
    assert ethernets["eth0"]["addresses"] == [f"{address}/22"]
    assert ethernets["eth0"]["routes"] == [{"to": "default", "via": "192.168.0.1"}]


def test_all_but_the_first_server_join_by_the_virtual_address(texts: Texts) -> None:
    for which, text in texts.items():
        config = as_rke2_reads(written(text))
        if which[1] == FIRST:
            assert "server" not in config
        else:
            assert config["server"] == "https://192.168.0.2:9345"


def test_servers_share_both_tokens_and_agents_hold_theirs_alone(texts: Texts) -> None:
    for name in (FIRST, SERVER):
        config = as_rke2_reads(written(texts["usual", name]))
        assert config["token"] == SECRETS["server_token"]
        assert config["agent-token"] == SECRETS["agent_token"]
    assert as_rke2_reads(written(texts["usual", AGENT]))["token"] == SECRETS["agent_token"]
    for name in ("server_token", "etcd_s3_access_key", "etcd_s3_secret_key"):
        assert SECRETS[name] not in texts["usual", AGENT]


@each_text
def test_a_file_that_holds_a_secret_is_roots_alone(which: tuple[str, str], texts: Texts) -> None:
    permissions = modes(texts[which])
    for path, content in written(texts[which]).items():
        if any(secret.encode() in content for secret in SECRETS.values()):
            assert permissions[path] == "0600", path


def test_a_drop_in_replaces_nothing_that_dist_says(texts: Texts) -> None:
    for which, text in texts.items():
        files = written(text)
        config = yaml.safe_load(files["/etc/rancher/rke2/config.yaml"])
        drop_in = yaml.safe_load(files["/etc/rancher/rke2/config.yaml.d/50-node.yaml"])
        assert not set(config) & set(drop_in), which


@pytest.mark.parametrize(("which", "holds"), [
    (("usual", FIRST), False),
    (("usual", SERVER), False),
    (("usual", AGENT), True),
    (("nfs", AGENT), True),
    (("alone", FIRST), True),
])  # fmt: skip
def test_who_serves_visitors_holds_the_load_balancers_address_and_hides_it(
    which: tuple[str, str], *, holds: bool, texts: Texts
) -> None:
    files = written(texts[which])
    ethernets = yaml.safe_load(files["/etc/netplan/60-node.yaml"])["network"]["ethernets"]
    assert ("lo" in ethernets) == holds
    assert ("/etc/sysctl.d/90-load-balancer.conf" in files) == holds
    if holds:
        assert ethernets["lo"]["addresses"] == ["192.168.0.7/32"]
        settings = files["/etc/sysctl.d/90-load-balancer.conf"].decode()
        assert "net.ipv4.conf.all.arp_ignore=1\nnet.ipv4.conf.all.arp_announce=2\n" in settings


def test_networkd_leaves_the_kube_apis_address_where_kube_vip_puts_it(texts: Texts) -> None:
    for which, text in texts.items():
        files = written(text)
        # netplan calls its file for networkd by the interface, which kube-vip is told as well.
        drop_in = files.get("/etc/systemd/network/10-netplan-eth0.network.d/kube-vip.conf", b"")
        settings = [line for line in drop_in.decode().splitlines() if not line.startswith("#")]
        expected = ["[Network]", "KeepConfiguration=static"] if "-server-" in which[1] else []
        assert settings == expected, which


def test_multipathd_knows_longhorns_volumes_before_there_are_any(texts: Texts) -> None:
    for which in (("usual", AGENT), ("alone", FIRST)):
        files = written(texts[which])
        assert b'devnode "^sd[a-z0-9]+"' in files["/etc/multipath/conf.d/longhorn.conf"]
        first_boot = files["/usr/local/sbin/first-boot"].decode()
        assert first_boot.index("./multipath.sh") < first_boot.index("./rke2.sh")


def test_the_cis_profiles_user_exists_on_servers(texts: Texts) -> None:
    for which, text in texts.items():
        users = yaml.safe_load(text).get("users", ["default"])
        assert users[0] == "default"
        assert ("etcd" in [user["name"] for user in users[1:]]) == ("-server-" in which[1])


@each_text
def test_the_first_boot_ends_with_rke2_running_and_can_be_repeated(
    which: tuple[str, str], texts: Texts, tmp_path: Path
) -> None:
    machine = Machine(tmp_path)
    # The pinned checksum is made up, and so is the release here; and nobody may be asked outside.
    assert RKE2_SHA256 in texts[which]
    text = texts[which].replace(RKE2_SHA256, machine.release_sha256)
    machine.receive(text.replace("https://192.168.0.2:", "https://127.0.0.1:"))
    has_disk = which in {("usual", AGENT), ("alone", FIRST)}
    if has_disk:
        machine.add_disk("vdb", "by-id/virtio-112900000002")
    result = machine.run("/usr/local/sbin/first-boot")
    assert result.returncode == 0, result.stderr
    role = "agent" if "-agent-" in which[1] else "server"
    assert machine.calls[-1] == f"systemctl enable --now --no-block rke2-{role}.service"
    hosts = (machine.root / "etc/hosts").read_text()
    assert ("192.168.0.7 dex.festival.example" in hosts) == (role == "server")
    assert ("mount " in "\n".join(machine.calls)) == has_disk
    after = machine.content()
    again = machine.run("/usr/local/sbin/first-boot")
    assert again.returncode == 0, again.stderr
    assert machine.content() == after
