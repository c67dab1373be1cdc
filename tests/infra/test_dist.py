"""dist/ against the cluster file, one thing changed at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.infra.scratch import change, named, only, report

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("without_terraform")

VIP = "bootstrap/daemonset-kube-vip.yaml"
SERVER = "nodes/server/config.yaml"
AGENT = "nodes/agent/config.yaml"

# File of dist/production, a text in it, another one, and what has to be named.
CHANGES = [
    (VIP, '"192.168.0.2"', '"192.168.0.9"', "kube API address (VIP)", "192.168.0.9"),
    (VIP, "value: eth0", "value: ens3", "network interface", "ens3"),
    (SERVER, '"192.168.0.2"', '"192.168.0.3"', "kube API address (VIP)", "192.168.0.3"),
    (SERVER, '"10.42.0.0/16"', '"10.44.0.0/16"', "pod network (cluster-cidr)", "10.44.0.0/16"),
    (SERVER, '"10.43.0.0/16"', '"10.45.0.0/16"', "Service network (service-cidr)", "10.45.0.0/16"),
    (SERVER, "cni: canal", "cni: cilium", "pod network plugin (cni)", "cilium"),
    (SERVER, "- CriticalAddonsOnly=true:NoExecute", "[]", "workloads on servers", "allowed"),
    (AGENT, "- node.longhorn.io", "- example.org", "label for Longhorn's disk", "not there"),
    (
        "nodes/agent/sysctl.conf",
        "arp_ignore=1",
        "arp_ignore=0",
        "ARP settings of agents",
        "ignore=0",
    ),
    (
        "whoami/ingressroute-web.yaml",
        'target: "203.0.113.10"',
        'target: "203.0.113.99"',
        "public address (DNS target)",
        "203.0.113.99",
    ),
    (
        "bootstrap/helmchart-traefik.yaml",
        'target: "203.0.113.10"',
        'target: "203.0.113.98"',
        "public address (DNS target)",
        "203.0.113.98",
    ),
    (
        "whoami/ingressroute-web.yaml",
        "hostname: whoami.festival.example",
        "hostname: whoami.elsewhere.example",
        "domain of the hosts",
        "whoami.elsewhere.example",
    ),
    (
        "root/application-external-dns.yaml",
        "- festival.example",
        "- elsewhere.example",
        "DNS zone",
        "elsewhere.example",
    ),
    (
        "bootstrap/helmchart-longhorn.yaml",
        "s3://festival-example-longhorn@",
        "s3://festival-example-old@",
        "bucket of the volumes' backups",
        "festival-example-old",
    ),
    (
        "bootstrap/helmchart-longhorn.yaml",
        "@jp-north-1/",
        "@jp-east-1/",
        "object storage region",
        "jp-east-1",
    ),
    (
        "longhorn/secret-longhorn-backup.yaml",
        "https://s3.isk01.",
        "https://s3.tky01.",
        "object storage endpoint",
        "s3.tky01.sakurastorage.jp",
    ),
    (
        "external-dns/networkpolicy-external-dns.yaml",
        '"10.42.0.0/16"',
        '"10.99.0.0/16"',
        "networks that are named",
        "10.99.0.0/16",
    ),
]


@pytest.mark.parametrize("case", CHANGES, ids=[f"{each[3]}: {each[4]}" for each in CHANGES])
def test_a_changed_value_is_named_with_its_file(
    case: tuple[str, str, str, str, str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, old, new, what, value = case
    change(project / "dist/production" / file, old, new)
    found = report(project, capsys)
    matching = [each for each in found["disagreements"] if each["what"].startswith(what)]
    assert [each["reference"]["by"] for each in matching] == ["the cluster file"]
    assert value in ", ".join(matching[0]["other"]["values"])
    assert matching[0]["places"][0].startswith(f"dist/production/{file}")
    assert "make synth" in matching[0]["remedy"]


def test_the_project_agrees_with_itself(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(project, capsys)["disagreements"] == []


def test_a_place_names_the_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "dist/production" / VIP
    change(file, 'value: "192.168.0.2"', 'value: "192.168.0.200"')
    line = next(
        number
        for number, text in enumerate(file.read_text().splitlines(), 1)
        if "192.168.0.200" in text
    )
    by_what = {each["what"]: each["places"] for each in report(project, capsys)["disagreements"]}
    assert by_what["kube API address (VIP)"] == [f"dist/production/{VIP}:{line}"]


def test_a_policy_that_forgets_a_server_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = "dex/networkpolicy-dex.yaml"
    block = '    - ipBlock:\n        cidr: "192.168.0.13/32"\n'
    change(project / "dist/production" / file, block, "")
    each = only(report(project, capsys))
    assert each["what"] == "addresses of the API servers"
    assert each["other"]["values"] == ["192.168.0.11, 192.168.0.12"]


def test_an_address_that_no_machine_has_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        project / "dist/production/dex/networkpolicy-dex.yaml",
        '"192.168.0.13/32"',
        '"192.168.0.14/32"',
    )
    found = report(project, capsys)
    assert named(found) == {"addresses of machines that are named", "addresses of the API servers"}


def test_one_value_in_many_places_is_one_disagreement(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        project / "clusters/production.yaml",
        "public_address: 203.0.113.10",
        "public_address: 203.0.113.11",
    )
    each = only(report(project, capsys))
    assert each["other"]["values"] == ["203.0.113.10"]
    assert len(each["places"]) > 5
    assert each["places"] == sorted(each["places"])


def test_what_is_missing_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "dist/production" / SERVER).unlink()
    (project / "dist/production" / VIP).unlink()
    found = report(project, capsys)
    assert {
        "kube API address (VIP)",
        "pod network (cluster-cidr)",
        "Service network (service-cidr)",
        "pod network plugin (cni)",
    } == named(found)
    assert {tuple(each["other"]["values"]) for each in found["disagreements"]} == {()}


def test_the_private_blocks_themselves_and_pods_addresses_are_nobodys(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        project / "dist/production/dex/networkpolicy-dex.yaml",
        '"169.254.0.0/16"',
        '"10.43.0.10/32"',
    )
    assert report(project, capsys)["disagreements"] == []
