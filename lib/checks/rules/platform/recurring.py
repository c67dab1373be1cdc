"""P03: the recurring jobs that a StorageClass of Longhorn names are there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lib.checks.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_JOB = "RecurringJob.longhorn.io"
# The group of volumes that are in no other.
_DEFAULT = "default"


def jobs_are_there(selector: Place, model: Model) -> Iterator[Problem]:
    """The problems of a ``recurringJobSelector``: a JSON text, or what a chart makes one of.

    A group without jobs is allowed, because it is how volumes are kept out of ``default``; one that
    is nearly called like a group with jobs is a mistake.
    """
    if not model.context.complete:
        return
    jobs = {each.text("spec", "name") or each.name: each for each in model.of(_JOB)}
    groups = {_DEFAULT}
    groups |= {group.text() for job in jobs.values() for group in job.each("spec", "groups")}
    for name, is_group in _named(selector.value):
        meant = did_you_mean(name, groups if is_group else jobs)
        if is_group and name not in groups and meant:
            yield selector.problem(f"no recurring job is in the group {name}{meant}")
        elif not is_group and name not in jobs:
            yield selector.problem(f"there is no RecurringJob {name}{meant}")


def _named(value: object) -> Iterator[tuple[str, bool]]:
    """The names in a selector, and whether each is a group's."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return
    for each in value if isinstance(value, list) else ():
        name = each.get("name") if isinstance(each, dict) else None
        if isinstance(name, str) and name:
            yield name, _is_true(each)


def _is_true(entry: Mapping[str, object]) -> bool:
    return str(entry.get("isGroup", "")).lower() == "true"
