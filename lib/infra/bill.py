"""What a cluster costs a month: the machines and appliances of its file, priced by one dated table.

Where the table has no figure, the sum is a lower bound; nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from lib.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from lib.config import Cluster

FILE = "terraform/prices.yaml"
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Prices:
    """The table.

    Attributes:
        zone: The zone that the prices are for.
        read: When they were read.
        monthly: Section and size -> JPY with tax; None where it is unknown.
    """

    zone: str
    read: str
    monthly: dict[tuple[str, str], int | None]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the bill.

    Attributes:
        each: JPY of one; None where the table has no figure.
    """

    number: int
    section: str
    size: str
    each: int | None

    @property
    def total(self) -> int:
        """JPY of all of them; 0 where that is unknown."""
        return self.number * (self.each or 0)


@dataclass(frozen=True, kw_only=True)
class Bill:
    """A month's bill."""

    prices: Prices
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """What is known of the sum."""
        return sum(line.total for line in self.lines)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """The lines without a figure."""
        return tuple(line for line in self.lines if line.each is None)


def prices(project: Path) -> Prices:
    """Read the table.

    Raises:
        ConfigError: It is not of the table's form.
    """
    try:
        table = yaml.load((project / FILE).read_bytes(), Loader=yaml.CSafeLoader)
        monthly = {
            (section, str(size)): _price(price)
            for section, content in table["sections"].items()
            for size, price in content["monthly"].items()
        }
        return Prices(zone=str(table["zone"]), read=str(table["read"]), monthly=monthly)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"{FILE}: cannot be used ({type(error).__name__}: {error}); a price is a whole number "
            f"of JPY, or {UNKNOWN}"
        ) from None


def _price(given: Any) -> int | None:
    if given == UNKNOWN:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise ValueError(repr(given))
    return given


def bill(cluster: Cluster, table: Prices) -> Bill:
    """Count what the cluster file asks for, and price it."""
    counted = Counter(_things(cluster))
    lines = (
        Line(
            number=number,
            section=section,
            size=size,
            each=table.monthly.get((section, size)),
        )
        for (section, size), number in counted.items()
    )
    return Bill(prices=table, lines=tuple(lines))


def _things(cluster: Cluster) -> list[tuple[str, str]]:
    sakura, storage = cluster.sakura, cluster.storage
    things = []
    for nodes, each in (
        (cluster.server_nodes, cluster.servers),
        (cluster.agent_nodes, cluster.agents),
    ):
        size = f"{each.cores} cores, {each.memory_gb} GB"
        things += [("server", size), ("disk", f"ssd, {each.os_disk_gb} GB")] * len(nodes)
    if storage.kind == "longhorn":
        disk = ("disk", f"{storage.disk_plan}, {storage.disk_gb} GB")
        things += [disk] * len(cluster.workload_nodes)
    else:
        things.append(("NFS appliance", f"{storage.plan}, {storage.size_gb} GB"))
    things += [
        ("internet router", f"{sakura.internet.bandwidth_mbps} Mbit/s"),
        ("public addresses", f"/{sakura.internet.netmask}"),
        *[("switch", "switch")] * 2,
        ("VPC router", sakura.vpc_router.plan),
        ("load balancer", sakura.load_balancer.plan),
        *[("bucket", "bucket")] * (3 if storage.kind == "longhorn" else 2),
    ]
    return things + ([("DNS zone", "zone")] if cluster.dns.provider == "sakura" else [])
