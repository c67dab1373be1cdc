"""Lets jsii use the node that runs already, and makes it bear what it would break on.

jsii offers no way to do so, so this replaces four of its functions; nothing else of yagura depends
on how jsii talks to node.

Source: ``jsii._kernel.providers.process`` of the pinned jsii.
"""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import Any

from lib.nodejs.process import Package, start, started


def adopt() -> None:
    """Change jsii, which this loads, before it starts a node of its own."""
    from jsii._kernel.providers import process  # noqa: PLC0415 - node starts before jsii is loaded

    module: Any = process
    _refuse_nan(module)
    _take_over(module)
    _expect_loaded(module)
    _bear_an_ended_node(module)


def _refuse_nan(module: Any) -> None:
    """Refuse NaN and infinity: jsii writes them as no JSON parser reads them, which ends node."""
    module.json = SimpleNamespace(loads=json.loads, dumps=partial(json.dumps, allow_nan=False))


def _take_over(module: Any) -> None:
    """Where jsii would start a process, give it ours."""
    known = {**vars(subprocess), "Popen": lambda *_, **__: start().hand_over()}
    module.subprocess = SimpleNamespace(**known)
    # It would lay a program of two megabytes into a temporary folder; ours runs another.
    module._NodeProcess._jsii_runtime = lambda _: ""  # noqa: SLF001


def _expect_loaded(module: Any) -> None:
    """Where jsii asks for what node was told to load already, read the answer that is waiting."""
    load = module.ProcessProvider.load

    def loaded(provider: Any, request: Any) -> Any:
        process, node = provider._process, started()  # noqa: SLF001
        wanted = Package(request.name, request.version, request.tarball)
        # Where somebody has imported cdk8s before us, jsii asks a node of its own.
        while node is not None and node.process is process._process and node.ahead:  # noqa: SLF001
            package, answer = node.ahead.pop(0), process._next_message()  # noqa: SLF001
            if package == wanted and "error" in answer:
                raise RuntimeError(answer["error"])
            if package == wanted:
                return module.LoadResponse(**answer["ok"])
        return load(provider, request)

    module.ProcessProvider.load = loaded


def _bear_an_ended_node(module: Any) -> None:
    """As Python ends, jsii says farewell to node, with a traceback when node is gone."""
    stop = module._NodeProcess.stop  # noqa: SLF001

    def stopped(process: object) -> None:
        with suppress(OSError, AttributeError):
            stop(process)

    module._NodeProcess.stop = stopped  # noqa: SLF001
