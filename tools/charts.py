"""Fetches the charts that dist/ installs: ``python -m tools.charts``, or make charts.

Every chart of dist/ is unpacked under .yagura/charts/, where a test renders it with the committed
values; the structure of its values.schema.json, where it has one, goes to schemas/charts/, where
``yagura check`` reads it without the network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from lib.errors import EnvironmentFault, InternalError, YaguraError
from tools.derive_schemas import encoded
from tools.schema_structure import structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PROJECT = Path(__file__).resolve().parent.parent
DIST = PROJECT / "dist"
UNPACKED = PROJECT / ".yagura" / "charts"
HELM = PROJECT / ".yagura" / "bin" / "helm"
SCHEMAS = PROJECT / "schemas"


@dataclass(frozen=True, order=True)
class Chart:
    """A chart that dist/ installs.

    Args:
        name: The chart's name, ``traefik``.
        version: Its exact version.
        repository: ``https://...``, or ``oci://...`` without the chart's name.
    """

    name: str
    version: str
    repository: str

    @property
    def folder(self) -> str:
        """Its folder below .yagura/charts."""
        return f"{self.name}-{self.version}"

    @property
    def schema(self) -> str:
        """Its values' schema, from schemas/."""
        return f"charts/{self.name}/{self.version}.json"


@dataclass(frozen=True)
class Installed:
    """One use of a chart: where it is installed, as what, and with which values."""

    chart: Chart
    release: str
    namespace: str
    values: Mapping[str, Any]
    where: str


def installed(manifests: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Installed]:
    """Find every chart in (file, object) pairs: HelmChart resources and Applications' sources."""
    for where, manifest in manifests:
        spec = manifest.get("spec") or {}
        if manifest.get("kind") == "HelmChart":
            repository, name = spec.get("repo", ""), spec["chart"]
            if not repository:
                repository, _, name = name.rpartition("/")
            yield Installed(
                Chart(name, spec["version"], repository),
                manifest["metadata"]["name"],
                spec["targetNamespace"],
                spec.get("values") or yaml.safe_load(spec.get("valuesContent", "")) or {},
                where,
            )
        elif manifest.get("kind") == "Application":
            for source in spec.get("sources") or [spec.get("source") or {}]:
                if "chart" in source:
                    yield _of_application(source, spec["destination"].get("namespace", ""), where)


def _of_application(source: Mapping[str, Any], namespace: str, where: str) -> Installed:
    repository = source["repoURL"]
    if "://" not in repository:
        repository = f"oci://{repository}"
    helm = source.get("helm") or {}
    return Installed(
        Chart(source["chart"], source["targetRevision"], repository),
        helm.get("releaseName", source["chart"]),
        namespace,
        helm.get("valuesObject") or yaml.safe_load(helm.get("values", "")) or {},
        where,
    )


def read(dist: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Read the objects of dist/ that may install a chart."""
    for path in sorted(dist.glob("*/*/**/*.yaml")):
        if path.name.startswith(("helmchart-", "application-")):
            manifest = yaml.load(path.read_bytes(), yaml.CSafeLoader)
            yield path.relative_to(dist.parent).as_posix(), manifest


def pull(chart: Chart, into: Path) -> None:
    """Unpack a chart into ``into``; nothing to do if it is there.

    Raises:
        EnvironmentFault: There is no helm, or the chart cannot be had.
    """
    if into.is_dir():
        return
    if not HELM.is_file():
        raise EnvironmentFault(f"{HELM} is not there: run make charts, which builds it")
    if chart.repository.startswith("oci://"):
        what = [f"{chart.repository}/{chart.name}"]
    else:
        what = ["--repo", chart.repository, chart.name]
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".pull-") as name:
        command: list[str | Path] = [
            HELM,
            "pull",
            *what,
            "--version",
            chart.version,
            "--untar",
            "--untardir",
            name,
        ]
        result = subprocess.run(  # noqa: S603 - our own helm, our own pins
            command, capture_output=True, text=True, check=False
        )
        if result.returncode:
            reason = " ".join(result.stderr.split())
            raise EnvironmentFault(f"cannot fetch {chart.folder} of {chart.repository}: {reason}")
        Path(name, chart.name).replace(into)


def take(chart: Chart, charts: Path, into: Path) -> None:
    """Copy a chart that is unpacked in ``charts`` already.

    Raises:
        EnvironmentFault: It is not there, or in another version.
    """
    source = charts / chart.name
    if not (source / "Chart.yaml").is_file():
        raise EnvironmentFault(f"{source} holds no chart")
    there = yaml.safe_load((source / "Chart.yaml").read_bytes()).get("version")
    # cert-manager's source leaves its version out; its release fills it in.
    if there and there.removeprefix("v") != chart.version.removeprefix("v"):
        raise EnvironmentFault(f"{source} is {there}, dist/ installs {chart.version}")
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(source, into)


def schemas(charts: Iterable[Chart], unpacked: Path) -> dict[str, bytes]:
    """Make the files of schemas/ that come from charts.

    Raises:
        InternalError: A chart's schema is no JSON object.
    """
    files: dict[str, bytes] = {}
    records = []
    for chart in sorted(charts):
        record = {"chart": chart.name, "version": chart.version, "repository": chart.repository}
        path = unpacked / chart.folder / "values.schema.json"
        if path.is_file():
            content = path.read_bytes()
            try:
                files[chart.schema] = encoded(structure(json.loads(content)))
            except ValueError as error:
                raise InternalError(f"{path}: {error}") from error
            record |= {"schema": chart.schema, "sha256": hashlib.sha256(content).hexdigest()}
        records.append(record)
    return files | {"charts.json": encoded({"charts": records})}


def replace(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Make the charts' part of ``folder`` hold exactly these files; give what changed."""
    before = {path.relative_to(folder).as_posix(): path for path in folder.glob("charts/*/*.json")}
    changed = [name for name in before if name not in files]
    for name in changed:
        before[name].unlink()
        if not any(before[name].parent.iterdir()):
            before[name].parent.rmdir()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(name)
    return sorted(changed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch, derive, and say what changed; returns the program's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.charts", description=__doc__)
    parser.add_argument(
        "--from",
        dest="charts",
        type=Path,
        metavar="DIR",
        help="take the unpacked charts of this folder, DIR/<chart>/, instead of the network",
    )
    given = parser.parse_args(arguments)
    try:
        charts = sorted({use.chart for use in installed(read(DIST))})
        for chart in charts:
            if given.charts:
                take(chart, given.charts, UNPACKED / chart.folder)
            else:
                pull(chart, UNPACKED / chart.folder)
        files = schemas(charts, UNPACKED)
        changed = replace(SCHEMAS, files)
    except YaguraError as error:
        sys.stderr.write("".join(f"error: {problem}\n" for problem in error.problems))
        return error.exit_code
    sys.stdout.write(
        f".yagura/charts: {len(charts)} charts; schemas/: {len(files) - 1} of them have one, "
        f"{len(changed)} changed\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
