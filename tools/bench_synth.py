"""yagura synth against plain cdk8s, with 100 and with 1,000 objects."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tools.bench_projects import REPLICAS, PlainProject, YaguraProject
from tools.bench_rows import PLAIN, Row
from tools.bench_runs import environment, expect, expect_same, plain_environment, timed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZES = (100, 1000)
NOTHING, ONE, COLD = "nothing changed", "one app changed", "cold, no cache"
TARGETS = {(NOTHING, 100): 0.06, (ONE, 100): 0.6, (COLD, 1000): 1.0}


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
        self._environment = environment()
        self._plain_environment = plain_environment(folder, node)
        self.objects = objects
        self._yagura = YaguraProject(folder / "yagura", objects)
        self._synth()
        charts = self._yagura.charts()
        self._plain = PlainProject(folder / "plain", charts)
        self._run_plain()
        ours = [manifest for chart in charts.values() for manifest in chart]
        expect(len(ours) == objects, f"{len(ours)} objects instead of {objects}")
        expect_same(ours, self._plain.objects())
        for _ in REPLICAS:  # warm byte code and caches
            self._round()

    def rounds(self, count: int, progress: Callable[[str], None]) -> list[Row]:
        """Let both take turns ``count`` times."""
        times: list[dict[str, float]] = []
        for number in range(count):
            progress(f"{self.objects} objects: round {number + 1} of {count}")
            times.append(self._round())
        self._check_cache()
        return [
            Row.of(what, self.objects, times, TARGETS.get((what, self.objects)))
            for what in (NOTHING, ONE, COLD)
        ]

    def _round(self) -> dict[str, float]:
        times = {PLAIN: self._run_plain()}
        times[NOTHING] = self._synth(says=f"up to date: {self.objects} objects")
        self._yagura.change_one_app()
        times[ONE] = self._synth(says=f"has {self.objects} objects: 1 changed")
        replicas = f"replicas: {self._yagura.replicas}\n".encode()
        deployment = self._yagura.texts()["production/app-001/deployment-web.yaml"]
        expect(replicas in deployment, "a change of an app did not reach dist/")
        times[COLD] = self._synth("--no-cache", says=f"up to date: {self.objects} objects")
        return times

    def _check_cache(self) -> None:
        """Let a run without cache confirm what the runs with it made."""
        self._synth("--check", "--no-cache")

    def _synth(self, *options: str, says: str = "") -> float:
        command = [sys.executable, str(self._yagura.script), "synth", *options]
        seconds, said = timed(command, self._yagura.folder, self._environment)
        expect(says in said, f"yagura synth {' '.join(options)} said: {said.strip()}")
        return seconds

    def _run_plain(self) -> float:
        command = [sys.executable, "main.py"]
        return timed(command, self._plain.folder, self._plain_environment)[0]
