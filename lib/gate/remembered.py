"""A verdict without findings, which stands while nothing that it rests on has changed.

It is the state of a synth (docs/decisions/0003) with what the gate reads besides: dist/ as it was
judged, policy/, schemas/, Kubernetes' schemas, kubeconform, the day and the version of Kubernetes.
Findings are never remembered: they are always found anew.

Most runs that come here end here, so it imports as little as it can.
"""

from __future__ import annotations

import os
import sys

from lib.errors import EnvironmentFault
from lib.synth import state as states
from lib.synth import tree
from lib.synth.state import State, digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lib.checks.finding import Report
    from lib.synth.pipeline import Synthesis
    from lib.synth.tree import Tree

NAME = "verdict"
_KUBECONFORM = ".yagura/bin/kubeconform"
_READ = ("policy", "schemas")
# Python may have loaded the first of our modules this long before the run knew what time it was.
_STARTING = 1_000_000_000


def told_clean(project: str, *, day: str, kubernetes: str) -> bool:
    """Say so and return True if the last verdict had no findings, and would be the same."""
    state = State.load(project, NAME)
    if state is None:
        return False
    facts, asked = state.facts, _asked(project, day, kubernetes)
    if any(facts.get(name) != value for name, value in asked.items()):
        return False
    if not state.inputs_are_same(project):
        return False
    try:
        if not state.outputs_are_same(tree.read(f"{project}/dist")):
            return False
    except EnvironmentFault:  # perhaps a run is replacing it: look again under the lock
        return False
    sys.stderr.write(
        f"{facts['objects']} objects, {facts['rules']} rules ({facts['examined']} of them had "
        "something to examine): no findings; nothing has changed since they were judged\n"
    )
    return True


def forget(project: Path) -> None:
    """Let the next run judge everything."""
    states.forget(os.fspath(project), NAME)


def remember(
    project: Path,
    report: Report,
    synthesis: Synthesis,
    judged: Tree,
    *,
    started: int,
    day: str,
    kubernetes: str,
) -> None:
    """Write down a verdict, if it had no findings and all that it rests on is known.

    Args:
        project: The checkout.
        report: What was found in all clusters by all rules.
        synthesis: What dist/ was compared with.
        judged: dist/, as it was judged.
        started: When the run began, in nanoseconds.
        day: The day for which exceptions had to be valid.
        kubernetes: The version whose schemas held.
    """
    forget(project)
    if report.exit_code or report.findings or synthesis.uncacheable:
        return
    from lib.synth import pipeline  # noqa: PLC0415 - loaded already, by the synth

    if pipeline.changed_meanwhile(synthesis):
        return
    inputs = [*synthesis.inputs, *_read(project, kubernetes)]
    if _changed_since(started - _STARTING, inputs):
        return
    place = os.fspath(project)
    folders = [path for name in _READ for path in _folders(project / name)]
    state = State()
    state.inputs, state.listings = states.name_inputs(
        place, inputs, [*synthesis.folders, *folders, *(project / name for name in _READ)]
    )
    state.outputs = {path: digest(content) for path, content in judged.items()}
    state.facts = {
        **_asked(place, day, kubernetes),
        "environment": states.environment(place),
        "objects": str(report.objects),
        "rules": str(len(report.examined)),
        "examined": str(sum(number > 0 for number in report.examined.values())),
    }
    state.save(place, NAME)


def _asked(project: str, day: str, kubernetes: str) -> dict[str, str]:
    return {
        "day": digest(day.encode()),
        "kubernetes": digest(kubernetes.encode()),
        "kubeconform": digest(_kubeconform(project).encode()),
    }


def _kubeconform(project: str) -> str:
    """The program that the gate would run; empty where there is none."""
    own = f"{project}/{_KUBECONFORM}"
    if os.path.isfile(own) and os.access(own, os.X_OK):  # noqa: PTH113
        return os.path.realpath(own)
    import shutil  # noqa: PLC0415 - the checkout has its own, as a rule

    found = shutil.which("kubeconform")
    return os.path.realpath(found) if found else ""


def _read(project: Path, kubernetes: str) -> Iterator[Path]:
    """The files that the gate reads and a synth does not."""
    from pathlib import Path  # noqa: PLC0415 - loaded already, by whoever judged

    from lib.checks import exceptions, provided  # noqa: PLC0415
    from lib.checks.kubeconform import kubernetes_schemas  # noqa: PLC0415

    yield Path(_kubeconform(os.fspath(project)))
    yield from (project / exceptions.FILE, project / provided.FILE)
    prepared = kubernetes_schemas(kubernetes, project / ".yagura")
    for folder in (*(project / name for name in _READ), prepared):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_dir())


def _changed_since(moment: int, paths: list[Path]) -> bool:
    return any(path.exists() and path.stat().st_ctime_ns > moment for path in paths)
