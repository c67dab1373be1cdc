"""Compares yagura's speed with plain cdk8s: ``python -m tools.bench``, or make bench.

Both make the same objects, as whole processes with the same Python and node, taking turns, so that
whatever else the machine does meets both. See docs/reference/speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from lib.errors import EnvironmentFault, InternalError, YaguraError
from tools.bench_projects import PROJECT, REPLICAS, Object, PlainProject, YaguraProject

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 7
SIZES = (100, 1000)
NOTHING, ONE, COLD = "nothing changed", "one app changed", "cold, no cache"
TARGETS = {(NOTHING, 100): 0.06, (ONE, 100): 0.6, (COLD, 1000): 1.0}
MISSED = 2
_TIMEOUT_SECONDS = 300
# Settings of the caller's that would make one side another program.
_OURS = ("CDK8S_", "JSII_", "NODE_", "PYTHON", "YAGURA_")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; times in seconds, medians over the rounds."""

    what: str
    objects: int
    plain: float
    yagura: float
    ratio: float
    target: float | None

    @property
    def verdict(self) -> str:
        """Whether the target is met, if there is one."""
        if self.target is None:
            return ""
        return "ok" if self.ratio <= self.target else "MISSED"


class Contest:
    """Both projects with the same objects, warmed up and compared.

    Args:
        folder: An empty folder.
        objects: How many objects to make.
        node: The node that both run in.

    Raises:
        InternalError: The two did not make the same objects.
        EnvironmentFault: A run failed.
    """

    def __init__(self, folder: Path, objects: int, node: str) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        self._environment = kept
        cache = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(folder / "cache")}
        self._plain_environment = {**kept, **cache, "JSII_NODE": node}
        self.objects = objects
        self._yagura = YaguraProject(folder / "yagura", objects)
        self._synth()
        charts = self._yagura.charts()
        self._plain = PlainProject(folder / "plain", charts)
        self._run_plain()
        ours = [manifest for chart in charts.values() for manifest in chart]
        _expect(len(ours) == objects, f"{len(ours)} objects instead of {objects}")
        same = _as_set(ours) == _as_set(self._plain.objects())
        _expect(same, "yagura and plain cdk8s made different objects")
        for _ in REPLICAS:  # warm byte code and caches
            self._round()

    def rounds(self, count: int, progress: Progress) -> list[Row]:
        """Let both take turns ``count`` times."""
        times: list[dict[str, float]] = []
        for number in range(count):
            progress(f"{self.objects} objects: round {number + 1} of {count}")
            times.append(self._round())
        self._check_cache()
        return [
            Row(
                what=what,
                objects=self.objects,
                plain=median(entry["plain"] for entry in times),
                yagura=median(entry[what] for entry in times),
                ratio=median(entry[what] / entry["plain"] for entry in times),
                target=TARGETS.get((what, self.objects)),
            )
            for what in (NOTHING, ONE, COLD)
        ]

    def _round(self) -> dict[str, float]:
        times = {"plain": self._run_plain()}
        times[NOTHING] = self._synth(says=f"up to date: {self.objects} objects")
        self._yagura.change_one_app()
        times[ONE] = self._synth(says=f"has {self.objects} objects: 1 changed")
        replicas = f"replicas: {self._yagura.replicas}\n".encode()
        deployment = self._yagura.texts()["production/app-001/deployment-web.yaml"]
        _expect(replicas in deployment, "a change of an app did not reach dist/")
        times[COLD] = self._synth("--no-cache", says=f"up to date: {self.objects} objects")
        return times

    def _check_cache(self) -> None:
        """Let a run without cache confirm what the runs with it made."""
        self._synth("--check", "--no-cache")

    def _synth(self, *options: str, says: str = "") -> float:
        command = [sys.executable, str(self._yagura.script), "synth", *options]
        seconds, said = _timed(command, self._yagura.folder, self._environment)
        _expect(says in said, f"yagura synth {' '.join(options)} said: {said.strip()}")
        return seconds

    def _run_plain(self) -> float:
        command = [sys.executable, "main.py"]
        return _timed(command, self._plain.folder, self._plain_environment)[0]


