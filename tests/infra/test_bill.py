"""The month's bill: every thing once, priced by the table alone, honest where it has no figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lib.config import load_cluster
from lib.errors import ConfigError
from lib.infra.bill import Bill, Prices, bill, prices
from tests.infra.scratch import ROOT, change

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTION = {
    ("server", "4 cores, 8 GB"): 3,
    ("server", "8 cores, 16 GB"): 3,
    ("disk", "ssd, 40 GB"): 3,
    ("disk", "ssd, 100 GB"): 3,
    ("disk", "ssd, 250 GB"): 3,
    ("internet router", "500 Mbit/s"): 1,
    ("public addresses", "/28"): 1,
    ("switch", "switch"): 2,
    ("VPC router", "premium"): 1,
    ("load balancer", "highspec"): 1,
    ("bucket", "bucket"): 3,
}


def billed(name: str, monthly: dict[tuple[str, str], int | None]) -> Bill:
    table = Prices(zone="is1a", read="2026-01", monthly=monthly)
    file = ROOT / "clusters/production.yaml"
    if name != "production":
        file = ROOT / "tests/config/valid" / f"{name}.yaml"
    return bill(load_cluster(file), table)


def things(of: Bill) -> dict[tuple[str, str], int]:
    return {(line.section, line.size): line.number for line in of.lines}


def test_every_thing_of_production_is_on_the_bill() -> None:
    assert things(billed("production", {})) == PRODUCTION


def test_a_zone_and_an_nfs_appliance_at_sakura_are_on_the_bill() -> None:
    found = things(billed("nfs-with-sakura-dns", {}))
    assert found["DNS zone", "zone"] == 1
    assert [number for (section, _), number in found.items() if section == "NFS appliance"] == [1]
    assert found["bucket", "bucket"] == 2


def test_a_cluster_without_agents_has_its_volumes_on_servers() -> None:
    found = things(billed("smallest", {}))
    assert sum(n for (section, _), n in found.items() if section == "server") == 1
    assert sum(n for (section, _), n in found.items() if section == "disk") == 2


def test_the_sum_is_numbers_times_prices() -> None:
    found = billed("production", dict.fromkeys(PRODUCTION, 10))
    assert found.total == 10 * sum(PRODUCTION.values())
    assert found.unknown == ()


def test_what_has_no_figure_is_named_and_not_in_the_sum() -> None:
    known = dict.fromkeys(PRODUCTION, 10) | {("VPC router", "premium"): None}
    del known["bucket", "bucket"]
    found = billed("production", known)
    assert found.total == 10 * (sum(PRODUCTION.values()) - 4)
    assert [(line.section, line.total) for line in found.unknown] == [
        ("VPC router", 0),
        ("bucket", 0),
    ]


def test_the_shipped_table_has_a_line_for_all_that_production_takes() -> None:
    assert PRODUCTION.keys() <= prices(ROOT).monthly.keys()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("4 cores, 8 GB: 9240", "4 cores, 8 GB: 9,240"),
        ("4 cores, 8 GB: 9240", "4 cores, 8 GB: -1"),
        ("4 cores, 8 GB: 9240", "4 cores, 8 GB: true"),
        ("4 cores, 8 GB: 9240", "4 cores, 8 GB: [9240"),
        ("zone: is1a\n", ""),
        ("sections:", "prices:"),
    ],
)
def test_a_table_of_another_form_is_refused(old: str, new: str, project: Path) -> None:
    change(project / "terraform/prices.yaml", old, new)
    with pytest.raises(ConfigError, match=r"terraform/prices\.yaml: cannot be used"):
        prices(project)


def test_a_table_that_is_not_there_is_refused(project: Path) -> None:
    (project / "terraform/prices.yaml").unlink()
    with pytest.raises(ConfigError, match=r"terraform/prices\.yaml: cannot be used"):
        prices(project)
