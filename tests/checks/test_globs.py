"""Glob patterns fit what Argo CD's own matcher says they fit."""

from __future__ import annotations

import time

import pytest

from lib.checks.globs import matches


@pytest.mark.parametrize(
    ("pattern", "text", "separator", "fits"),
    [
        ("team-*", "team-a", "", True),
        ("team-*", "ateam-a", "", False),
        ("*", "", "", True),
        ("", "", "", True),
        ("", "a", "", False),
        ("*-prod", "web-prod", "", True),
        ("a*b*c", "aXbYc", "", True),
        ("a*b*c", "aXcYb", "", False),
        ("*ab", "aab", "", True),
        ("a?c", "abc", "", True),
        ("a?c", "a/c", "/", False),
        ("https://git.example/*", "https://git.example/a", "/", True),
        ("https://git.example/*", "https://git.example/a/b", "/", False),
        ("https://git.example/**", "https://git.example/a/b", "/", True),
        ("https://*/x", "https://a.example/x", "/", True),
        ("{web,api}-*", "api-1", "", True),
        ("{web,api}-*", "app-1", "", False),
        ("[a-c]x", "bx", "", True),
        ("[!a-c]x", "bx", "", False),
        ("[z-a]x", "zx", "", False),
        (r"a\*", "a*", "", True),
        (r"a\*", "ab", "", False),
        ("a.c", "abc", "", False),
        ("a[b", "a[b", "", True),
    ],
)
def test_a_pattern_fits_the_whole_of_a_text(
    pattern: str, text: str, separator: str, *, fits: bool
) -> None:
    assert matches(pattern, text, separator=separator) is fits


@pytest.mark.parametrize("pattern", ["*a" * 40 + "b", "{a,b}" * 40, "**a" * 40 + "b"])
def test_a_hostile_pattern_costs_little(pattern: str) -> None:
    start = time.process_time()
    assert not matches(pattern, "a" * 400)
    assert time.process_time() - start < 1
