"""``yagura order``: the stages in which a cluster comes up, from dist/ as it is committed."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from lib.checks.document import NODES
from lib.checks.ordering.graph import circles, graph, told
from lib.checks.ordering.need import named
from lib.checks.ordering.stages import stages
from lib.gate.committed import committed
from lib.gate.policy_files import policy_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from lib.checks.model import Model
    from lib.checks.ordering.stages import Item, Stage, Wait


def order(project: Path, *, cluster: str | None, output: str) -> int:
    """Print the stages of each cluster.

    Returns:
        0; 2 where something waits for what comes later, or for itself.

    Raises:
        ConfigError: There is no such cluster, or nothing of it in dist/.
    """
    models = dict(committed(project, cluster, provided=policy_files(project).provided))
    made = {name: stages(model) for name, model in models.items()}
    problems = {name: _problems(model) for name, model in models.items()}
    if output == "json":
        clusters = [
            {"cluster": name, "stages": _as_json(models[name], made[name]), "problems": found}
            for name, found in problems.items()
        ]
        sys.stdout.write(f"{json.dumps({'clusters': clusters}, indent=2, ensure_ascii=False)}\n")
    else:
        for name, model in models.items():
            sys.stdout.write("".join(f"{line}\n" for line in _as_text(name, model, made[name])))
    sys.stdout.flush()
    for line in [line for found in problems.values() for line in found]:
        sys.stderr.write(f"yagura: {line}\n")
    return 2 if any(problems.values()) else 0


def _problems(model: Model) -> list[str]:
    found = model.derived(graph)
    late = [each.message for unit in found.needs for each in found.inversions(unit)]
    return late + [told(circle) for circle in circles(model)]


# --- as text ------------------------------------------------------------------------------------


def _as_text(cluster: str, model: Model, made: Iterable[Stage]) -> Iterator[str]:
    yield f"{cluster}, stage by stage (after: waits for it; with: works in full only with it)"
    yield ""
    yield " 0  RKE2, on the nodes"
    nodes = sorted(each.file.path.partition(f"/{NODES}/")[2] for each in model.node_files)
    yield f"      {', '.join(nodes) or 'as it was set up by other means'}"
    for number, stage in enumerate(made, 1):
        yield ""
        yield f"{number:2}  {_heading(stage)}"
        groups: dict[Any, list[Item]] = {}
        for item in stage.items:
            groups.setdefault((_kind(item), item.waits, item.later), []).append(item)
        for kind, waits, later in sorted(groups, key=lambda key: key[0]):
            yield from _lines(kind, groups[kind, waits, later], waits, later)


def _heading(stage: Stage) -> str:
    if stage.by == "RKE2":
        return "RKE2, from bootstrap/"
    return f"{stage.by}, {stage.when}" if stage.when else stage.by


def _lines(
    kind: str, items: Sequence[Item], waits: Sequence[Wait], later: Sequence[Wait]
) -> Iterator[str]:
    """Objects of one kind that wait for the same, together."""
    names = ", ".join(_name(item, kind) for item in items)
    yield f"      {kind} {names}" if kind else f"      {names}"
    yield from (f"          after {wait}" for wait in waits)
    yield from (f"          with {wait}" for wait in later)


def _kind(item: Item) -> str:
    kind = item.document.kind
    return kind if item.name.startswith(f"{kind} ") else ""


def _name(item: Item, kind: str) -> str:
    objects = f" ({item.objects} objects)" if item.objects else ""
    return f"{item.name.removeprefix(f'{kind} ')}{objects}"


# --- as JSON ------------------------------------------------------------------------------------


def _as_json(model: Model, made: Iterable[Stage]) -> list[dict[str, Any]]:
    nodes = {"stage": 0, "by": "RKE2, on the nodes", "wave": "", "items": []}
    nodes["items"] = [{"file": each.file.path} for each in model.node_files]
    return [
        nodes,
        *(
            {
                "stage": number,
                "by": stage.by,
                "wave": stage.when,
                "items": [_item(item) for item in stage.items],
            }
            for number, stage in enumerate(made, 1)
        ),
    ]


def _item(item: Item) -> dict[str, Any]:
    document = item.document
    return {
        "name": item.name,
        "kind": document.kind,
        "object": named(document),
        "file": document.file.path,
        "objects": item.objects,
        "waits_for": [{"on": wait.on, "what": [*wait.what]} for wait in item.waits],
        "complete_with": [{"on": wait.on, "what": [*wait.what]} for wait in item.later],
    }
