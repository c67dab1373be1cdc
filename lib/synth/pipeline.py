"""From cluster files to dist/: one run of ``yagura synth``, step by step."""

from __future__ import annotations

import importlib
import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib.errors import ConfigError
from lib.synth import state as states
from lib.synth.files import heading, text_of
from lib.synth.node_files import KIND as NODE_FILE
from lib.synth.state import State, digest
from lib.synth.tree import near

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lib.config import Snapshots
    from lib.synth.build import Built
    from lib.synth.scopes import Scopes
    from lib.synth.watch import Watch


# File systems know the time only this well, in nanoseconds.
_TICK = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Synthesis:
    """The whole tree that dist/ shall hold, and where every object in it comes from.

    Attributes:
        tree: File, from the top of dist/, -> content.
        index: One entry per object (see ``lib.synth.index``) or file for the nodes.
        texts: File -> digest of the object that cdk8s rendered, to know it again next time.
        inputs: Files that were read.
        folders: Folders whose names were listed.
        uncacheable: Why the result must not be remembered.
        started: When reading began, in nanoseconds: an input that changed since then may have been
            read before it did.
        watch: What the apps saw, as it was when they did; None for one cluster's part.
        snapshots: Clusters as they were validated, to be kept with the rest; None to keep none.
    """

    tree: dict[str, bytes]
    index: list[dict[str, Any]]
    texts: dict[str, str]
    inputs: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    uncacheable: list[str] = field(default_factory=list)
    started: int = 0
    watch: Watch | None = None
    snapshots: Snapshots | None = None

    @property
    def objects(self) -> int:
        """How many Kubernetes objects there are; files for the nodes are none."""
        return sum(entry["kind"] != NODE_FILE for entry in self.index)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of the last synth; see ``Synthesis`` for ``texts`` and ``index``."""

    state: State
    texts: dict[str, str]
    index: list[dict[str, Any]]


def cluster_files(project: Path, only: str | None = None) -> list[Path]:
    """Find the cluster files, in order.

    Raises:
        ConfigError: There is none, or none of this name.
    """
    found = sorted((project / "clusters").glob("*.yaml"))
    if only is not None:
        chosen = [path for path in found if path.stem == only]
        if not chosen:
            names = ", ".join(path.stem for path in found) or "none"
            raise ConfigError(
                f"--cluster {only}: there is no clusters/{only}.yaml; there are: {names}"
            )
        return chosen
    if not found:
        raise ConfigError("there is no cluster file: see docs/add-a-cluster.md")
    return found


def synthesize(
    project: Path,
    files: Sequence[Path],
    known: Known | None,
    old: Mapping[str, bytes],
    *,
    cache: bool = False,
) -> Synthesis:
    """Build every cluster and write its files' content, in memory.

    Args:
        project: The checkout.
        files: The cluster files.
        known: The last state, whose unchanged objects need no new text; None to make all anew.
        old: What dist/ holds now.
        cache: Whether an unchanged cluster file may be taken from its snapshot.

    Raises:
        YaguraError: As the steps say; nothing has been written.
    """
    started = time.time_ns()
    starting = _Starting()
    from lib.config import Snapshots, load_cluster  # noqa: PLC0415 - while node starts beside it

    place = project / ".yagura" / "clusters"
    snapshots = Snapshots(place, states.environment(os.fspath(project))) if cache else None
    clusters = [load_cluster(Path(near(os.fspath(path))), snapshots) for path in files]
    starting.wait()
    from lib.synth.build import build_cluster, loaded_main, stop_node  # noqa: PLC0415
    from lib.synth.scopes import Scopes  # noqa: PLC0415
    from lib.synth.watch import watching  # noqa: PLC0415

    scopes = Scopes.load()
    with watching(project) as watch:
        build = loaded_main(project)
        built = [build_cluster(cluster, build) for cluster in clusters]
    stop_node()
    for each in built:
        watch.note_both(each.files)
        watch.unknowable.update(each.programs)
    watch.note_loaded()
    results = [_one(each, scopes, known, old) for each in built]
    return Synthesis(
        tree={path: text for result in results for path, text in result.tree.items()},
        index=[entry for result in results for entry in result.index],
        texts={path: text for result in results for path, text in result.texts.items()},
        inputs=[*map(Path, sorted(watch.files)), *_always(project)],
        folders=[*map(Path, sorted(watch.folders))],
        uncacheable=sorted(watch.unknowable),
        started=started,
        watch=watch,
        snapshots=snapshots,
    )


def known(project: Path) -> Known | None:
    """What is known of the last synth; None where there is nothing that can be used."""
    state = State.load(os.fspath(project))
    details = states.details(os.fspath(project), state) if state else None
    if state is None or details is None or not state.is_by_this_program(os.fspath(project)):
        return None
    return Known(state=state, texts=details["texts"], index=details["index"])


def changed_meanwhile(synthesis: Synthesis) -> bool:
    """Whether somebody changed an input while it was being read, or a moment before."""
    since = synthesis.started - _TICK
    young = (path.is_file() and path.stat().st_ctime_ns > since for path in synthesis.inputs)
    return any(young) or (synthesis.watch is not None and synthesis.watch.is_outdated())


def remember(project: Path, synthesis: Synthesis) -> None:
    """Write down what this synth read and wrote, for the next one."""
    place = os.fspath(project)
    details = json.dumps({"texts": synthesis.texts, "index": synthesis.index})
    state = State()
    state.inputs, state.listings = states.name_inputs(place, synthesis.inputs, synthesis.folders)
    state.outputs = {path: digest(content) for path, content in synthesis.tree.items()}
    state.facts = {
        "environment": states.environment(place),
        "objects": str(synthesis.objects),
        "details": digest(details.encode()),
    }
    states.replace(states.details_file(place), details)
    state.save(place)
    if synthesis.snapshots:
        synthesis.snapshots.keep()


class _Starting:
    """Starts node and loads cdk8s in the background: most of it is waiting for node."""

    def __init__(self) -> None:
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            importlib.import_module("lib.synth.build")
        except BaseException as error:  # noqa: BLE001 - raised again in wait()
            self._error = error

    def wait(self) -> None:
        self._thread.join()
        if self._error is not None:
            raise self._error


def _one(built: Built, scopes: Scopes, known: Known | None, old: Mapping[str, bytes]) -> Synthesis:
    from lib.synth import identity, index, naming, node_files, placement  # noqa: PLC0415

    scopes = scopes.with_definitions(built.manifests)
    identity.check(built.manifests, scopes)
    rendered = {
        id(manifest): text for manifest, text in zip(built.manifests, built.texts, strict=True)
    }
    tree, texts, entries = {}, {}, []
    for short, manifest in naming.paths(built.manifests, scopes).items():
        path = f"{built.cluster}/{short}"
        # The check of identities may have taken the namespace out of what cdk8s rendered.
        made = (heading(manifest.source), manifest.namespace, rendered[id(manifest)])
        name = digest("\n".join(made).encode())
        tree[path] = _reused(path, name, known, old) or text_of(manifest)
        texts[path] = name
        entries.append(index.entry(built.cluster, manifest, path))
    placement.check(built.manifests, tree)  # an Application may read no file of the nodes
    for path, file in node_files.paths(built.cluster, built.node_files).items():
        tree[path] = node_files.text_of(file)
        entries.append(node_files.entry(built.cluster, file))
    return Synthesis(tree=tree, index=entries, texts=texts)


def _reused(path: str, name: str, known: Known | None, old: Mapping[str, bytes]) -> bytes | None:
    """The text of an object that is the same as last time, where dist/ still holds it."""
    if known is None or known.texts.get(path) != name or path not in old:
        return None
    content = old[path]
    return content if known.state.outputs.get(path) == digest(content) else None


def _always(project: Path) -> list[Path]:
    return [
        *sorted((project / "clusters").glob("*.yaml")),
        *sorted((project / "lib").rglob("*.py")),
        *sorted((project / "lib" / "constructs" / "jsii").glob("*")),
        project / "main.py",
        project / "schemas" / "scopes.json",
        project / "requirements.lock",
    ]
