"""Prints the table of all rules; ends with 2 where too little is caught, or less than before."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lib.checks import catalogue
from lib.errors import YaguraError
from tools.mutation import __doc__ as what
from tools.mutation.scoring import is_scored, score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tools.mutation.scoring import Score

WANTED = 0.9
CAUGHT = Path(__file__).parent / "caught.json"


def main() -> int:
    """Score the rules that are asked for, or all."""
    options = _options()
    try:
        rules = catalogue.chosen(part for part in options.rules.split(",") if part)
    except YaguraError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    scores = [score(rule) for rule in rules if is_scored(rule)]
    left_out = [rule.id for rule in rules if not is_scored(rule)]
    if options.accept:
        counts = {each.rule: len(each.caught) for each in sorted(scores, key=lambda s: s.rule)}
        CAUGHT.write_text(f"{json.dumps(counts, indent=1)}\n", encoding="utf-8")
    before: dict[str, int] = json.loads(CAUGHT.read_bytes()) if CAUGHT.is_file() else {}
    weaker = [*weakened(scores, before)]
    lines = [*table(scores, left_out), *weaker]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    crashed = any(each.crashes for each in scores)
    return 2 if share(scores) < WANTED or weaker or crashed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.mutation",
        description=what,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rules", metavar="ID,...", default="", help="these alone, or families")
    parser.add_argument("--accept", action="store_true", help="write caught.json anew")
    return parser.parse_args()


def share(scores: Sequence[Score]) -> float:
    """The caught fields among all guarding fields."""
    fields = sum(each.fields for each in scores)
    return sum(len(each.caught) for each in scores) / fields if fields else 1.0


def weakened(scores: Sequence[Score], before: Mapping[str, int]) -> Iterator[str]:
    """The rules that catch less than they did."""
    for each in scores:
        caught, once = len(each.caught), before.get(each.rule, 0)
        if caught < once:
            yield f"{each.rule} catches {caught} fields, and once caught {once}: is it weaker?"


def table(scores: Sequence[Score], left_out: Sequence[str]) -> Iterator[str]:
    """The table, and below it what was missed."""
    yield "rule  fields  caught   share  in vain"
    for each in scores:
        part = f"{len(each.caught) / each.fields:.0%}" if each.fields else "-"
        yield (
            f"{each.rule:4}  {each.fields:6}  {len(each.caught):6}  {part:>6}  {len(each.idle):7}"
        )
    fields = sum(each.fields for each in scores)
    caught = sum(len(each.caught) for each in scores)
    idle = sum(len(each.idle) for each in scores)
    yield f"all   {fields:6}  {caught:6}  {share(scores):6.1%}  {idle:7}"
    if left_out:
        yield f"without fields of objects, so for tests/checks alone: {', '.join(left_out)}"
    for each in scores:
        yield from (f"{each.rule} misses {str(field)[:150]}" for field in each.missed)
        yield from (f"{each.rule} crashes: {crash}" for crash in each.crashes)
    for each in scores:
        if each.idle:
            vain = (f"{field.place[1]} of object {field.place[0]}" for field in each.idle)
            yield f"{each.rule} reads in vain {', '.join(vain)}"


if __name__ == "__main__":
    sys.exit(main())
