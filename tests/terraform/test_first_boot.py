"""The scripts of terraform/cloud-init really run: what they do, what they refuse to touch."""

from __future__ import annotations

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.terraform.machine import Machine
from tests.terraform.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPTS = ROOT / "terraform" / "cloud-init" / "scripts"
NEEDED = ("mkfs.ext4", "blkid", "curl", "cmp", "sha256sum", "tar")
PATHS = "/usr/sbin:/usr/bin:/sbin:/bin"
MISSING = [name for name in NEEDED if shutil.which(name, path=PATHS) is None]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not on this machine: {', '.join(MISSING)}")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    shutil.copytree(SCRIPTS, machine.root / "scripts")
    return machine


def run(machine: Machine, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return machine.run(f"/scripts/{script}.sh", *arguments)


def probe(disk: Path, tag: str) -> str:
    command = ["blkid", "--probe", "--match-tag", tag, "--output", "value", str(disk)]
    environment = {"PATH": PATHS}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment
    ).stdout.strip()


# --- data-disk.sh ---------------------------------------------------------------------------------


def mount(machine: Machine) -> subprocess.CompletedProcess[str]:
    return run(machine, "data-disk", "/var/lib/longhorn")


def test_an_empty_disk_is_formatted_and_mounted(machine: Machine) -> None:
    disk = machine.add_disk("vdb", "by-id/virtio-112900000002")
    assert mount(machine).returncode == 0
    assert probe(disk, "LABEL") == "longhorn"
    assert f"mount {machine.root}/var/lib/longhorn" in machine.calls
    fstab = (machine.root / "etc/fstab").read_text().splitlines()
    assert fstab[-1].split()[:3] == [f"UUID={probe(disk, 'UUID')}", "/var/lib/longhorn", "ext4"]


def test_longhorns_disk_keeps_its_content(machine: Machine) -> None:
    disk = machine.add_disk("vdb", "by-id/virtio-112900000002")
    assert mount(machine).returncode == 0
    before = disk.read_bytes()
    # The server was created anew, the disk was not.
    (machine.root / "etc/fstab").write_text("")
    assert mount(machine).returncode == 0
    assert disk.read_bytes() == before
    assert probe(disk, "UUID") in (machine.root / "etc/fstab").read_text()


def test_the_os_disk_is_never_touched(machine: Machine) -> None:
    machine.add_disk("vdb", "by-id/virtio-112900000002")
    assert mount(machine).returncode == 0
    assert not any(machine.os_disk.read_bytes())


def test_a_disk_without_a_serial_number_is_found_by_its_path(machine: Machine) -> None:
    names = ("by-path/pci-0000:00:06.0", "by-path/virtio-pci-0000:00:06.0")
    disk = machine.add_disk("vdb", *names)
    assert mount(machine).returncode == 0
    assert probe(disk, "LABEL") == "longhorn"


def test_a_disk_with_another_file_system_is_refused(machine: Machine) -> None:
    disk = machine.add_disk("vdb", "by-id/virtio-112900000002")
    subprocess.run(["mkfs.ext4", "-q", "-L", "other", disk], check=True, env={"PATH": PATHS})
    before = disk.read_bytes()
    result = mount(machine)
    assert result.returncode == 1
    assert "holds something that is not Longhorn's" in result.stderr
    assert disk.read_bytes() == before


def test_a_disk_with_unknown_content_is_refused(machine: Machine) -> None:
    disk = machine.add_disk("vdb", "by-id/virtio-112900000002")
    with disk.open("r+b") as file:
        file.seek(4096)
        file.write(b"something of somebody's")
    before = disk.read_bytes()
    result = mount(machine)
    assert result.returncode == 1
    assert "is not empty" in result.stderr
    assert disk.read_bytes() == before


def test_two_blank_disks_are_refused(machine: Machine) -> None:
    machine.add_disk("vdb", "by-id/virtio-112900000002")
    machine.add_disk("vdc", "by-id/virtio-112900000003")
    result = mount(machine)
    assert result.returncode == 1
    assert "two disks without partitions" in result.stderr


def test_a_missing_disk_is_named(machine: Machine) -> None:
    result = mount(machine)
    assert result.returncode == 1
    assert "attach the node's data disk" in result.stderr


# --- rke2.sh --------------------------------------------------------------------------------------


def installed(machine: Machine) -> bool:
    return (machine.root / "usr/local/bin/rke2").exists()


