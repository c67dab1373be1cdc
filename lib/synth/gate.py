"""Whether dist/ is up to date already: the question that most runs end with.

Imports as little as it can, because that is most of what such a run costs.
"""

from __future__ import annotations

import sys

from lib.errors import EnvironmentFault
from lib.synth import tree
from lib.synth.state import State


def told_up_to_date(project: str) -> bool:
    """Say so and return True if nothing changed since the last synth."""
    state = State.load(project)
    if state is None or not state.inputs_are_same(project):
        return False
    try:
        if not state.outputs_are_same(tree.read(f"{project}/dist")):
            return False
    except EnvironmentFault:  # perhaps another run is replacing it: look again under the lock
        return False
    sys.stderr.write(f"dist/ is up to date: {state.facts['objects']} objects\n")
    return True
