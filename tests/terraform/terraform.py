"""Run the real terraform on modules/plan, in a scratch folder: no plugin, no network, no trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "terraform" / "modules" / "plan"
FIXTURES = Path(__file__).parent / "fixtures"
EXAMPLE_DIST = FIXTURES / "dist" / "example"

TERRAFORM = shutil.which("terraform")
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH")

SECRETS = {
    "server_token": "example-server-token-of-32-letters-or-more",
    "agent_token": "example-agent-token-of-32-letters-or-more",
    "etcd_s3_access_key": "EXAMPLEACCESSKEY",
    "etcd_s3_secret_key": "examplesecretkey",
    "console_password_hash": "$6$example$hash",
}
RKE2_SHA256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"


def example() -> dict[str, Any]:
    """The decoded example cluster file, to be changed at will."""
    decoded: dict[str, Any] = yaml.safe_load((FIXTURES / "clusters" / "example.yaml").read_text())
    return decoded


@dataclass(frozen=True, kw_only=True)
class Case:
    """One call of modules/plan.

    Args:
        cluster: The decoded cluster file.
        dist: Its folder in dist/; the example's, under the cluster's name, when not given.
        arguments: Other arguments of the module, beside made-up secrets.
    """

    cluster: Mapping[str, Any]
    dist: Path | None = None
    arguments: Mapping[str, Any] | None = None


def applied(
    folder: Path, cases: Mapping[str, Case], *, outputs: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    """Apply modules/plan to every case in one run, and return the named outputs of each."""
    _write(folder, cases, outputs)
    _succeed(folder, "apply", "-auto-approve", "-no-color")
    return _plans(json.loads(_succeed(folder, "output", "-json")), cases)


def planned(
    folder: Path, cases: Mapping[str, Case], *, outputs: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    """Plan every case in one run, which takes half the time, and return the same."""
    _write(folder, cases, outputs)
    _succeed(folder, "plan", "-no-color", "-out=plan")
    shown = json.loads(_succeed(folder, "show", "-json", "plan"))
    return _plans(shown["planned_values"]["outputs"], cases)


def _plans(outputs: dict[str, Any], cases: Mapping[str, Case]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = outputs["plans"]["value"]
    assert set(found) == set(cases)
    return found


def _succeed(folder: Path, *arguments: str) -> str:
    result = run(folder, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def refusals(folder: Path, cases: Mapping[str, Case]) -> list[str]:
    """Plan every case in one run, and return the texts of terraform's errors."""
    _write(folder, cases, ())
    result = run(folder, "plan", "-json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    errors = [line["diagnostic"] for line in lines if line.get("@level") == "error"]
    return [error["detail"] or error["summary"] for error in errors]


def terraform_test(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests of the module there."""
    return run(folder, "test", "-no-color")


def formatted() -> subprocess.CompletedProcess[str]:
    """Ask whether everything in terraform/ is written as `terraform fmt` would."""
    return run(ROOT / "terraform", "fmt", "-check", "-diff", "-recursive", "-no-color")


def initialize(folder: Path) -> None:
    """Let terraform find the modules that a folder uses."""
    _succeed(folder, "init", "-backend=false", "-no-color")


def _write(folder: Path, cases: Mapping[str, Case], outputs: tuple[str, ...]) -> None:
    """Write a configuration that calls modules/plan once per case."""
    folder.mkdir(parents=True, exist_ok=True)
    calls = {}
    for key, case in cases.items():
        dist = case.dist
        if dist is None:
            dist = folder / "dist" / case.cluster["name"]
            dist.parent.mkdir(exist_ok=True)
            if not dist.exists():
                dist.symlink_to(EXAMPLE_DIST)
        calls[key] = {
            "cluster": case.cluster,
            "dist": str(dist),
            "rke2_sha256": {case.cluster["rke2"]["version"]: RKE2_SHA256},
            **SECRETS,
            **(case.arguments or {}),
        }
    (folder / "cases.json").write_text(json.dumps(calls), encoding="utf-8")
    # A source that is an absolute path would be copied without what lies beside the module.
    source = os.path.relpath(MODULE, folder.resolve())
    shown = ", ".join(f"{name} = it.{name}" for name in outputs)
    module = [
        f'module "plan" {{\n  source = "{source}"',
        '  for_each = jsondecode(file("cases.json"))',
        *(f"  {name} = each.value.{name}" for name in ("cluster", "dist", "rke2_sha256", *SECRETS)),
        *(f"  {name} = try(each.value.{name}, {default})" for name, default in _DEFAULTS.items()),
        "}",
        'output "plans" {\n  sensitive = true',
        f"  value = {{ for key, it in module.plan : key => {{ {shown} }} }}\n}}",
    ]
    (folder / "main.tf").write_text("\n".join(module), encoding="utf-8")
    initialize(folder)


_DEFAULTS = {"cluster_runs": "false", "user_data_limit": "65535"}


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run terraform in a folder, with nothing of the caller's environment but what is given."""
    assert TERRAFORM is not None
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TF_CLI_CONFIG_FILE": os.devnull,
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        **more,
    }
    return subprocess.run(
        [TERRAFORM, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
