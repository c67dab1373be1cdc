"""The command line: answer at once if nothing changed, else call one function; errors are codes."""

from __future__ import annotations

import os
import sys

from lib.errors import EnvironmentFault, YaguraError

TYPE_CHECKING = False  # not typing's: this module is imported by every run, and that one is slow
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from pathlib import Path

PROJECT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120
STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Without the program's name; ``sys.argv`` where it is None.

    Returns:
        The exit code (see ``lib.errors``).
    """
    if arguments is not None:
        return _code(arguments)
    try:
        code = _code(sys.argv[1:])
        if code == 0:
            _end()
    finally:
        _flush()
    return code


def _end() -> None:
    """End well, without taking the process apart first, which would cost a tenth of a run.

    Threads are waited for: one of them lets node clean up after itself.
    """
    if "threading" in sys.modules:  # where it was never loaded, there is no other thread
        import threading  # noqa: PLC0415

        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()
    _flush()
    os._exit(0)


def _flush() -> None:
    """Write what is left; nobody minds where whoever read it has left, as with ``| head``."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _code(given: Sequence[str]) -> int:
    try:
        return 0 if list(given) == ["synth"] and _nothing_to_do() else _run(given)
    except YaguraError as error:
        for problem in error.problems:
            _tell(problem)
        return error.exit_code
    except KeyboardInterrupt:
        _tell("stopped; dist/ is unchanged")
        return STOPPED
    except BrokenPipeError:  # as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        _tell(f"the machine is in the way: {error}")
        return EnvironmentFault.exit_code
    except Exception as error:
        if "YAGURA_TRACEBACK" in os.environ:
            raise
        _tell(
            f"a bug of yagura's: {type(error).__name__}: {error} (YAGURA_TRACEBACK=1 shows where)"
        )
        return 5


def _nothing_to_do() -> bool:
    """Answer the most frequent question before anything large is imported."""
    if "CDK8S_OUTDIR" in os.environ:
        return False
    from lib.synth.gate import told_up_to_date  # noqa: PLC0415 - only now

    return told_up_to_date(PROJECT)


def _run(given: Sequence[str]) -> int:
    import gc  # noqa: PLC0415 - a synth without change does without
    from pathlib import Path  # noqa: PLC0415

    gc.disable()  # the process is short, and looking for cycles takes a tenth of it

    from lib.arguments import parsed  # noqa: PLC0415

    options = parsed(given)
    project = Path(PROJECT)
    if options.command in {"check", "explain", "order", "secrets"}:
        return _judge(project, options)
    from lib.synth import command, index  # noqa: PLC0415 - a check without change does without

    if options.command == "where":
        return index.where(project, options.object)
    if options.command == "apps":
        return index.apps(project, options.cluster)
    if options.command == "new":
        from lib import new_app  # noqa: PLC0415

        return new_app.write(project, options.name)
    if options.command == "infra":
        return _infra(project, options)
    return command.synth(
        project,
        command.Options(
            cluster=options.cluster,
            check=options.check,
            output=options.output,
            cache=not options.no_cache,
            allow_shrink=options.allow_shrink,
            delete_unknown=options.delete_unknown,
        ),
    )


def _judge(project: Path, options: Namespace) -> int:
    if options.command == "explain":
        from lib.gate import explain  # noqa: PLC0415 - only for these commands

        return explain.explain(options.rule, whole=options.all)
    if options.command == "order":
        from lib.gate import order  # noqa: PLC0415

        return order.order(project, cluster=options.cluster, output=options.output)
    if options.command == "secrets":
        from lib.gate import secrets  # noqa: PLC0415

        return secrets.secrets(project, cluster=options.cluster, output=options.output)
    return _check(project, options)


def _check(project: Path, options: Namespace) -> int:
    import time  # noqa: PLC0415

    started = time.time_ns()
    from lib.gate import remembered  # noqa: PLC0415 - the most frequent answer comes first

    part = options.paths or options.cluster or options.rules or options.exceptions
    if not part and not options.no_cache and options.output in {"text", "github"}:
        day = options.as_of or time.strftime("%Y-%m-%d", time.gmtime())
        if remembered.told_clean(PROJECT, day=day, kubernetes=options.kubernetes):
            return 0
    from lib.gate import command  # noqa: PLC0415

    return command.check(
        project,
        command.Options(
            paths=tuple(options.paths),
            cluster=options.cluster,
            rules=options.rules,
            output=options.output,
            kubernetes=options.kubernetes,
            as_of=options.as_of,
            exceptions=options.exceptions,
            cache=not options.no_cache,
        ),
        started=started,
    )


def _infra(project: Path, options: Namespace) -> int:
    from lib.infra import command  # noqa: PLC0415 - only for this command

    return command.infra(
        project,
        command.Options(cluster=options.cluster, plan=options.plan, output=options.output),
    )


def _tell(line: str) -> None:
    sys.stderr.write(f"yagura: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
