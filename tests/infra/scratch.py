"""A scratch copy of the project, in which a test changes one thing, and a plan of its machines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from lib.infra.command import Options, infra

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("dist/production", "terraform/modules/plan", "terraform/cloud-init")
FILES = ("clusters/production.yaml", "terraform/prices.yaml", "terraform/rke2-checksums.yaml")


def copy(top: Path) -> Path:
    """Copy what `yagura infra` reads."""
    left_out = shutil.ignore_patterns(".terraform*", "tests")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, top / folder, ignore=left_out)
    for file in FILES:
        (top / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, top / file)
    return top


def change(file: Path, old: str, new: str) -> None:
    """Replace a text that stands in the file."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def report(
    project: Path, capsys: pytest.CaptureFixture[str], plan: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Run the command, and read its report of the one cluster."""
    file = None
    if plan is not None:
        file = project / "plan.json"
        file.write_text(json.dumps(plan))
    code = infra(project, Options(plan=file, output="json"))
    (found,) = json.loads(capsys.readouterr().out)["clusters"]
    assert code == (2 if found["disagreements"] else 0)
    assert isinstance(found, dict)
    return found


def named(found: dict[str, Any]) -> set[str]:
    """The things that are disagreed about."""
    return {each["what"] for each in found["disagreements"]}


def only(found: dict[str, Any]) -> dict[str, Any]:
    """The one disagreement."""
    (each,) = found["disagreements"]
    assert isinstance(each, dict)
    return each


SERVERS = {f"festival-rke2-server-{i}": f"192.168.0.{11 + i}" for i in range(3)}
AGENTS = {f"festival-rke2-agent-{i}": f"192.168.1.{1 + i}" for i in range(3)}
SECRET = "a-token-that-nobody-may-see-in-a-report"  # noqa: S105 - made up


def plan_file(project: Path) -> dict[str, Any]:
    """What `terraform show -json` prints of the root module, for an account with nothing in it."""
    resources = [
        *(_server("server", name, address, 4, 8) for name, address in SERVERS.items()),
        *(_server("agent", name, address, 8, 16) for name, address in AGENTS.items()),
        *(_disk("server", f"{name}-os", 40) for name in SERVERS),
        *(_disk("agent", f"{name}-os", 100) for name in AGENTS),
        *(_disk("longhorn", f"{name}-longhorn", 250) for name in AGENTS),
        # Its addresses are known only after apply.
        _resource("sakura_internet.public", netmask=28),
        _resource(
            "sakura_vpn_router.gateway",
            private_network_interface=[{"index": 1, "vip": "192.168.0.1"}],
            static_nat=[{"public_ip": "203.0.113.10", "private_ip": "192.168.0.7"}],
        ),
        _resource(
            "sakura_dsr_lb.visitors",
            vip=[
                {
                    "vip": "192.168.0.7",
                    "port": port,
                    "server": [{"ip_address": address} for address in AGENTS.values()],
                }
                for port in (80, 443)
            ],
        ),
        *(
            _resource(f"sakura_object_storage_bucket.{use}", name=f"festival-example-{use}")
            for use in ("etcd", "longhorn", "terraform")
        ),
    ]
    for each in resources:
        if each["type"] == "sakura_server" and each["name"] == "agent":
            each["values"]["user_data"] = _user_data(project, each["values"]["name"])
    return {
        "variables": {"cluster": {"value": "production"}, "server_token": {"value": SECRET}},
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": [
            {"address": each["address"], "change": {"actions": ["create"]}} for each in resources
        ],
    }


def _resource(address: str, **values: Any) -> dict[str, Any]:
    type_, name = address.partition("[")[0].split(".")
    return {"mode": "managed", "address": address, "type": type_, "name": name, "values": values}


def _server(kind: str, name: str, address: str, cores: int, memory_gb: int) -> dict[str, Any]:
    return _resource(
        f'sakura_server.{kind}["{name}"]',
        name=name,
        core=cores,
        memory=memory_gb,
        network_interface=[{"user_ip_address": address}],
    )


def _disk(kind: str, name: str, size_gb: int) -> dict[str, Any]:
    return _resource(f'sakura_disk.{kind}["{name}"]', name=name, size=size_gb)


def _user_data(project: Path, name: str) -> str:
    """An agent's first-boot text, as far as it matters here."""
    nodes = project / "dist/production/nodes/agent"
    netplan = {
        "network": {
            "ethernets": {
                "eth0": {"addresses": [f"{AGENTS[name]}/22"], "routes": [{"via": "192.168.0.1"}]},
                "lo": {"addresses": ["192.168.0.7/32"]},
            }
        }
    }
    drop_in = {"server": "https://192.168.0.2:9345", "node-name": name, "token": SECRET}
    script = "#!/bin/sh\n./network.sh\n./rke2.sh agent v1.36.3+rke2r1 release\n"
    written = {
        "/etc/netplan/60-node.yaml": yaml.safe_dump(netplan),
        "/etc/rancher/rke2/config.yaml": (nodes / "config.yaml").read_text(),
        "/etc/rancher/rke2/config.yaml.d/50-node.yaml": yaml.safe_dump(drop_in),
        "/etc/sysctl.d/90-rke2.conf": (nodes / "sysctl.conf").read_text(),
        "/usr/local/sbin/first-boot": script,
    }
    files = [{"path": path, "content": content} for path, content in written.items()]
    return "#cloud-config\n" + yaml.safe_dump({"write_files": files})
