"""Find the Node.js that cdk8s runs in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from lib.errors import EnvironmentFault

# jsii 1.142 supports these; later even majors are accepted as they come.
OLDEST = 22


def find_node() -> str:
    """Find a fitting node: JSII_NODE, the one that the set-up chose, else the one on PATH.

    Returns:
        The path of the program.

    Raises:
        EnvironmentFault: There is none, or it is too old.
    """
    chosen = os.environ.get("JSII_NODE")
    if chosen:
        return _fitting(chosen, "JSII_NODE names it")
    set_up = os.path.join(sys.prefix, "node")  # noqa: PTH118 - before anything large is imported
    if os.path.exists(set_up):  # noqa: PTH110
        return set_up
    found = shutil.which("node")
    if found is None:
        raise EnvironmentFault(
            f"cdk8s runs in Node.js {OLDEST} or later, and none is here: run `make setup`"
        )
    return _fitting(found, "the one on PATH")


def _fitting(program: str, why: str) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 - the user's own node
            [program, "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout.strip()
        major = int(answer.removeprefix("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise EnvironmentFault(f"{program} ({why}) does not run: {error}") from error
    if major < OLDEST:
        raise EnvironmentFault(
            f"{program} ({why}) is {answer}, and cdk8s needs Node.js {OLDEST} or later: "
            "run `make setup`"
        )
    return program
