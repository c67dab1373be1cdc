"""yagura check against a plain cdk8s synth of what it judges: dist/, and dist/ with more apps.

Only a platform without findings can be remembered, so the apps are added to the checkout's own.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

from tools.bench_platform import PlatformProject
from tools.bench_projects import PlainProject
from tools.bench_rows import PLAIN, Growth, Row
from tools.bench_runs import environment, expect, expect_same, plain_environment, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

# At least so many objects; the checkout's own platform has more than the first.
SIZES = (100, 1000, 5000)
COLD, NOTHING = "gate: cold, no cache", "gate: nothing changed"
TARGETS = {COLD: 2.5, NOTHING: 0.3}
_REMEMBERED = "nothing has changed since"
_WARM = 20


class GateContest:
    """A platform with no findings, and its objects as a plain cdk8s app.

    Args:
        folder: An empty folder.
        objects: How many objects to make, at least.
        node: The node that both run in.

    Raises:
        InternalError: The two did not make the same objects.
        EnvironmentFault: A run failed, or there are findings.
    """

    def __init__(self, folder: Path, objects: int, node: str) -> None:
        self._environment = environment()
        self._plain_environment = plain_environment(folder, node)
        self._day = dt.datetime.now(tz=dt.UTC).date().isoformat()
        self._yagura = PlatformProject(folder / "yagura", objects)
        self._run("synth")
        charts = self._yagura.charts()
        self._plain = PlainProject(folder / "plain", charts)
        self._run_plain()
        ours = [manifest for chart in charts.values() for manifest in chart]
        expect_same(ours, self._plain.objects())
        self.objects = len(ours)
        for _ in range(_WARM):  # what is as young as a run is not remembered
            if _REMEMBERED in self._run("check", "--as-of", self._day)[1]:
                break
        self._round()

    def rounds(self, count: int, progress: Callable[[str], None]) -> list[Row]:
        """Let both take turns ``count`` times."""
        times: list[dict[str, float]] = []
        for number in range(count):
            progress(f"gate, {self.objects} objects: round {number + 1} of {count}")
            times.append(self._round())
        return [Row.of(what, self.objects, times, TARGETS[what]) for what in (COLD, NOTHING)]

    def _round(self) -> dict[str, float]:
        return {
            PLAIN: self._run_plain(),
            COLD: self._check("--no-cache", says=": no findings\n"),
            NOTHING: self._check(says=_REMEMBERED),
        }

    def _check(self, *options: str, says: str) -> float:
        seconds, said = self._run("check", "--as-of", self._day, *options)
        expect(says in said, f"yagura check {' '.join(options)} said: {said.strip()}")
        return seconds

    def _run(self, *arguments: str) -> tuple[float, str]:
        command = [sys.executable, str(self._yagura.script), *arguments]
        return timed(command, self._yagura.folder, self._environment)

    def _run_plain(self) -> float:
        command = [sys.executable, "main.py"]
        return timed(command, self._plain.folder, self._plain_environment)[0]


def growth(rows: Sequence[Row]) -> Growth:
    """How the cold gate's time grows with the number of objects."""
    return Growth.of([row for row in rows if row.what == COLD])
