"""`yagura infra --plan FILE`: the root module's plan against dist/, one thing changed at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lib.errors import ConfigError
from lib.infra.command import Options, infra
from tests.infra.scratch import SECRET, change, named, only, plan_file, report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("without_terraform")


def resources(plan: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    every = plan["planned_values"]["root_module"]["resources"]
    return [each["values"] for each in every if each["type"] == type_]


def virtual_address(plan: dict[str, Any]) -> None:
    for vip in resources(plan, "sakura_dsr_lb")[0]["vip"]:
        vip["vip"] = "192.168.0.10"


def real_server(plan: dict[str, Any]) -> None:
    resources(plan, "sakura_dsr_lb")[0]["vip"][1]["server"].pop()


def nat_target(plan: dict[str, Any]) -> None:
    resources(plan, "sakura_vpn_router")[0]["static_nat"][0]["private_ip"] = "192.168.0.10"


def public_address(plan: dict[str, Any]) -> None:
    resources(plan, "sakura_vpn_router")[0]["static_nat"][0]["public_ip"] = "203.0.113.20"


def gateway(plan: dict[str, Any]) -> None:
    resources(plan, "sakura_vpn_router")[0]["private_network_interface"][0]["vip"] = "192.168.0.4"


def address(plan: dict[str, Any]) -> None:
    network = resources(plan, "sakura_server")[4]["network_interface"]
    network[0]["user_ip_address"] = "192.168.1.9"


def size(plan: dict[str, Any]) -> None:
    resources(plan, "sakura_server")[0]["core"] = 2


def bucket(use: str) -> Callable[[dict[str, Any]], None]:
    def rename(plan: dict[str, Any]) -> None:
        for each in resources(plan, "sakura_object_storage_bucket"):
            if each["name"].endswith(use):
                each["name"] = "elsewhere"

    return rename


def user_data(old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def write(plan: dict[str, Any]) -> None:
        server = resources(plan, "sakura_server")[3]
        assert old in server["user_data"]
        server["user_data"] = server["user_data"].replace(old, new)

    return write


CHANGES: list[tuple[str, Callable[[dict[str, Any]], None], str]] = [
    ("virtual address", virtual_address, "load balancer's virtual address"),
    ("real server", real_server, "load balancer's real servers"),
    ("NAT target", nat_target, "load balancer's virtual address"),
    ("public address", public_address, "public address (DNS target)"),
    ("gateway", gateway, "gateway"),
    ("address", address, "address of festival-rke2-agent-1"),
    ("size", size, "size of festival-rke2-server-0"),
    ("etcd's bucket", bucket("etcd"), "bucket of etcd's snapshots"),
    ("backups' bucket", bucket("longhorn"), "bucket of the volumes' backups"),
    ("state's bucket", bucket("terraform"), "bucket of Terraform's state"),
    ("version", user_data("v1.36.3", "v1.35.7"), "RKE2 version"),
    ("VIP", user_data("https://192.168.0.2", "https://192.168.0.5"), "kube API address (VIP)"),
    ("loopback", user_data("192.168.0.7/32", "192.168.0.8/32"), "load balancer's virtual address"),
    ("interface", user_data("eth0", "ens3"), "network interface"),
    ("label", user_data("- node.longhorn.io/c", "- c"), "label for Longhorn's disk on agents"),
    ("sysctl", user_data("arp_ignore=1", "arp_ignore=0"), "file nodes/agent/sysctl.conf"),
]


@pytest.mark.parametrize(
    ("spoil", "what"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES]
)
def test_a_changed_value_is_named(
    spoil: Callable[[dict[str, Any]], None],
    what: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan = plan_file(project)
    spoil(plan)
    assert what in named(report(project, capsys, plan))


def test_a_plan_of_todays_files_agrees(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(project, capsys, plan_file(project))
    assert found["disagreements"] == []
    assert {
        "RKE2 version",
        "kube API address (VIP)",
        "load balancer's virtual address",
        "public address (DNS target)",
        "bucket of etcd's snapshots",
        "file nodes/agent/config.yaml",
    } <= set(found["compared"])


def test_dist_is_measured_by_what_terraform_says(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(project)
    change(
        project / "dist/production/bootstrap/daemonset-kube-vip.yaml",
        'value: "192.168.0.2"',
        'value: "192.168.0.8"',
    )
    each = next(
        each
        for each in report(project, capsys, plan)["disagreements"]
        if each["what"] == "kube API address (VIP)"
    )
    assert each["reference"]["by"] == "Terraform"
    assert each["reference"]["values"] == ["192.168.0.2"]
    assert each["other"]["by"] == "dist/"


def test_a_plan_that_is_older_than_the_cluster_file_is_to_be_made_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(project)
    resources(plan, "sakura_object_storage_bucket")[1]["name"] = "former"
    found = report(project, capsys, plan)["disagreements"]
    assert {each["other"]["by"] for each in found} == {"dist/", "the cluster file"}
    assert {each["remedy"] for each in found} == {
        "the plan is older than the cluster file: make it again"
    }


def test_a_file_that_changed_after_the_plan_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(project)
    change(
        project / "dist/production/nodes/agent/config.yaml",
        "pod-max-pids=8192",
        "pod-max-pids=4096",
    )
    each = only(report(project, capsys, plan))
    assert each["what"] == "file nodes/agent/config.yaml"
    assert each["remedy"] == "make the plan again, so that new machines get today's file"


def test_machines_that_are_there_already_are_not_measured_by_their_first_boot(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(project)
    user_data("v1.36.3", "v1.35.7")(plan)
    for each in plan["resource_changes"]:
        each["change"]["actions"] = ["no-op"]
    found = report(project, capsys, plan)
    assert found["disagreements"] == []
    (note,) = found["notes"]
    assert note.startswith("the first-boot text of 6 of 6 machines is not compared")


def test_a_disk_that_should_grow_says_that_it_will_not_by_itself(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(project)
    change(project / "clusters/production.yaml", "disk_gb: 250", "disk_gb: 500")
    found = report(project, capsys, plan)
    assert named(found) == {f"data disk of festival-rke2-agent-{i}" for i in range(3)}
    assert {each["remedy"] for each in found["disagreements"]} == {
        "a disk keeps its size until it is made anew: docs/day-two.md, grow a disk"
    }


def test_a_public_address_that_is_not_the_routers_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(project)
    (internet,) = resources(plan, "sakura_internet")
    internet["ip_addresses"] = [f"203.0.113.{number}" for number in range(17, 28)]
    found = report(project, capsys, plan)
    assert named(found) == {"public address (DNS target)"}
    assert found["disagreements"][0]["reference"]["values"][0] == "203.0.113.20"
    assert all("write one of those" in each["remedy"] for each in found["disagreements"])


def test_the_network_stage_has_no_machines_to_compare(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(project)
    root = plan["planned_values"]["root_module"]
    later = {"sakura_server", "sakura_disk", "sakura_vpn_router", "sakura_dsr_lb"}
    root["resources"] = [each for each in root["resources"] if each["type"] not in later]
    found = report(project, capsys, plan)
    assert found["disagreements"] == []
    assert found["notes"] == ["the plan makes no machines: it is of the stage network"]
    assert len(found["nodes"]) == 6


def test_no_secret_of_the_plan_is_printed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_file(project)
    for each in plan["planned_values"]["root_module"]["resources"]:
        if "user_data" in each["values"]:
            each["values"]["user_data"] += f"# {SECRET}\n- not YAML"
    (project / "plan.json").write_text("{}")
    with pytest.raises(ConfigError) as told:
        report(project, capsys, plan)
    captured = capsys.readouterr()
    assert SECRET not in f"{told.value}{captured.out}{captured.err}"
    assert "user_data of festival-rke2-agent-0 is no cloud-init text" in str(told.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "not JSON"),
        ("[]", "no plan of terraform/"),
        ('{"format_version": "1.2"}', "no 'planned_values'"),
        ('{"planned_values": {"root_module": {"resources": [{}]}}}', "no 'mode'"),
    ],
)
def test_another_file_is_refused(content: str, says: str, project: Path) -> None:
    file = project / "other.json"
    file.write_text(content)
    with pytest.raises(ConfigError) as told:
        infra(project, Options(cluster="production", plan=file))
    assert says in str(told.value)
    assert "terraform show -json" in str(told.value)


def test_a_file_that_is_not_there_is_refused(project: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        infra(project, Options(plan=project / "missing.json"))


def test_another_clusters_plan_is_refused(project: Path) -> None:
    (project / "clusters/stage.yaml").write_text("name: stage\n")
    file = project / "plan.json"
    file.write_text('{"variables": {"cluster": {"value": "production"}}}')
    with pytest.raises(ConfigError, match="a plan of production, not of stage"):
        infra(project, Options(cluster="stage", plan=file))