def test_the_pinned_release_is_installed_and_started(machine: Machine) -> None:
    result = run(machine, "rke2", "agent", machine.version, machine.release_sha256)
    assert result.returncode == 0, result.stderr
    assert installed(machine)
    assert machine.calls[-1] == "systemctl enable --now --no-block rke2-agent.service"


def test_a_release_with_another_checksum_is_not_installed(machine: Machine) -> None:
    result = run(machine, "rke2", "server", machine.version, "0" * 64)
    assert result.returncode == 1
    assert "is not the file that was pinned; nothing was installed" in result.stderr
    assert not installed(machine)
    assert not machine.calls


def test_without_a_pin_the_releases_own_list_decides(machine: Machine) -> None:
    assert run(machine, "rke2", "server", machine.version, "release").returncode == 0
    assert installed(machine)


def test_a_file_that_differs_from_the_releases_list_is_not_installed(machine: Machine) -> None:
    (machine.releases / machine.version / "rke2.linux-amd64.tar.gz").write_bytes(b"another")
    assert run(machine, "rke2", "server", machine.version, "release").returncode == 1
    assert not installed(machine)


def test_what_is_installed_is_not_downloaded_again(machine: Machine) -> None:
    assert run(machine, "rke2", "server", machine.version, machine.release_sha256).returncode == 0
    shutil.rmtree(machine.releases)
    assert run(machine, "rke2", "server", machine.version, machine.release_sha256).returncode == 0


def test_another_version_replaces_what_is_installed(machine: Machine) -> None:
    assert run(machine, "rke2", "server", machine.version, machine.release_sha256).returncode == 0
    newer = machine.release("v1.36.30+rke2r1")
    assert run(machine, "rke2", "server", "v1.36.30+rke2r1", newer).returncode == 0
    assert "v1.36.30+rke2r1" in (machine.root / "usr/local/bin/rke2").read_text()


# --- alone.sh, hosts.sh, multipath.sh, network.sh, packages.sh ------------------------------------


@pytest.fixture
def answering() -> Iterator[str]:
    class Pong(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pong)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_second_cluster_is_not_founded(machine: Machine, answering: str) -> None:
    result = run(machine, "alone", answering)
    assert result.returncode == 1
    assert "cluster_runs = true" in result.stderr


def test_the_founder_itself_may_boot_again(machine: Machine, answering: str) -> None:
    (machine.root / "var/lib/rancher/rke2/server/db/etcd").mkdir(parents=True)
    assert run(machine, "alone", answering).returncode == 0


def test_a_cluster_is_founded_where_nobody_answers(machine: Machine) -> None:
    # Port 9 of loopback is the discard service's, which nobody runs any more.
    assert run(machine, "alone", "http://127.0.0.1:9").returncode == 0


def test_a_host_is_added_once(machine: Machine) -> None:
    for _ in range(2):
        assert run(machine, "hosts", "192.168.0.7", "dex.festival.example").returncode == 0
    lines = (machine.root / "etc/hosts").read_text().splitlines()
    assert lines == ["127.0.0.1 localhost", "192.168.0.7 dex.festival.example"]


def test_the_arp_settings_hold_before_the_addresses_come_up(machine: Machine) -> None:
    assert run(machine, "network").returncode == 0
    assert machine.calls == [
        "sysctl --quiet --system",
        "systemctl restart systemd-networkd.service",
        "netplan apply",
    ]
    assert not (machine.root / "etc/netplan/50-cloud-init.yaml").exists()


def test_a_multipathd_that_runs_is_told_of_longhorns_volumes(machine: Machine) -> None:
    assert run(machine, "multipath").returncode == 0
    assert machine.calls == [
        "systemctl is-active --quiet multipathd.service",
        "systemctl restart multipathd.service",
    ]


def test_a_machine_without_multipathd_is_left_alone(machine: Machine) -> None:
    machine.stop("multipathd.service")
    assert run(machine, "multipath").returncode == 0
    assert machine.calls == ["systemctl is-active --quiet multipathd.service"]


def test_packages_are_installed_without_what_they_only_recommend(machine: Machine) -> None:
    assert run(machine, "packages", "open-iscsi", "nfs-common").returncode == 0
    update, install = machine.calls
    assert update.endswith("update")
    assert install.endswith("install --yes --no-install-recommends open-iscsi nfs-common")
