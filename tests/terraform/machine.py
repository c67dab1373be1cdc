"""A node in a scratch folder: cloud-init's files land in it, and its first-boot script really runs.

What would change this computer is replaced by programs that only say how they were called; all the
rest (mkfs.ext4, blkid, curl, tar, sha256sum) is the real thing.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import subprocess
import tarfile
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

DISK_BYTES = 8 * 1024 * 1024
_CALLS = ("apt-get", "mount", "netplan", "sleep", "sysctl", "systemctl")


def written(text: str) -> dict[str, bytes]:
    """The files of a cloud-init text, by path, as cloud-init decodes them."""
    return {
        file["path"]: gzip.decompress(base64.b64decode(file["content"]))
        if file.get("encoding") == "gz+b64"
        else file["content"].encode()
        for file in yaml.safe_load(text)["write_files"]
    }


def modes(text: str) -> dict[str, str]:
    """The permissions of a cloud-init text's files; cloud-init's default is 0644."""
    files = yaml.safe_load(text)["write_files"]
    return {file["path"]: file.get("permissions", "0644") for file in files}


def as_rke2_reads(files: dict[str, bytes]) -> dict[str, Any]:
    """RKE2's configuration: config.yaml, then its drop-ins, whose ``key+`` adds to a list."""
    drop_ins = sorted(path for path in files if path.startswith("/etc/rancher/rke2/config.yaml.d/"))
    merged: dict[str, Any] = {}
    for path in ("/etc/rancher/rke2/config.yaml", *drop_ins):
        for key, value in yaml.safe_load(files[path]).items():
            if key.endswith("+"):
                merged[key[:-1]] = [*merged.get(key[:-1], []), *value]
            else:
                merged[key] = value
    return merged


class Machine:
    """A scratch root with an OS disk, a data disk, and a release of RKE2 to install.

    Args:
        folder: Where it lies; removed by whoever made it.
        version: The RKE2 version that its release folder offers.
    """

    def __init__(self, folder: Path, version: str = "v1.36.3+rke2r1") -> None:
        self.root = folder / "root"
        self.version = version
        self.releases = folder / "releases"
        self._programs = folder / "bin"
        self._log = folder / "calls"
        self._log.touch()
        for path in ("etc/netplan", "dev/disk/by-id", "dev/disk/by-path"):
            (self.root / path).mkdir(parents=True)
        (self.root / "etc/netplan/50-cloud-init.yaml").write_text("network: {version: 2}\n")
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n")
        (self.root / "etc/fstab").write_text("LABEL=cloudimg-rootfs / ext4 defaults 0 1\n")
        self._write_programs()
        self.os_disk = self.add_disk("vda", "by-id/virtio-112900000001", partitions=1)
        self.release_sha256 = self.release(version)

    def _write_programs(self) -> None:
        self._programs.mkdir()
        for name in _CALLS:
            self._program(name, f'echo "{name} $*" >>{self._log}\n')
        mounted = f'grep -qxF "mount $2" {self._log}\n'
        self._program("mountpoint", mounted)

    def _program(self, name: str, text: str) -> None:
        path = self._programs / name
        path.write_text(f"#!/bin/sh\n{text}")
        path.chmod(0o755)

    def stop(self, service: str) -> None:
        """Let systemctl say that a service does not run."""
        text = f'echo "systemctl $*" >>{self._log}\n[ "$*" != "is-active --quiet {service}" ]\n'
        self._program("systemctl", text)

    def add_disk(self, device: str, *links: str, partitions: int = 0) -> Path:
        """Attach a blank disk under lasting names such as ``by-id/virtio-1129...``."""
        disk = self.root / "dev" / device
        disk.write_bytes(bytes(DISK_BYTES))
        for link in links:
            name = self.root / "dev/disk" / link
            name.symlink_to(disk)
            for number in range(1, partitions + 1):
                (name.parent / f"{name.name}-part{number}").symlink_to(disk)
        return disk

    def release(self, version: str) -> str:
        """Offer a release of RKE2 for download, and return its tarball's SHA-256."""
        program = f'#!/bin/sh\necho "rke2 version {version} (0123abc)"\n'.encode()
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tarball:
            for path, content, mode in (
                ("bin/rke2", program, 0o755),
                ("lib/systemd/system/rke2-server.service", b"[Unit]\n", 0o644),
                ("lib/systemd/system/rke2-agent.service", b"[Unit]\n", 0o644),
            ):
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode = len(content), mode
                tarball.addfile(entry, io.BytesIO(content))
        folder = self.releases / version
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rke2.linux-amd64.tar.gz").write_bytes(packed.getvalue())
        digest = hashlib.sha256(packed.getvalue()).hexdigest()
        others = f"{'1' * 64}  rke2-images.linux-amd64.tar.gz\n"
        (folder / "sha256sum-amd64.txt").write_text(f"{others}{digest}  rke2.linux-amd64.tar.gz\n")
        return digest

    def receive(self, text: str) -> None:
        """Write a cloud-init text's files, as cloud-init does before it runs anything."""
        permissions = modes(text)
        for path, content in written(text).items():
            target = self.root / path.removeprefix("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(int(permissions[path], 8))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the machine, given by its path in the scratch root."""
        environment = {
            "PATH": f"{self._programs}:/usr/sbin:/usr/bin:/sbin:/bin",
            "ROOT": str(self.root),
            "RKE2_RELEASES": f"file://{self.releases}",
            "LC_ALL": "C",
        }
        return subprocess.run(
            [str(self.root / command[0].removeprefix("/")), *command[1:]],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )

    @property
    def calls(self) -> list[str]:
        """How the replaced programs were called so far."""
        return self._log.read_text().splitlines()

    def content(self) -> dict[str, bytes]:
        """Every file of the scratch root, with what it holds."""
        return {
            os.path.relpath(path, self.root): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }
