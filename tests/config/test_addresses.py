"""The address plan: the formulas that Terraform uses, computed again with plain arithmetic."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.config import Cluster, Node, load_cluster, parse_cluster

HERE = Path(__file__).parent
SMALLEST = (HERE / "valid" / "smallest.yaml").read_text(encoding="utf-8")


@st.composite
def node_networks(draw: st.DrawFn) -> IPv4Network:
    """Any network that the VPC router can hold and that is free of the example's other networks."""
    prefix = draw(st.integers(min_value=16, max_value=23))
    first = draw(st.sampled_from([0x0A800000, 0xAC100000, 0xC0A80000]))
    blocks = 2 ** (prefix - 16)
    return IPv4Network((first + draw(st.integers(0, blocks - 1)) * 2 ** (32 - prefix), prefix))


def cluster_with(network: IPv4Network, servers: int, agents: int) -> Cluster:
    text = SMALLEST.replace("192.168.0.0/23", str(network))
    text = text.replace("servers:\n  count: 1", f"servers:\n  count: {servers}")
    text = text.replace("agents:\n  count: 0", f"agents:\n  count: {agents}")
    return parse_cluster(text, "clusters/smallest.yaml")


# Whoever parses first imports pydantic, which may take longer than hypothesis waits.
@settings(deadline=None)
@given(node_networks(), st.sampled_from([1, 3, 5]), st.integers(0, 40))
def test_every_address_follows_from_the_node_network_by_the_plans_numbers(
    network: IPv4Network, servers: int, agents: int
) -> None:
    cluster = cluster_with(network, servers, agents)
    start = int(network.network_address)
    assert int(cluster.gateway_address) == start + 1
    assert int(cluster.kube_api_address) == start + 2
    assert [int(address) - start for address in cluster.router_addresses] == [3, 4]
    assert [int(address) - start for address in cluster.load_balancer_addresses] == [5]
    assert int(cluster.load_balancer_virtual_address) == start + 7
    assert [int(address) - start for address in cluster.server_addresses] == [
        11 + index for index in range(servers)
    ]
    assert [int(address) - start for address in cluster.agent_addresses] == [
        257 + index for index in range(agents)
    ]


@given(node_networks(), st.sampled_from([1, 3, 5]), st.integers(0, 40))
def test_no_two_machines_share_an_address_or_a_name(
    network: IPv4Network, servers: int, agents: int
) -> None:
    cluster = cluster_with(network, servers, agents)
    addresses = [
        cluster.gateway_address,
        cluster.kube_api_address,
        *cluster.router_addresses,
        *cluster.load_balancer_addresses,
        cluster.load_balancer_virtual_address,
        *(node.address for node in cluster.nodes),
    ]
    assert len(set(addresses)) == len(addresses)
    assert len({node.name for node in cluster.nodes}) == servers + agents
    assert all(address in network for address in addresses)
    assert network.broadcast_address not in addresses
    assert network.network_address not in addresses


def test_nodes_are_named_by_prefix_role_and_index_with_servers_first() -> None:
    cluster = cluster_with(IPv4Network("192.168.0.0/23"), 1, 2)
    assert cluster.nodes == (
        Node(name="small-rke2-server-0", role="server", address=IPv4Address("192.168.0.11")),
        Node(name="small-rke2-agent-0", role="agent", address=IPv4Address("192.168.1.1")),
        Node(name="small-rke2-agent-1", role="agent", address=IPv4Address("192.168.1.2")),
    )


def test_agents_run_the_workloads() -> None:
    cluster = cluster_with(IPv4Network("192.168.0.0/23"), 1, 2)
    assert cluster.workload_nodes == cluster.agent_nodes


def test_the_servers_run_the_workloads_where_there_are_no_agents() -> None:
    cluster = cluster_with(IPv4Network("192.168.0.0/23"), 3, 0)
    assert cluster.workload_nodes == cluster.server_nodes


def test_addresses_that_the_file_gives_replace_the_plans_own() -> None:
    cluster = load_cluster(HERE / "valid" / "nfs-with-sakura-dns.yaml")
    assert cluster.load_balancer_addresses == (IPv4Address("10.20.0.9"),)
    assert cluster.load_balancer_virtual_address == IPv4Address("10.20.0.10")
    assert cluster.nfs_address == IPv4Address("10.20.0.5")
    assert cluster.router_addresses == (IPv4Address("10.20.0.3"), IPv4Address("10.20.0.4"))


def test_the_nfs_appliance_is_host_8_when_the_file_does_not_say() -> None:
    text = (HERE / "valid" / "nfs-with-sakura-dns.yaml").read_text(encoding="utf-8")
    text = text.replace("  address: 10.20.0.5\n", "")
    cluster = parse_cluster(text, "nfs-with-sakura-dns.yaml")
    assert cluster.nfs_address == IPv4Address("10.20.0.8")


def test_a_cluster_with_longhorn_has_no_nfs_address() -> None:
    assert load_cluster(HERE / "valid" / "smallest.yaml").nfs_address is None


@pytest.mark.parametrize(("plan", "numbers"), [("standard", [5]), ("highspec", [5, 6])])
def test_the_load_balancer_has_as_many_addresses_as_its_plan_has_machines(
    plan: str, numbers: list[int]
) -> None:
    text = SMALLEST.replace("plan: standard", f"plan: {plan}")
    addresses = parse_cluster(text, "smallest.yaml").load_balancer_addresses
    assert [int(address) - int(IPv4Address("192.168.0.0")) for address in addresses] == numbers
