"""Terraform's plan: read from a file, or made here, of terraform/modules/plan alone.

That module needs no provider, so no account and no network. Nothing is written outside a folder
that is gone afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml

from lib.errors import ConfigError, EnvironmentFault
from lib.infra import plan_outputs, plan_resources

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.infra.machines import Planned

MODULE = "terraform/modules/plan"
CHECKSUMS = "terraform/rke2-checksums.yaml"
TIMEOUT_SECONDS = 120

# They stand where secrets would; the plan that is made with them is thrown away.
_MADE_UP = {
    "server_token": "made-up-server-token-of-32-letters-or-more",
    "agent_token": "made-up-agent-token-of-32-letters-or-more",
    "etcd_s3_access_key": "MADEUPACCESSKEY",
    "etcd_s3_secret_key": "madeupsecretkey",
    "console_password_hash": "$6$made$up",
}


def is_there() -> bool:
    """Whether terraform is on PATH."""
    return shutil.which("terraform") is not None


def from_file(path: Path, cluster: str | None) -> tuple[str | None, Planned]:
    """Read what `terraform show -json PLANFILE` printed.

    Args:
        path: The file.
        cluster: Whose plan it has to be, if that was said.

    Returns:
        The cluster that the plan is of, where it says so, and what it holds.

    Raises:
        ConfigError: It is another file, or another cluster's.
    """
    try:
        plan = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not JSON"
        raise ConfigError(
            f"--plan {path}: {reason}; give what `terraform show -json PLANFILE` prints"
        ) from None
    name = _variable(plan, "cluster")
    if cluster is not None and name is not None and name != cluster:
        raise ConfigError(f"--plan {path}: this is a plan of {name}, not of {cluster}")
    try:
        return name, plan_resources.planned(plan)
    except (KeyError, TypeError, IndexError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"--plan {path}: no plan of terraform/ in this repository ({_missing(error)}); "
            "give what `terraform show -json PLANFILE` prints"
        ) from None


def _missing(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else type(error).__name__


def _variable(plan: Any, name: str) -> str | None:
    """The value of a variable; no others are looked at, as some are secrets."""
    try:
        value = plan["variables"][name]["value"]
    except (KeyError, TypeError):
        return None
    return value if isinstance(value, str) else None


def made_now(project: Path, cluster: Cluster) -> Planned:
    """Plan terraform/modules/plan for a cluster.

    Raises:
        EnvironmentFault: Terraform fails; its own words are given.
    """
    text = (project / "clusters" / f"{cluster.name}.yaml").read_text(encoding="utf-8")
    checksums = (project / CHECKSUMS).read_text(encoding="utf-8")
    given = {
        "cluster": yaml.load(text, Loader=yaml.CSafeLoader),
        "dist": os.fspath(project / "dist" / cluster.name),
        "rke2_sha256": yaml.load(checksums, Loader=yaml.CSafeLoader) or {},
        **_MADE_UP,
    }
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "given.tfvars.json").write_text(json.dumps(given), encoding="utf-8")
        _terraform(
            project,
            folder,
            "plan",
            *("-input=false", "-lock=false", f"-state={folder / 'none'}"),
            *(f"-var-file={folder / 'given.tfvars.json'}", f"-out={folder / 'plan'}"),
        )
        shown = _terraform(project, folder, "show", "-json", os.fspath(folder / "plan"))
    outputs = json.loads(shown)["planned_values"]["outputs"]
    values = {name: output.get("value") for name, output in outputs.items()}
    planned = plan_outputs.planned(values, MODULE)
    version = cluster.rke2.version
    if version in given["rke2_sha256"]:
        return planned
    note = f"{CHECKSUMS} has no checksum of RKE2 {version}: nodes trust the release's own list"
    return replace(planned, notes=(note,))


def _terraform(project: Path, folder: Path, command: str, *arguments: str) -> str:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("TF_")
    } | {"TF_DATA_DIR": os.fspath(folder / "data"), "CHECKPOINT_DISABLE": "1"}
    plain = [] if "-json" in arguments else ["-no-color"]
    try:
        result = subprocess.run(  # noqa: S603 - Terraform, on our own module
            ["terraform", f"-chdir={project / MODULE}", command, *plain, *arguments],  # noqa: S607
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise EnvironmentFault(
            f"terraform {command} in {MODULE} took more than {TIMEOUT_SECONDS} seconds"
        ) from None
    if result.returncode != 0:
        lines = [line.strip("│╷╵ ") for line in result.stderr.splitlines()]
        words = " ".join(line for line in lines if line)
        raise EnvironmentFault(f"terraform {command} in {MODULE} failed: {words}")
    return result.stdout
