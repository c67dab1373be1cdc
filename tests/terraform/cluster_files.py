"""Make random cluster files that are valid: every address given or left to its default."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from tests.terraform.terraform import example

if TYPE_CHECKING:
    from random import Random

# Private blocks for the nodes, with networks for pods and Services that lie elsewhere.
_BLOCKS = (
    ("10.0.0.0/9", "172.16.0.0/13", "192.168.0.0/16"),
    ("172.16.0.0/12", "10.42.0.0/16", "10.43.0.0/16"),
    ("192.168.0.0/16", "10.0.0.0/12", "10.96.0.0/12"),
)
_KEPT_FREE = range(3, 11)
_ROUTER, _VIRTUAL, _NFS = [3, 4], 7, 8


def random_cluster(random: Random, name: str) -> dict[str, Any]:
    """Return a decoded cluster file called ``name``."""
    block, pods, services = random.choice(_BLOCKS)
    network = _network(random, IPv4Network(block))
    cluster = example() | {"name": name, "node_prefix": random.choice(["f", "festival", "a" * 40])}
    cluster["network"] = {
        "node_cidr": str(network),
        "pod_cidr": pods,
        "service_cidr": services,
        **random.choice([{}, {"interface": "ens3"}]),
    }
    cluster["servers"] |= {"count": random.choice([1, 3, 5])}
    cluster["agents"] |= {"count": random.choice([*range(10), 40])}
    cluster["vault"] |= {"replicas": 1}
    cluster["storage"] = _storage(random)
    cluster["sakura"] |= {"zone": random.choice(["is1a", "is1b", "is1c", "tk1a", "tk1b", "tk1v"])}
    cluster["sakura"] |= {"vpc_router": {"plan": "premium"}, "load_balancer": {}}
    cluster["sakura"]["load_balancer"]["plan"] = random.choice(["standard", "highspec"])
    _place(random, cluster, network)
    return cluster


def _network(random: Random, block: IPv4Network) -> IPv4Network:
    length = random.randint(max(16, block.prefixlen), 23)
    number = random.randrange(2 ** (length - block.prefixlen))
    start = int(block.network_address) + number * 2 ** (32 - length)
    return IPv4Network((start, length))


def _storage(random: Random) -> dict[str, Any]:
    longhorn = {"kind": "longhorn", "replicas": 1, "disk_gb": random.choice([20, 250, 4096])}
    longhorn["backup_bucket"] = "festival-example-longhorn"
    nfs = {"kind": "nfs", "plan": "ssd", "size_gb": 500}
    return random.choice([longhorn, longhorn | {"disk_plan": "hdd"}, nfs])


def _place(random: Random, cluster: dict[str, Any], network: IPv4Network) -> None:
    """Give some of the addresses beside the nodes, and leave others to the plan's defaults."""
    sakura, nfs = cluster["sakura"], cluster["storage"]["kind"] == "nfs"
    machines = 1 if sakura["load_balancer"]["plan"] == "standard" else 2
    while True:
        free = random.sample(_KEPT_FREE, len(_KEPT_FREE))
        router = random.choice([None, free[0:2]])
        own = random.choice([None, free[2 : 2 + machines]])
        virtual = random.choice([None, free[4]])
        storage = random.choice([None, free[5]]) if nfs else None
        used = [
            *(router or _ROUTER),
            *(own or [5, 6][:machines]),
            virtual or _VIRTUAL,
            *([storage or _NFS] if nfs else []),
        ]
        if len(set(used)) == len(used):
            break
    if router:
        sakura["vpc_router"]["addresses"] = [str(network[number]) for number in router]
    if own:
        sakura["load_balancer"]["addresses"] = [str(network[number]) for number in own]
    if virtual:
        sakura["load_balancer"]["virtual_address"] = str(network[virtual])
    if storage:
        cluster["storage"]["address"] = str(network[storage])
