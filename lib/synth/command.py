"""``yagura synth``: is there anything to do, do it, say what changed."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lib.errors import ConfigError, DriftError
from lib.synth import state as states
from lib.synth import writer
from lib.synth.lock import locked
from lib.synth.node_files import without_node_files
from lib.synth.tree import near, read

if TYPE_CHECKING:
    from lib.synth.pipeline import Synthesis
    from lib.synth.tree import Tree
    from lib.synth.writer import Change

# The output folder that cdk8s.yaml names: with it, `cdk8s synth` means what `yagura synth` means.
CDK8S_OUTPUT = ".yagura/cdk8s"
_SHOWN = 20
_DIFF_LINES = 200


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asks for; see ``yagura synth --help``."""

    cluster: str | None = None
    check: bool = False
    output: Path | None = None
    cache: bool = True
    allow_shrink: bool = False
    delete_unknown: bool = False
    only_objects: bool = False  # without the files for nodes, which `kubectl apply` would refuse


def synth(project: Path, options: Options) -> int:
    """Bring dist/ up to date, or with ``check`` see whether it is.

    Returns:
        0; a problem is an exception with its own code.

    Raises:
        YaguraError: Nothing has been written then.
    """
    outdir = os.environ.get("CDK8S_OUTDIR")
    plain_cdk8s = outdir is not None and Path(outdir) != Path(CDK8S_OUTPUT)
    if outdir is not None and plain_cdk8s:  # `cdk8s synth --output DIR` and `--stdout`
        options = Options(
            cluster=options.cluster, output=Path(outdir), cache=options.cache, only_objects=True
        )
    top = Path(near(os.fspath(options.output or project / "dist")))
    _refuse_dangerous(project, top)
    with locked(project / ".yagura" / "lock"):
        change, synthesis = _synthesized(project, options, top)
        if outdir is not None and not plain_cdk8s:
            writer.write(project / CDK8S_OUTPUT, {}, without_node_files(synthesis.tree))
    _report(change, synthesis, top, in_git=options.output is None)
    return 0


def _synthesized(project: Path, options: Options, top: Path) -> tuple[Change, Synthesis]:
    from lib.synth import pipeline  # noqa: PLC0415 - only when there is something to do

    progress = _progress("building")
    files = pipeline.cluster_files(project, options.cluster)
    if not options.check:
        writer.clean(top)
    old = read(top)
    use_cache = options.cache and options.output is None
    known = pipeline.known(project) if use_cache else None
    synthesis = pipeline.synthesize(project, files, known, old, cache=use_cache)
    new = without_node_files(synthesis.tree) if options.only_objects else dict(synthesis.tree)
    if options.cluster is not None:
        kept = f"{options.cluster}/"
        new.update({path: text for path, text in old.items() if not path.startswith(kept)})
    if options.check:
        return _checked(top, old, new), synthesis
    if not options.delete_unknown:
        writer.refuse_unknown(old, new, top)
    if not options.allow_shrink:
        writer.refuse_shrinking(old, new)
    progress("writing")
    change = writer.write(top, old, new)
    _remember(project, options, synthesis)
    return change, synthesis


def _remember(project: Path, options: Options, synthesis: Synthesis) -> None:
    from lib.synth import pipeline  # noqa: PLC0415 - loaded already

    if options.output is not None or options.cluster is not None:
        return
    if synthesis.uncacheable:
        states.forget(os.fspath(project))
        _say("not remembered, because an app went outside: " + "; ".join(synthesis.uncacheable))
        return
    if pipeline.changed_meanwhile(synthesis):
        states.forget(os.fspath(project))
        return
    with suppress(OSError):  # what cannot be remembered is only slower
        pipeline.remember(project, synthesis)


def _checked(top: Path, old: Tree, new: Tree) -> Change:
    """Compare, and show the difference; there is none in what is returned.

    Raises:
        DriftError: dist/ is not what the sources say.
    """
    change = writer.compare(old, new)
    if not change:
        return change
    import difflib  # noqa: PLC0415 - only when there is a difference

    lines: list[str] = []
    for path in sorted({*change.added, *change.changed, *change.removed}):
        before = old.get(path, b"").decode(errors="replace").splitlines(keepends=True)
        after = new.get(path, b"").decode(errors="replace").splitlines(keepends=True)
        name = f"{top.name}/{path}"
        lines += difflib.unified_diff(before, after, name, f"{name} (as the sources say)")
    if len(lines) > _DIFF_LINES:
        lines[_DIFF_LINES:] = [f"... {len(lines) - _DIFF_LINES} more lines\n"]
    with suppress(BrokenPipeError):  # as with `| head`; the answer stays the same
        sys.stdout.writelines(lines)
        sys.stdout.flush()
    raise DriftError(
        f"{top.name}/ differs from the sources, {_counted(change)}: run `make synth` and commit "
        f"{top.name}/"
    )


def _refuse_dangerous(project: Path, top: Path) -> None:
    """Refuse an output folder whose replacement would take more than the last output with it."""
    where = top.resolve()
    home = Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 - Path.home() raises without one
    if where in {project, *project.parents, home} or (where / ".git").exists():
        raise ConfigError(f"--output {top}: this folder would be replaced whole: name a new one")


def _report(change: Change, synthesis: Synthesis, top: Path, *, in_git: bool) -> None:
    objects = synthesis.objects
    if not change:
        _say(f"{top.name}/ is up to date: {objects} objects")
        return
    _say(f"{top.name}/ has {objects} objects: {_counted(change)}")
    marked = [
        *(("+", path) for path in change.added),
        *(("~", path) for path in change.changed),
        *(("-", path) for path in change.removed),
    ]
    for mark, path in sorted(marked, key=lambda entry: entry[1])[:_SHOWN]:
        _say(f"  {mark} {path}")
    if len(marked) > _SHOWN:
        where = f": git status {top.name}/" if in_git else ""
        _say(f"  ... and {len(marked) - _SHOWN} more{where}")


def _counted(change: Change) -> str:
    parts = [("new", change.added), ("changed", change.changed), ("removed", change.removed)]
    return ", ".join(f"{len(paths)} {word}" for word, paths in parts if paths) or "nothing"


def _say(line: str) -> None:
    """Tell people; standard output stays for what another program might read."""
    clear = "\033[K" if sys.stderr.isatty() else ""
    sys.stderr.write(f"{clear}{line}\n")


class _progress:  # noqa: N801 - used like a function
    """One line on a terminal that says what is going on; nothing at all elsewhere."""

    def __init__(self, first: str) -> None:
        self._shown = sys.stderr.isatty()
        self(first)

    def __call__(self, step: str) -> None:
        if self._shown:
            sys.stderr.write(f"\033[K{step} ...\r")
            sys.stderr.flush()