class Progress:
    """One line on a terminal that says what is going on; nothing at all elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, step: str) -> None:
        """Show ``step`` in place of the last one; an empty one clears the line."""
        if self._shown:
            sys.stderr.write(f"\r\033[K{step}")
            sys.stderr.flush()


def measure(rounds: int) -> list[Row]:
    """Run all of it in a temporary folder on the checkout's own disk.

    Raises:
        YaguraError: A run failed, or the outputs differ.
    """
    node = _node()
    place = PROJECT / ".yagura"
    place.mkdir(exist_ok=True)
    progress = Progress()
    rows: list[Row] = []
    for objects in SIZES:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as folder:
            progress(f"{objects} objects: warming up")
            rows += Contest(Path(folder), objects, node).rounds(rounds, progress)
    progress("")
    return rows


def machine() -> dict[str, str]:
    """What the times, unlike the ratios, depend on."""
    node = subprocess.run(  # noqa: S603 - the node that yagura runs
        [_node(), "--version"], capture_output=True, text=True, check=True
    )
    return {
        "cores": str(os.cpu_count()),
        "python": sys.version.partition(" ")[0],
        "node": node.stdout.strip().removeprefix("v"),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print.

    Returns:
        0; 1 if a run failed or the outputs differ; with --strict, 2 if a target is missed.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench",
        description="Compare yagura's speed with the same objects written as a plain cdk8s app.",
    )
    parser.add_argument("--rounds", type=_rounds, default=ROUNDS, help="at least 5 (default: 7)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--strict", action="store_true", help="exit 2 when a target is missed")
    options = parser.parse_args(arguments)
    try:
        rows = measure(options.rounds)
        facts = machine()
    except YaguraError as error:
        for problem in error.problems:
            sys.stderr.write(f"bench: {problem}\n")
        return 1
    shown = _as_json if options.json else _as_table
    sys.stdout.write(shown(rows, facts, options.rounds))
    missed = any(row.verdict == "MISSED" for row in rows)
    return MISSED if options.strict and missed else 0


def _node() -> str:
    """Where the node that the set-up chose really is: what yagura takes without being told."""
    node = Path(sys.prefix, "node")
    if not node.exists():
        raise EnvironmentFault("no node is set up: run `make setup`")
    return str(node.resolve())


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < 5:  # noqa: PLR2004 - a median of fewer says little
        raise argparse.ArgumentTypeError("5 at least")
    return rounds


def _as_table(rows: Sequence[Row], facts: dict[str, str], rounds: int) -> str:
    lines = [f"{'what':<16} {'objects':>7} {'plain s':>8} {'yagura s':>8} {'ratio':>6}  target"]
    for row in rows:
        target = "" if row.target is None else f"<= {row.target:<4} {row.verdict}"
        times = f"{row.plain:8.3f} {row.yagura:8.3f} {row.ratio:6.3f}"
        lines.append(f"{row.what:<16} {row.objects:>7} {times}  {target}".rstrip())
    lines.append(
        f"medians of {rounds} rounds, ratios within each round; {facts['cores']} cores, "
        f"Python {facts['python']}, node {facts['node']}"
    )
    return "\n".join(lines) + "\n"


def _as_json(rows: Sequence[Row], facts: dict[str, str], rounds: int) -> str:
    table = [
        {
            "what": row.what,
            "objects": row.objects,
            "plain_seconds": round(row.plain, 4),
            "yagura_seconds": round(row.yagura, 4),
            "ratio": round(row.ratio, 4),
            "target": row.target,
            "met": row.verdict == "ok" if row.verdict else None,
        }
        for row in rows
    ]
    return json.dumps({"machine": facts, "rounds": rounds, "rows": table}, indent=2) + "\n"


def _timed(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[float, str]:
    """Run a whole process; give its wall time and what it said."""
    start = time.perf_counter()
    try:
        done = subprocess.run(  # noqa: S603 - our own two programs
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise EnvironmentFault(f"a run took more than {_TIMEOUT_SECONDS} s") from error
    seconds = time.perf_counter() - start
    if done.returncode:
        raise EnvironmentFault(f"a run ended with {done.returncode}: {done.stdout.strip()}")
    return seconds, done.stdout


def _as_set(objects: Sequence[Object]) -> set[str]:
    """The objects without their order, which neither side promises."""
    texts = [json.dumps(manifest, sort_keys=True) for manifest in objects]
    _expect(len(set(texts)) == len(texts), "an object was made twice")
    return set(texts)


def _expect(fact: object, otherwise: str) -> None:
    if not fact:
        raise InternalError(otherwise)


if __name__ == "__main__":
    sys.exit(main())
