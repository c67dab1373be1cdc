"""The report, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lib.infra.said import By

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lib.infra.bill import Bill, Line
    from lib.infra.machines import Machine
    from lib.infra.said import Disagreement, Said, Verdict


@dataclass(frozen=True, kw_only=True)
class Report:
    """All about one cluster.

    Attributes:
        source: Where Terraform's side comes from; None where there is no Terraform.
    """

    cluster: str
    zone: str
    source: str | None
    machines: Sequence[Machine]
    bill: Bill
    verdict: Verdict
    notes: Sequence[str]


def as_text(reports: Iterable[Report]) -> str:
    """Write it for people."""
    return "\n".join(_text(report) for report in reports)


def _text(report: Report) -> str:
    blocks = [_nodes(report), _cost(report), _consistency(report)]
    return "\n".join("\n".join(block) + "\n" for block in blocks)


def _nodes(report: Report) -> list[str]:
    head = ("NAME", "ROLE", "ADDRESS", "CORES", "MEMORY", "OS DISK", "DATA DISK")
    rows = [
        (
            machine.name,
            machine.role,
            machine.address,
            str(machine.cores),
            f"{machine.memory_gb} GB",
            f"{machine.os_disk_gb} GB",
            f"{machine.data_disk_gb} GB" if machine.data_disk_gb else "-",
        )
        for machine in report.machines
    ]
    machines = f"{len(rows)} machine{'s' if len(rows) > 1 else ''}"
    return [f"{report.cluster}: {machines} in {report.zone}", *_table([head, *rows])]


def _table(rows: Sequence[tuple[str, ...]], right: frozenset[int] = frozenset()) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _cost(report: Report) -> list[str]:
    bill = report.bill
    rows = [
        (str(line.number), _thing(line), _yen(line.each), _yen(line.total if line.each else None))
        for line in bill.lines
    ]
    bound = "at least " if bill.unknown else ""
    lines = [
        f"cost of a month: {bound}{bill.total:,} JPY with tax",
        *_table(rows, frozenset({0, 2, 3})),
        f"  (prices of {bill.prices.zone}, read {bill.prices.read}: terraform/prices.yaml)",
    ]
    if bill.unknown:
        things = "; ".join(_thing(line) for line in bill.unknown)
        lines.append(f"  not in the sum, as their price is unknown: {things}")
    if report.zone != bill.prices.zone:
        lines.append(f"  {report.zone} may have other prices than {bill.prices.zone}")
    return lines


def _thing(line: Line) -> str:
    return line.section if line.size == line.section else f"{line.section}: {line.size}"


def _yen(price: int | None) -> str:
    return "unknown" if price is None else f"{price:,}"


def _consistency(report: Report) -> list[str]:
    verdict = report.verdict
    side = "the cluster file" if report.source is None else f"Terraform ({report.source})"
    head = f"{side} and dist/{report.cluster}: {verdict.statements} statements about "
    head += f"{len(verdict.compared)} things"
    number = len(verdict.disagreements)
    told = "all agree" if not number else f"{number} disagreement{'s' if number > 1 else ''}"
    lines = [f"{head}: {told}", *(f"  note: {note}" for note in report.notes)]
    for each in verdict.disagreements:
        lines.append(f"  {_sentence(each)}")
        lines += [f"    {place}" for place in each.places]
        lines.append(f"    -> {each.remedy}")
    return lines


def _sentence(each: Disagreement) -> str:
    reference, other = each.reference, each.other
    return f"{other.what}: {_says(reference)}, {_says(other)}"


def _says(said: Said) -> str:
    by = said.where if said.by is By.CLUSTER_FILE else said.by.value
    return f"{by} says {said.text}"


def as_json(reports: Iterable[Report]) -> str:
    """Write it for programs: ``{"clusters": [...]}``."""
    value = {"clusters": [_json(report) for report in reports]}
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _json(report: Report) -> dict[str, Any]:
    bill, verdict = report.bill, report.verdict
    return {
        "cluster": report.cluster,
        "zone": report.zone,
        "terraform": report.source,
        "notes": list(report.notes),
        "nodes": [asdict(machine) for machine in report.machines],
        "cost": {
            "currency": "JPY",
            "tax_included": True,
            "prices_of_zone": bill.prices.zone,
            "prices_read": bill.prices.read,
            "monthly": bill.total,
            "complete": not bill.unknown,
            "lines": [asdict(line) for line in bill.lines],
        },
        "compared": list(verdict.compared),
        "disagreements": [
            {
                "what": each.other.what,
                "reference": _said(each.reference),
                "other": _said(each.other),
                "places": list(each.places),
                "remedy": each.remedy,
            }
            for each in verdict.disagreements
        ],
    }


def _said(said: Said) -> dict[str, Any]:
    return {"by": said.by.value, "values": list(said.values), "where": said.where}
