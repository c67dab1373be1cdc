"""What to do about a disagreement: bring up to date whoever is behind the cluster file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.infra import topics
from lib.infra.said import By

if TYPE_CHECKING:
    from lib.infra.said import Said

_PLAN_AGAIN = "the plan is older than the cluster file: make it again"
_SYNTH = "run make synth; if it stays, `yagura where` names the app that says so"
_DISK = "a disk keeps its size until it is made anew: docs/day-two.md, grow a disk"
_PUBLIC = (
    "public_address in the cluster file is not one of ours: write one of those that Terraform "
    "names there, run make synth, and plan again"
)
_FILE = "make the plan again, so that new machines get today's file"
_BOTH = "neither is what the cluster file says: run make synth, then make the plan again"
_TERRAFORM = "Terraform contradicts itself: make the plan again; if it stays, mend terraform/"


def remedy(reference: Said, other: Said, of_file: Said | None) -> str:
    """Say what to do.

    Args:
        reference: What counts.
        other: What contradicts it.
        of_file: What the cluster file says of it, if anything.
    """
    if _is_public_address(reference) and of_file and not of_file.fits(reference):
        return _PUBLIC
    match other.by:
        case By.TERRAFORM:
            return _TERRAFORM
        case By.CLUSTER_FILE:
            return _DISK if other.what.startswith(topics.DISKS) else _PLAN_AGAIN
        case By.DIST:
            return _of_dist(reference, other, of_file)


def _of_dist(reference: Said, other: Said, of_file: Said | None) -> str:
    if other.what.startswith(topics.FILE):
        return _FILE
    if of_file is None or of_file.fits(reference):
        return _SYNTH
    return _PLAN_AGAIN if of_file.fits(other) else _BOTH


def _is_public_address(reference: Said) -> bool:
    return reference.what == topics.PUBLIC_ADDRESS and "sakura_internet" in reference.where
