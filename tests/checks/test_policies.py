"""docs/policies.md says what the rules say."""

from __future__ import annotations

from pathlib import Path

from lib.checks.catalogue import RULES
from lib.checks.policies import policies

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policies.md"


def test_the_page_is_what_make_docs_would_write() -> None:
    assert PAGE.read_text(encoding="utf-8") == policies()


def test_the_page_has_every_rule_once() -> None:
    lines = policies().splitlines()
    for id_ in RULES:
        assert lines.count(f"### {id_}") == 1
