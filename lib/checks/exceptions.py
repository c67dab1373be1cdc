"""Exceptions from rules: where they may be written, what they have to say, and when they end.

On the object itself::

    metadata:
      annotations:
        policy.yagura/exempt.W03: "the vendor has no tags; until=2027-03-31; ref=OPS-12"

or, for a rule whose finding no annotation can follow, in ``policy/exceptions.yaml``::

    exceptions:
    - id: S06
      apiVersion: v1
      kind: ConfigMap
      namespace: whoami
      name: web
      fingerprint: 3f1c...   # as the finding gives it; only where it gives one
      reason: a public test key of the vendor's manual
      until: 2027-03-31
      ref: OPS-12
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.checks.nearest import did_you_mean
from lib.checks.rule import Exempt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.place import Place, Problem
    from lib.checks.rule import Rule

# Ours, and the same for every cluster: a domain would change under it. Kubernetes asks for a DNS
# name before the slash, not for a registered one.
PREFIX = "policy.yagura/exempt."
FILE = "policy/exceptions.yaml"
SHORTEST_REASON = 15
_ANY_PREFIX = re.compile(r"(?:[a-z0-9.-]+/)?exempt\.(?=[A-Z*])|policy\.[a-z0-9.-]+/exempt\.")
_KEYS = ("id", "apiVersion", "kind", "namespace", "name", "fingerprint", "reason", "until", "ref")


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """One exception.

    Attributes:
        rule: The id as it is given.
        target: Kind, namespace and name of the object.
        place: Where it is written.
        reason, until, ref: As they are given.
        fingerprint: Of the value that it is about.
        in_file: Whether it is written in the file.
        wrong: What is wrong with it, rule id -> message; then it exempts nothing.
    """

    rule: str
    target: tuple[str, str, str]
    place: Place
    reason: str
    until: str
    ref: str
    fingerprint: str = ""
    in_file: bool = False
    wrong: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[Any, ...]:
        """What it is an exception for; compare ``keys``."""
        if self.in_file:
            return (self.rule, *self.target, self.fingerprint)
        return (self.rule, id(self.place.document))

    @property
    def problems(self) -> Iterator[tuple[str, Problem]]:
        """What is wrong with it, for findings."""
        for rule, message in self.wrong:
            yield rule, self.place.problem(message)


def keys(rule: str, problem: Problem) -> tuple[tuple[Any, ...], ...]:
    """What an exception for this problem could have as its key: by annotation, and in the file."""
    document = problem.document
    target = (document.kind, document.namespace, document.name)
    return ((rule, id(document)), (rule, *target, problem.fingerprint))


def from_annotations(
    documents: Iterable[Document], rules: Mapping[str, Rule[Any]], as_of: dt.date
) -> Iterator[Exemption]:
    """Read the exceptions that objects carry."""
    for document in documents:
        for key, place in document.root.fields("metadata", "annotations"):
            match = _ANY_PREFIX.match(key)
            if match is None:
                continue
            rule = key[match.end() :]
            words = _words(place.text())
            target = (document.kind, document.namespace, document.name)
            wrong = [*_wrong(rule, words, rules, as_of, Exempt.ANNOTATION)]
            if match[0] != PREFIX:
                wrong.append(("X01", f"{key}: did you mean {PREFIX}{rule}?"))
            yield _exemption(rule, target, place, words, wrong)


def from_file(
    document: Document, rules: Mapping[str, Rule[Any]], as_of: dt.date
) -> Iterator[Exemption]:
    """Read the exceptions of ``policy/exceptions.yaml``."""
    for place in document.each("exceptions"):
        words = {key: str(value) for key, value in place.mapping().items() if value is not None}
        rule = words.get("id", "")
        target = (words.get("kind", ""), words.get("namespace", ""), words.get("name", ""))
        wrong = [*_wrong(rule, words, rules, as_of, Exempt.FILE)]
        wrong += [("X01", f"unknown key {key!r}") for key in words if key not in _KEYS]
        if not words.get("kind") or not words.get("name"):
            wrong.append(("X01", "kind or name is missing: an exception is for one object"))
        if any("*" in part for part in target):
            wrong.append(("X02", "a wildcard: an exception is for one object, by its whole name"))
        yield _exemption(rule, target, place, words, wrong, in_file=True)


def _exemption(
    rule: str,
    target: tuple[str, str, str],
    place: Place,
    words: Mapping[str, str],
    wrong: list[tuple[str, str]],
    *,
    in_file: bool = False,
) -> Exemption:
    return Exemption(
        rule=rule,
        target=target,
        place=place,
        reason=words.get("reason", ""),
        until=words.get("until", ""),
        ref=words.get("ref", ""),
        fingerprint=words.get("fingerprint", ""),
        in_file=in_file,
        wrong=tuple(wrong),
    )


def _words(text: str) -> dict[str, str]:
    """Read ``<reason>; until=YYYY-MM-DD; ref=<issue>``."""
    reason, *rest = (part.strip() for part in text.split(";"))
    found = {"reason": reason}
    for part in rest:
        key, sign, value = part.partition("=")
        if sign and key in {"until", "ref"}:
            found[key] = value.strip()
        else:
            found["reason"] += f"; {part}"
    return found


def _wrong(
    rule: str,
    words: Mapping[str, str],
    rules: Mapping[str, Rule[Any]],
    as_of: dt.date,
    written: Exempt,
) -> Iterator[tuple[str, str]]:
    yield from _wrong_rule(rule, rules, written)
    reason = words.get("reason", "")
    if len(reason) < SHORTEST_REASON:
        yield "X01", f"the reason {reason!r} has fewer than {SHORTEST_REASON} characters"
    if not words.get("ref"):
        yield "X01", "no ref=: name the issue or the person who knows about it"
    until = words.get("until", "")
    try:
        end = dt.date.fromisoformat(until)
    except ValueError:
        yield "X01", f"until={until}: give the last day as YYYY-MM-DD"
    else:
        if end < as_of:
            yield "X03", f"the exception from {rule} ended on {until}"


def _wrong_rule(
    rule: str, rules: Mapping[str, Rule[Any]], written: Exempt
) -> Iterator[tuple[str, str]]:
    if rule not in rules:
        meant = did_you_mean(rule.upper(), rules, cutoff=0.5)
        wild = "a wildcard is no exception: name one rule" if "*" in rule or not rule else ""
        yield "X02", wild or f"there is no rule {rule!r}{meant}"
        return
    allowed = rules[rule].exempt
    if allowed is Exempt.NEVER:
        yield "X05", f"{rule} allows no exception"
    elif allowed is not written:
        right = f"in {FILE}" if allowed is Exempt.FILE else f"as the annotation {PREFIX}{rule}"
        yield "X05", f"an exception from {rule} is written {right}"
