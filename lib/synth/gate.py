"""Whether dist/ is up to date already: the question that most runs end with.

Imports as little as it can, because it is most of what such a run costs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lib.synth import state as states
from lib.synth import tree

if TYPE_CHECKING:
    from pathlib import Path


def told_up_to_date(project: Path) -> bool:
    """Say so and return True if nothing changed since the last synth."""
    state = states.load(states.state_file(project))
    if state is None or not states.inputs_are_same(state, project):
        return False
    if not states.outputs_are_same(state, tree.read(tree.near(project / "dist"))):
        return False
    sys.stderr.write(f"dist/ is up to date: {len(state['index'])} objects\n")
    return True
