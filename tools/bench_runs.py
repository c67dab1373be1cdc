"""Whole processes of the benchmark: the same surroundings for both sides, and a clock."""

from __future__ import annotations

import json
import os
import subprocess
import time
from typing import TYPE_CHECKING

from lib.errors import EnvironmentFault, InternalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tools.bench_projects import Object

_TIMEOUT_SECONDS = 300
# Settings of the caller's that would make one side another program.
_OURS = ("CDK8S_", "JSII_", "NODE_", "PYTHON", "YAGURA_")


def environment() -> dict[str, str]:
    """What yagura runs in."""
    return {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}


def plain_environment(folder: Path, node: str) -> dict[str, str]:
    """What plain cdk8s runs in: the same node, and a cache that is as warm as yagura's."""
    cache = str(folder / "cache")
    return {**environment(), "JSII_RUNTIME_PACKAGE_CACHE_ROOT": cache, "JSII_NODE": node}


def timed(command: list[str], folder: Path, settings: dict[str, str]) -> tuple[float, str]:
    """Run a whole process; give its wall time and what it said.

    Raises:
        EnvironmentFault: It failed, or did not end.
    """
    start = time.perf_counter()
    try:
        done = subprocess.run(  # noqa: S603 - our own two programs
            command,
            cwd=folder,
            env=settings,
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


def expect_same(ours: Sequence[Object], theirs: Sequence[Object]) -> None:
    """See whether both sides made the same objects.

    Raises:
        InternalError: They did not.
    """
    expect(_as_set(ours) == _as_set(theirs), "yagura and plain cdk8s made different objects")


def expect(fact: object, otherwise: str) -> None:
    """Stop a benchmark that measures something else than it says.

    Raises:
        InternalError: ``fact`` is not true.
    """
    if not fact:
        raise InternalError(otherwise)


def _as_set(objects: Sequence[Object]) -> set[str]:
    """The objects without their order, which neither side promises."""
    texts = [json.dumps(manifest, sort_keys=True) for manifest in objects]
    expect(len(set(texts)) == len(texts), "an object was made twice")
    return set(texts)
