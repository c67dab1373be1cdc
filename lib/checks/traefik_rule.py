"""The language of Traefik's rules: which requests a route takes, read as Traefik itself reads it.

A rule is made of matchers, ``&&``, ``||``, ``!`` and parentheses; what a matcher takes is a text in
backticks or double quotes. A rule that Traefik cannot read is a route that is not there.

Source: pkg/rules/parser.go and pkg/muxer of traefik/traefik; vulcand/predicate, which reads Go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z][A-Za-z0-9]*)|(?P<sign>&&|\|\||[!(),])"
    r'|(?P<raw>`[^`]*`)|(?P<quoted>"(?:[^"\\\n]|\\.)*"))'
)
_ESCAPE = re.compile(r'\\(?:(?P<plain>[\\"])|(?P<named>[nrt])|x(?P<hex>[0-9a-fA-F]{2})|(?P<bad>.))')
_NAMED = {"n": "\n", "r": "\r", "t": "\t"}
# Parentheses within each other, and alternatives of one rule: beyond what anyone writes.
_DEEPEST = 40
_MOST_ALTERNATIVES = 256

# Matcher -> how many texts it takes; none given: any number from one on.
HTTP: Mapping[str, tuple[int, ...]] = {
    "ClientIP": (1,),
    "Method": (1,),
    "Host": (1,),
    "HostRegexp": (1,),
    "Path": (1,),
    "PathRegexp": (1,),
    "PathPrefix": (1,),
    "Header": (2,),
    "HeaderRegexp": (2,),
    "Query": (1, 2),
    "QueryRegexp": (1, 2),
}
TCP: Mapping[str, tuple[int, ...]] = dict.fromkeys(
    ("ALPN", "ClientIP", "HostSNI", "HostSNIRegexp"), (1,)
)
# The syntax of Traefik 2, which a route may still ask for.
HTTP_V2: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("ClientIP", "Host", "HostHeader", "HostRegexp", "Method", "Path"), ()),
    **dict.fromkeys(("PathPrefix", "Query"), ()),
    **dict.fromkeys(("Headers", "HeadersRegexp"), (2,)),
}
TCP_V2: Mapping[str, tuple[int, ...]] = dict.fromkeys(TCP, ())


class UnreadableRuleError(ValueError):
    """Traefik could not read the rule; the message says what is wrong with it."""


class Matcher(NamedTuple):
    """One matcher: ``Host(`a.example`)``, or ``!Host(`a.example`)``.

    Attributes:
        name: As Traefik writes it, whatever the case in the rule.
        values: What it takes.
        negated: Whether it must not match.
    """

    name: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule, as the alternatives of which one has to match.

    Attributes:
        alternatives: Each a set of matchers that all have to match.
    """

    alternatives: frozenset[frozenset[Matcher]]

    @property
    def matchers(self) -> frozenset[Matcher]:
        """All matchers, of whatever alternative."""
        return frozenset(each for alternative in self.alternatives for each in alternative)


def parse(text: str, matchers: Mapping[str, tuple[int, ...]] = HTTP) -> Rule:
    """Read a rule.

    Args:
        text: The rule.
        matchers: The matchers that there are: ``HTTP``, ``TCP``, ``HTTP_V2``, ``TCP_V2``.

    Raises:
        UnreadableRuleError: Traefik could not read it, or it goes beyond all measure.
    """
    parser = _Parser(_tokens(text), matchers)
    alternatives = parser.either(negated=False, depth=0)
    parser.end()
    return Rule(alternatives)


class _Token(NamedTuple):
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    tokens, end = [], 0
    text = text.rstrip()
    if not text:
        raise UnreadableRuleError("it is empty")
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            raise UnreadableRuleError(f"it cannot be read from {text[end:].strip()[:20]!r} on")
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match[kind]))
        end = match.end()
    return tokens


_Alternatives = frozenset[frozenset[Matcher]]


