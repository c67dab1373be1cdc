"""A need: one thing that cannot be, or cannot do all of its work, before another thing is there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from lib.checks.applications import APPLICATION
from lib.checks.charts import HELM_CHART
from lib.checks.projects import PROJECT

if TYPE_CHECKING:
    from lib.checks.document import Document
    from lib.checks.place import Place


class Strength(Enum):
    """How much it is needed."""

    APPLY = "the API server refuses it until then"
    START = "it does not become ready until then"
    LATER = "it is ready without, and does part of its work only then"


class Unit(NamedTuple):
    """What is ordered: an object, or what an Application's charts make.

    Attributes:
        document: The object, or the Application.
        content: Whether it is what the charts of that Application make. A HelmChart stands for
            both, because RKE2 installs the chart as soon as the object is there.
    """

    document: Document
    content: bool = False

    def __str__(self) -> str:
        document = self.document
        return f"{document.kind} {named(document)}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Need:
    """One need.

    Attributes:
        consumer: What needs it.
        place: The field that says so.
        provider: What has to be there.
        what: What of it: ``its namespace``, ``the definition of Certificate``, ``Secret web``.
        strength: How much.
        by_hand: What somebody has to do in between, once; empty where nothing.
    """

    consumer: Unit
    place: Place
    provider: Unit
    what: str
    strength: Strength
    by_hand: str = ""


def named(document: Document) -> str:
    """The name of an object as people say it, with the namespace where that tells more."""
    name, namespace = document.name, document.namespace
    hidden = document.type in {APPLICATION, HELM_CHART, PROJECT}
    return name if hidden or not namespace else f"{namespace}/{name}"
