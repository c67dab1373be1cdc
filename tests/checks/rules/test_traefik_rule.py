"""The language of Traefik's rules, as its own parser takes and refuses it."""

from __future__ import annotations

import pytest

from lib.checks.traefik_rule import HTTP, HTTP_V2, TCP, Matcher, UnreadableRuleError, parse

A = Matcher("Host", ("a.example",))
B = Matcher("Host", ("b.example",))
PATH = Matcher("PathPrefix", ("/x",))


def alternatives(text: str) -> set[frozenset[Matcher]]:
    return set(parse(text).alternatives)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Host(`a.example`)", {frozenset({A})}),
        ('Host("a.example")', {frozenset({A})}),
        ("  host( `a.example` )  ", {frozenset({A})}),
        ("HOST(`a.example`)", {frozenset({A})}),
        ("Host(`a.example`) && PathPrefix(`/x`)", {frozenset({A, PATH})}),
        ("Host(`a.example`) || Host(`b.example`)", {frozenset({A}), frozenset({B})}),
        (
            "Host(`a.example`) || Host(`b.example`) && PathPrefix(`/x`)",
            {frozenset({A}), frozenset({B, PATH})},
        ),
        (
            "(Host(`a.example`) || Host(`b.example`)) && PathPrefix(`/x`)",
            {frozenset({A, PATH}), frozenset({B, PATH})},
        ),
        ("!Host(`a.example`)", {frozenset({A._replace(negated=True)})}),
        ("!!Host(`a.example`)", {frozenset({A})}),
        (
            "!(Host(`a.example`) && PathPrefix(`/x`))",
            {frozenset({A._replace(negated=True)}), frozenset({PATH._replace(negated=True)})},
        ),
        (
            "!(Host(`a.example`) || PathPrefix(`/x`))",
            {frozenset({A._replace(negated=True), PATH._replace(negated=True)})},
        ),
        ("Header(`X-A`, `b`)", {frozenset({Matcher("Header", ("X-A", "b"))})}),
        ("Query(`key`)", {frozenset({Matcher("Query", ("key",))})}),
        (r'PathRegexp("^/a\\.b\"$")', {frozenset({Matcher("PathRegexp", (r'^/a\.b"$',))})}),
        (r"PathRegexp(`^/a\.b$`)", {frozenset({Matcher("PathRegexp", (r"^/a\.b$",))})}),
    ],
)
def test_a_rule_is_read_into_its_alternatives(text: str, expected: set[frozenset[Matcher]]) -> None:
    assert alternatives(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("Host", "it ends where ( should stand"),
        ("Host(`a.example`", "it ends where ) should stand"),
        ("Host(a.example)", "it cannot be read from '.example)' on"),
        ("Host('a.example')", "it cannot be read from \"'a.example')\" on"),
        ("Host(`a.example)", "it cannot be read from '`a.example)' on"),
        ("Host(``)", "a matcher takes an empty text"),
        ("Host()", "')' stands where a text in backticks should"),
        ("Host(`a`, `b`)", "Host takes 1, not 2"),
        ("Header(`X-A`)", "Header takes 2, not 1"),
        ("Hots(`a`)", f"there is no matcher Hots; there are {', '.join(HTTP)}"),
        ("HostSNI(`a`)", f"there is no matcher HostSNI; there are {', '.join(HTTP)}"),
        ("Host(`a`) &&", "it ends where a matcher should stand"),
        ("&& Host(`a`)", "'&&' stands where a matcher should"),
        ("Host(`a`) & Path(`/`)", "it cannot be read from '& Path(`/`)' on"),
        ("Host(`a`) Host(`b`)", "'Host' is one too many"),
        ("(Host(`a`)", "it ends where ) should stand"),
        ("Host(`a`))", "')' is one too many"),
        (r'Host("a\.b")', r"\. in double quotes is no escape; use backticks"),
    ],
)  # fmt: skip
def test_what_traefik_cannot_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableRuleError) as caught:
        parse(text)
    assert str(caught.value) == reason


@pytest.mark.parametrize("text", ["(" * 10_000, "!" * 10_000, "(" * 41 + "Host(`a`)" + ")" * 41])
def test_a_rule_that_is_nested_beyond_measure_is_refused_and_crashes_nothing(text: str) -> None:
    with pytest.raises(UnreadableRuleError):
        parse(text)


def test_a_rule_with_countless_alternatives_is_refused() -> None:
    either = "(Host(`a`) || Host(`b`))"
    with pytest.raises(UnreadableRuleError, match="it has 512 alternatives"):
        parse(" && ".join([either.replace("a", f"a{n}").replace("b", f"b{n}") for n in range(9)]))


def test_another_syntax_has_other_matchers() -> None:
    assert parse("HostSNI(`*`)", TCP).matchers == {Matcher("HostSNI", ("*",))}
    assert parse("Host(`a`, `b`)", HTTP_V2).matchers == {Matcher("Host", ("a", "b"))}
    with pytest.raises(UnreadableRuleError):
        parse("Host(`a`)", TCP)
