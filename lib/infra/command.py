"""``yagura infra``: the node table, the month's cost, and whether dist/ fits Terraform's plan."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from lib.config import load_cluster
from lib.errors import ConfigError
from lib.infra import (
    bill,
    carried_files,
    cluster_file,
    dist,
    first_boot,
    machines,
    remedies,
    report,
    terraform,
)
from lib.infra.said import judge

if TYPE_CHECKING:
    from pathlib import Path

    from lib.checks.document import File
    from lib.config import Cluster
    from lib.infra.machines import Machine, Planned
    from lib.infra.said import Said

OUTPUTS = {"text": report.as_text, "json": report.as_json}
DISAGREES = 2


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asks for; see ``yagura infra --help``."""

    cluster: str | None = None
    plan: Path | None = None
    output: str = "text"


def infra(project: Path, options: Options) -> int:
    """Print the report.

    Returns:
        0, or 2 for a disagreement.

    Raises:
        YaguraError: A file cannot be used, or Terraform fails.
    """
    table = bill.prices(project)
    plan, name = None, options.cluster
    if options.plan:
        of, plan = terraform.from_file(options.plan, name)
        name = name or of
    files = _cluster_files(project, name)
    if plan and len(files) > 1:
        raise ConfigError("--plan: the plan does not say of which cluster it is; add --cluster")
    reports = [
        _report(project, load_cluster(path), table, plan, str(options.plan)) for path in files
    ]
    sys.stdout.write(OUTPUTS[options.output](reports))
    sys.stdout.flush()
    return DISAGREES if any(each.verdict.disagreements for each in reports) else 0


def _cluster_files(project: Path, only: str | None) -> list[Path]:
    found = sorted((project / "clusters").glob("*.yaml"))
    chosen = [path for path in found if only is None or path.stem == only]
    if not chosen:
        names = ", ".join(path.stem for path in found) or "none"
        wanted = f"no clusters/{only}.yaml" if only else "no cluster file"
        raise ConfigError(f"there is {wanted}; there are: {names}")
    return chosen


def _report(
    project: Path, cluster: Cluster, table: bill.Prices, plan: Planned | None, plan_file: str
) -> report.Report:
    files = dist.files(project, cluster.name)
    source: str | None = plan_file
    notes = []
    if plan is None:
        source = None
        notes.append("terraform is not on PATH: its side is not compared, the cluster file's is")
        if terraform.is_there():
            plan, notes = terraform.made_now(project, cluster), []
            source = f"{terraform.MODULE}, planned now"
    statements = [
        *cluster_file.statements(cluster, f"clusters/{cluster.name}.yaml"),
        *dist.statements(files, cluster),
    ]
    if plan:
        statements = [*_of_plan(plan, files), *statements]
        notes += plan.notes
    shown = (plan.machines if plan else {}) or machines.of_cluster(cluster)
    return report.Report(
        cluster=cluster.name,
        zone=cluster.sakura.zone,
        source=source,
        machines=sorted(shown.values(), key=_servers_first),
        bill=bill.bill(cluster, table),
        verdict=judge(statements, remedies.remedy),
        notes=notes,
    )


def _servers_first(machine: Machine) -> tuple[bool, IPv4Address]:
    return machine.role != "server", IPv4Address(machine.address)


def _of_plan(plan: Planned, files: list[File]) -> list[Said]:
    statements = list(plan.statements)
    carried: dict[str, dict[str, str]] = {}
    for name, text in sorted(plan.first_boot.items()):
        machine = plan.machines[name]
        written = first_boot.files(text, name)
        statements += first_boot.statements(machine, written)
        carried[name] = first_boot.carried(machine, written)
    return statements + carried_files.statements(carried, files)
