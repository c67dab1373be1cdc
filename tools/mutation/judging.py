"""Runs one rule over the objects of an example, as the gate would; changed ones too."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lib.checks.catalogue import RULES
from lib.checks.document import Document, File
from lib.checks.engine import judge
from lib.checks.loading import load
from lib.checks.model import Model
from lib.checks.rule import By
from tools.mutation.telling import attributes_tell
from tools.mutation.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lib.checks.rule import Rule
    from tools.mutation.watching import Spot

# Any day before the end of the examples' own exceptions.
_DAY = dt.date(2026, 4, 1)
# What every rule shares reads far more than one of them asks for.
_SHARED = ("lib.checks.charts", "lib.checks.provided", "lib.checks.model")


class Crash(Exception):
    """A rule raised an exception, which none may."""


def objects(example: str) -> list[Any]:
    """The objects of an example."""
    return [document.object for document in load([_file(example)]).documents]


def _file(text: str) -> File:
    return File("example.yaml", text.encode())


class _Written(File):
    """A file that is written only for a rule that looks at the text itself."""

    def __init__(self, value: Any) -> None:
        self._value = value
        super().__init__("example.yaml", b"")

    @property
    def content(self) -> bytes:
        """The object as JSON, which is YAML too."""
        return json.dumps(self._value).encode()

    @content.setter
    def content(self, _: bytes) -> None:
        """As the class of all files does at first."""


def findings(rule: Rule[Any], given: Sequence[Any]) -> set[Spot]:
    """Where the rule has findings: the number of the object, and the pointer.

    Raises:
        Crash: The rule raised an exception.
    """
    model = _model(given)
    if rule.by is By.ENGINE:
        report = judge([model], [*RULES.values()], as_of=_DAY, catalogue=RULES)
        mine = (each for each in report.findings if each.rule == rule.id)
        return {(each.document, each.pointer) for each in mine}
    try:
        problems = [each for subject in rule.subjects(model) for each in rule.check(subject, model)]
    except Exception as error:
        raise Crash(f"{type(error).__name__}: {error}") from error
    return {(each.document.index, each.pointer) for each in problems}


def watched(rule: Rule[Any], given: Sequence[Any]) -> Watch:
    """What a rule reads while it judges these objects.

    It runs twice, and only the second run counts: by then the model has its indexes.
    """
    watch = Watch()
    with attributes_tell(watch):
        model = _model([watch.wrap(value, number) for number, value in enumerate(given)], given)
        for first in (True, False):
            watch.on = not first
            with suppress(Exception):  # what it raises is told of by ``findings``
                for subject in rule.subjects(model):
                    list(rule.check(subject, model))
            _forget_what_rules_derive(model)
    return watch


def _forget_what_rules_derive(model: Model) -> None:
    derived = model._derived  # noqa: SLF001 - to see what a rule reads for it
    for make in [each for each in derived if not each.__module__.startswith(_SHARED)]:
        del derived[make]


def _model(given: Sequence[Any], texts: Sequence[Any] | None = None) -> Model:
    """A model of objects; ``texts`` are what stands in their files."""
    files = (_Written(each) for each in texts or given)
    return Model(
        Document(file, number, value)
        for number, (file, value) in enumerate(zip(files, given, strict=True))
    )
