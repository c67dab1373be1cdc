"""Reads the text of a cluster file as plain data, and keeps the line of every value.

It takes the small part of YAML that every reader understands alike, Terraform's too: no anchors,
tags, merge keys or second documents, and no word that YAML 1.1 and 1.2 read differently.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import yaml

from lib.config.problems import KeyPath, Problem
from lib.config.scalars import plain_value
from lib.config.secrets import secret_kind, secret_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 16
_ABSENT = object()


@dataclass(frozen=True, kw_only=True)
class Document:
    """A cluster file as plain data.

    Args:
        data: What the file says: dicts, lists, texts, whole numbers and truth values.
        lines: Line of each path that is in the file.
        problems: What is wrong with the file as YAML.
        unread: Paths whose values are left out, because a problem says so already.
    """

    data: object
    lines: dict[KeyPath, int]
    problems: tuple[Problem, ...]
    unread: frozenset[KeyPath]


def read_document(text: str) -> Document:
    """Read YAML text.

    Returns:
        The data as far as it could be read, with its problems; no data where there is no YAML.
    """
    reader = _Reader()
    try:
        reader.read(text)
    except yaml.YAMLError as error:
        reader.problems.append(_syntax_problem(error))
        reader.data = None
    return Document(
        data=reader.data,
        lines=reader.lines,
        problems=tuple(reader.problems),
        unread=frozenset(reader.unread),
    )


def _syntax_problem(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reasons = (str(getattr(error, name, None) or "") for name in ("context", "problem"))
    return Problem(
        rule="yaml-syntax",
        what="this is not YAML: " + (", ".join(filter(None, reasons)) or "it cannot be read"),
        line=mark.line + 1 if mark is not None else 1,
        use="check indentation, quotation marks and brackets here and on the line above",
    )


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return int(mark.line) + 1 if mark else 1


@dataclass
class _Reader:
    """Builds the data out of libyaml's events, one level at a time."""

    data: object = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[KeyPath] = field(default_factory=set)

    def read(self, text: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=loader))
        first = 0
        for event in self._events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            if event.version or event.tags:
                self._forbid(event, (), "directive", "%", "remove the line")
            if first:
                what = f"a second document begins here, after the one on line {first}"
                self._tell(event, Problem(rule="multiple-documents", what=what, use="keep one"))
                return
            first = _line(event)
            self.data = self._value(next(self._events), ())
            self.data = None if self.data is _ABSENT else self.data

    def _tell(self, event: yaml.Event, problem: Problem) -> None:
        self.problems.append(replace(problem, line=_line(event)))

    def _forbid(
        self, event: yaml.Event, path: KeyPath, rule: str, given: str, use: str = "write it out"
    ) -> None:
        what = f"has a YAML {rule.replace('-', ' ')}, which readers do not take alike"
        self._tell(event, Problem(rule=rule, path=path, what=what, given=given, use=use))

    def _value(self, event: yaml.Event, path: KeyPath) -> object:
        """Return the value that begins with an event; _ABSENT where it cannot be used."""
        self.lines.setdefault(path, _line(event))
        value = self._read_value(event, path)
        if value is _ABSENT:
            self.unread.add(path)
        return value

    def _read_value(self, event: yaml.Event, path: KeyPath) -> object:
        if isinstance(event, yaml.AliasEvent):
            self._forbid(event, path, "alias", f"*{event.anchor}")
            return _ABSENT
        self._check_node(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= _DEEPEST:
            what = f"is nested deeper than {_DEEPEST} levels"
            self._tell(event, Problem(rule="nested-too-deep", path=path[:1], what=what))
            self.unread.add(path[:1])
            self._skip(event)
            return _ABSENT
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _check_node(self, event: yaml.Event, path: KeyPath) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self._forbid(event, path, "anchor", f"&{anchor}")
        if tag:
            self._forbid(
                event, path, "tag", str(tag).replace("tag:yaml.org,2002:", "!!"), "remove it"
            )

    def _scalar(self, event: yaml.ScalarEvent, path: KeyPath) -> object:
        word = str(event.value)
        if event.style in ("", None):
            return self._plain(event, path, word)
        return self._without_secret(event, path, word)

    def _plain(self, event: yaml.ScalarEvent, path: KeyPath, word: str) -> object:
        try:
            value = plain_value(word)
        except ValueError as reason:
            use = "write true or false, or quote it" if word.isalpha() else f'quote it: "{word}"'
            problem = Problem(
                rule="ambiguous-scalar", path=path, what=str(reason), given=word, use=use
            )
            if not word:
                use = "give one, or remove the key"
                problem = Problem(rule="empty-value", path=path, what="has no value", use=use)
            self._tell(event, problem)
            return _ABSENT
        return self._without_secret(event, path, value) if isinstance(value, str) else value

    def _without_secret(self, event: yaml.ScalarEvent, path: KeyPath, value: str) -> object:
        keys = [part for part in path if isinstance(part, str)]
        kind = secret_kind(value, key=keys[-1] if keys else "")
        if kind is None:
            return value
        what = f"looks like {kind}, and this file goes into git"
        given = f"{value[:4]!r} and {max(len(value) - 4, 0)} characters more"
        use = "keep it in Vault, and revoke this one if it was ever pushed"
        self._tell(event, Problem(rule="secret-value", path=path, what=what, given=given, use=use))
        return _ABSENT

    def _sequence(self, path: KeyPath) -> object:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            value = self._value(event, (*path, len(items)))
            items.append(None if value is _ABSENT else value)
        return items

    def _mapping(self, path: KeyPath) -> object:
        result: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key is None:
                self._skip(next(self._events))
                continue
            inner = (*path, key)
            if inner in self.lines:
                what = f"stands here and on line {self.lines[inner]}"
                problem = Problem(
                    rule="duplicate-key", path=inner, what=what, given=key, use="keep one of them"
                )
                self._tell(event, problem)
                self._skip(next(self._events))
                continue
            self.lines[inner] = _line(event)
            value = self._value(next(self._events), inner)
            if value is not _ABSENT:
                result[key] = value
        return result

    def _key(self, event: yaml.Event, path: KeyPath) -> str | None:
        """Return a mapping's key, or None where its pair has to be left out."""
        what = "a key has to be text"
        if not isinstance(event, yaml.ScalarEvent):
            self._tell(event, Problem(rule="key-not-text", path=path, what=what))
            self._skip(event)
            return None
        key = str(event.value)
        inner = (*path, key)
        if key == "<<":
            self._forbid(event, path, "merge-key", "<<")
            self.unread.add(path)
            return None
        self._check_node(event, inner)
        if event.style in ("", None) and not self._is_text(key):
            use = f'quote it: "{key}"'
            self._tell(event, Problem(rule="key-not-text", path=inner, what=what, use=use))
            return None
        if secret_name(key):
            what = "is named like a secret, and this file goes into git"
            use = "keep it in Vault"
            self._tell(event, Problem(rule="secret-value", path=inner, what=what, use=use))
            return None
        return key

    @staticmethod
    def _is_text(word: str) -> bool:
        try:
            return bool(word) and isinstance(plain_value(word), str)
        except ValueError:
            return False

    def _skip(self, event: yaml.Event) -> None:
        """Pass over the value that begins with an event."""
        depth = 0
        while True:
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if not depth:
                return
            event = next(self._events)
