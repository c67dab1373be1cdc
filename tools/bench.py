"""Compares yagura's speed with plain cdk8s: ``python -m tools.bench``, or make bench.

Both make the same objects, as whole processes with the same Python and node, taking turns, so that
whatever else the machine does meets both. See docs/reference/speed.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lib.errors import EnvironmentFault, YaguraError
from tools import bench_gate, bench_synth
from tools.bench_projects import PROJECT
from tools.bench_rows import Row, as_json, as_table

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 7
MISSED = 2


class Progress:
    """One line on a terminal that says what is going on; nothing at all elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, step: str) -> None:
        """Show ``step`` in place of the last one; an empty one clears the line."""
        if self._shown:
            sys.stderr.write(f"\r\033[K{step}")
            sys.stderr.flush()


def measure(rounds: int) -> tuple[list[Row], list[Row]]:
    """Run all of it in a temporary folder on the checkout's own disk.

    Returns:
        The rows of the synthesis, and those of the gate.

    Raises:
        YaguraError: A run failed, or the outputs differ.
    """
    node = _node()
    place = PROJECT / ".yagura"
    place.mkdir(exist_ok=True)
    progress = Progress()
    synthesis: list[Row] = []
    gate: list[Row] = []
    for objects in bench_synth.SIZES:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as folder:
            progress(f"{objects} objects: warming up")
            contest = bench_synth.Contest(Path(folder), objects, node)
            synthesis += contest.rounds(rounds, progress)
    for objects in bench_gate.SIZES:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as folder:
            progress(f"gate, {objects} objects: warming up")
            gate += bench_gate.GateContest(Path(folder), objects, node).rounds(rounds, progress)
    progress("")
    return synthesis, gate


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
        synthesis, gate = measure(options.rounds)
        facts = machine()
    except YaguraError as error:
        for problem in error.problems:
            sys.stderr.write(f"bench: {problem}\n")
        return 1
    rows, growth = [*synthesis, *gate], bench_gate.growth(gate)
    shown = as_json if options.json else as_table
    sys.stdout.write(shown(rows, growth, facts, options.rounds))
    missed = "MISSED" in {growth.verdict, *(row.verdict for row in rows)}
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


if __name__ == "__main__":
    sys.exit(main())