class _Parser:
    """Reads ``a && b || !c`` from the loosest sign to the tightest; ``!`` goes down to matchers."""

    def __init__(self, tokens: list[_Token], matchers: Mapping[str, tuple[int, ...]]) -> None:
        self._tokens = tokens
        self._next = 0
        self._matchers = matchers
        self._names = {
            form: name
            for name in matchers
            for form in (name, name.lower(), name.upper(), name.capitalize())
        }

    def end(self) -> None:
        if self._next < len(self._tokens):
            raise UnreadableRuleError(f"{self._tokens[self._next].text!r} is one too many")

    def either(self, *, negated: bool, depth: int) -> _Alternatives:
        found = [self._both(negated=negated, depth=depth)]
        while self._took("||"):
            found.append(self._both(negated=negated, depth=depth))
        return _joined(found, any_of=not negated)

    def _both(self, *, negated: bool, depth: int) -> _Alternatives:
        found = [self._one(negated=negated, depth=depth)]
        while self._took("&&"):
            found.append(self._one(negated=negated, depth=depth))
        return _joined(found, any_of=negated)

    def _one(self, *, negated: bool, depth: int) -> _Alternatives:
        while self._took("!"):
            negated = not negated
        if depth > _DEEPEST:
            raise UnreadableRuleError(f"it has parentheses {_DEEPEST} deep")
        if self._took("("):
            inner = self.either(negated=negated, depth=depth + 1)
            self._need(")")
            return inner
        return frozenset({frozenset({self._matcher(negated=negated)})})

    def _matcher(self, *, negated: bool) -> Matcher:
        token = self._take()
        if token.kind != "name":
            raise UnreadableRuleError(f"{token.text!r} stands where a matcher should")
        name = self._names.get(token.text)
        if name is None:
            known = ", ".join(self._matchers)
            raise UnreadableRuleError(f"there is no matcher {token.text}; there are {known}")
        self._need("(")
        values = [self._value()]
        while self._took(","):
            values.append(self._value())
        self._need(")")
        wanted = self._matchers[name]
        if wanted and len(values) not in wanted:
            number = " or ".join(map(str, wanted))
            raise UnreadableRuleError(f"{name} takes {number}, not {len(values)}")
        return Matcher(name, tuple(values), negated)

    def _value(self) -> str:
        token = self._take()
        if token.kind not in {"raw", "quoted"}:
            raise UnreadableRuleError(f"{token.text!r} stands where a text in backticks should")
        value = token.text[1:-1] if token.kind == "raw" else _unquoted(token.text)
        if not value:
            raise UnreadableRuleError("a matcher takes an empty text")
        return value

    def _took(self, sign: str) -> bool:
        there = self._next < len(self._tokens) and self._tokens[self._next] == _Token("sign", sign)
        self._next += there
        return there

    def _need(self, sign: str) -> None:
        token = self._take(sign)
        if token != _Token("sign", sign):
            raise UnreadableRuleError(f"{token.text!r} stands where {sign} should")

    def _take(self, wanted: str = "a matcher") -> _Token:
        if self._next >= len(self._tokens):
            raise UnreadableRuleError(f"it ends where {wanted} should stand")
        self._next += 1
        return self._tokens[self._next - 1]


def _joined(parts: list[_Alternatives], *, any_of: bool) -> _Alternatives:
    if any_of:
        found = frozenset().union(*parts)
    else:
        number = 1
        for part in parts:
            number *= len(part)
        if number > _MOST_ALTERNATIVES:
            raise UnreadableRuleError(f"it has {number} alternatives")
        found = frozenset(frozenset().union(*chosen) for chosen in product(*parts))
    return found


def _unquoted(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        if match["bad"]:
            raise UnreadableRuleError(f"{match[0]} in double quotes is no escape; use backticks")
        return match["plain"] or _NAMED.get(match["named"] or "") or chr(int(match["hex"], 16))

    return _ESCAPE.sub(plain, text[1:-1])
