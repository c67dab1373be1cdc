"""What the benchmark prints: a row per case, as a table or as JSON, each with its target."""

from __future__ import annotations

import json
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN = "plain"
# What one object more may cost at the end of the gate's sizes, of what it costs at their start.
LINEAR = 1.5


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; times in seconds, medians over the rounds."""

    what: str
    objects: int
    plain: float
    yagura: float
    ratio: float
    target: float | None

    @classmethod
    def of(
        cls, what: str, objects: int, times: Sequence[dict[str, float]], target: float | None
    ) -> Row:
        """Take one case out of the rounds; ratios are within each round."""
        return cls(
            what=what,
            objects=objects,
            plain=median(entry[PLAIN] for entry in times),
            yagura=median(entry[what] for entry in times),
            ratio=median(entry[what] / entry[PLAIN] for entry in times),
            target=target,
        )

    @property
    def verdict(self) -> str:
        """Whether the target is met, if there is one."""
        return "" if self.target is None else _verdict(self.ratio, self.target)


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Whether time grows as the number of objects does, from three sizes of one case."""

    what: str
    sizes: tuple[int, int, int]
    first: float
    last: float

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Growth:
        """Compare what an object more costs between the sizes; of the least and the largest."""
        small, middle, large = sorted(rows, key=lambda row: row.objects)
        return cls(
            what=small.what,
            sizes=(small.objects, middle.objects, large.objects),
            first=(middle.yagura - small.yagura) / (middle.objects - small.objects),
            last=(large.yagura - middle.yagura) / (large.objects - middle.objects),
        )

    @property
    def verdict(self) -> str:
        """Whether the last objects cost about what the first ones do."""
        return _verdict(self.last, LINEAR * self.first)

    def __str__(self) -> str:
        small, middle, large = self.sizes
        return (
            f"{self.what}: {self.first * 1000:.2f} ms for each object more from {small} to "
            f"{middle}, {self.last * 1000:.2f} ms from {middle} to {large}: linear, at most "
            f"{LINEAR} times as much: {self.verdict}"
        )


def as_table(rows: Sequence[Row], growth: Growth | None, facts: dict[str, str], rounds: int) -> str:
    """For people."""
    lines = [f"{'what':<22} {'objects':>7} {'plain s':>8} {'yagura s':>8} {'ratio':>6}  target"]
    for row in rows:
        target = "" if row.target is None else f"<= {row.target:<4} {row.verdict}"
        times = f"{row.plain:8.3f} {row.yagura:8.3f} {row.ratio:6.3f}"
        lines.append(f"{row.what:<22} {row.objects:>7} {times}  {target}".rstrip())
    lines += [str(growth)] if growth else []
    lines.append(
        f"medians of {rounds} rounds, ratios within each round; {facts['cores']} cores, "
        f"Python {facts['python']}, node {facts['node']}"
    )
    return "\n".join(lines) + "\n"


def as_json(rows: Sequence[Row], growth: Growth | None, facts: dict[str, str], rounds: int) -> str:
    """For programs."""
    value = {
        "machine": facts,
        "rounds": rounds,
        "rows": [_entry(row) for row in rows],
        "growth": growth and _growth(growth),
    }
    return json.dumps(value, indent=2) + "\n"


def _entry(row: Row) -> dict[str, object]:
    return {
        "what": row.what,
        "objects": row.objects,
        "plain_seconds": round(row.plain, 4),
        "yagura_seconds": round(row.yagura, 4),
        "ratio": round(row.ratio, 4),
        "target": row.target,
        "met": row.verdict == "ok" if row.verdict else None,
    }


def _growth(growth: Growth) -> dict[str, object]:
    return {
        "what": growth.what,
        "sizes": list(growth.sizes),
        "first_seconds_per_object": round(growth.first, 6),
        "last_seconds_per_object": round(growth.last, 6),
        "most": LINEAR,
        "met": growth.verdict == "ok",
    }


def _verdict(value: float, most: float) -> str:
    return "ok" if value <= most else "MISSED"
