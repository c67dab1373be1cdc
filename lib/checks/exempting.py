"""Applies exceptions to problems: what remains, and which exceptions nothing needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks import exceptions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lib.checks.document import Document
    from lib.checks.exceptions import Exemption
    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.rule import Rule


class Exempting:
    """All exceptions of a run.

    Args:
        models: Their objects may carry exceptions.
        catalogue: All rules by id.
        as_of: The day on which exceptions have to be valid.
        file: The document of ``policy/exceptions.yaml``.
    """

    def __init__(
        self,
        models: Sequence[Model],
        catalogue: Mapping[str, Rule[Any]],
        as_of: dt.date,
        file: Document | None,
    ) -> None:
        carried = (
            exemption
            for model in models
            for exemption in exceptions.from_annotations(model.documents, catalogue, as_of)
        )
        written = exceptions.from_file(file, catalogue, as_of) if file else ()
        self.all = (*carried, *written)
        self._used: set[int] = set()
        self._by_key: dict[tuple[Any, ...], list[Exemption]] = {}
        for exemption in self.all:
            if not exemption.wrong:
                self._by_key.setdefault(exemption.key, []).append(exemption)
        self._whole = any(model.context.complete for model in models)
        self._there = {document.identity[1:] for model in models for document in model.documents}

    def remaining(self, problems: Iterable[tuple[str, Problem]]) -> Iterator[tuple[str, Problem]]:
        """The problems that no exception covers."""
        for id_, problem in problems:
            keys = exceptions.keys(id_, problem)
            covering = [each for key in keys for each in self._by_key.get(key, ())]
            self._used.update(map(id, covering))
            if not covering:
                yield id_, problem

    def problems(self, chosen: set[str]) -> Iterator[tuple[str, Problem]]:
        """What is wrong with the exceptions themselves, when ``remaining`` has been through.

        Args:
            chosen: The rules that ran: whether an exception from another one is used is not known.
        """
        for exemption in self.all:
            yield from exemption.problems
            # In a part of a cluster the object of an entry in the file may be elsewhere.
            here = self._whole or exemption.target in self._there
            judged = here and not exemption.wrong and exemption.rule in chosen
            if judged and id(exemption) not in self._used:
                message = f"nothing here breaks {exemption.rule} any more"
                yield "X04", exemption.place.problem(message)
