"""Terraform plans modules/plan for the report: without an account, and without a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lib.errors import EnvironmentFault
from lib.infra.command import Options, infra
from tests.infra.scratch import change, named, report
from tests.terraform.terraform import needs_terraform

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_terraform

VIP = "dist/production/bootstrap/daemonset-kube-vip.yaml"


def test_the_project_agrees_with_its_plan(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(project, capsys)
    assert found["disagreements"] == []
    assert found["terraform"] == "terraform/modules/plan, planned now"
    assert {
        "RKE2 version",
        "kube API address (VIP)",
        "tls-san",
        "pod network (cluster-cidr)",
        "Service network (service-cidr)",
        "workloads on servers (node-taint)",
        "label for Longhorn's disk on agents",
        "load balancer's virtual address",
        "ARP settings of agents",
        "public address (DNS target)",
        "bucket of etcd's snapshots",
        "bucket of the volumes' backups",
        "object storage endpoint",
        "host that kube-apiserver logs in at",
        "Secret of etcd's snapshots",
        "file bootstrap/daemonset-kube-vip.yaml",
    } <= set(found["compared"])


def test_each_disagreement_names_both_sides_the_file_and_the_remedy(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(project / VIP, 'value: "192.168.0.2"', 'value: "192.168.0.222"')
    assert infra(project, Options()) == 2
    told = capsys.readouterr().out
    assert (
        "  kube API address (VIP): Terraform says 192.168.0.2, dist/ says 192.168.0.222\n"
        f"    {VIP}:39\n"
        "    -> run make synth; if it stays, `yagura where` names the app that says so\n"
    ) in told


def test_an_address_that_the_plan_computes_otherwise_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "terraform/modules/plan/addresses.tf"
    change(
        file,
        "kube_api_address = cidrhost(local.node_cidr, 2)",
        "kube_api_address = cidrhost(local.node_cidr, 9)",
    )
    found = report(project, capsys)
    assert "kube API address (VIP)" in named(found)
    assert {
        tuple(each["reference"]["values"])
        for each in found["disagreements"]
        if each["what"] == "kube API address (VIP)"
    } == {("192.168.0.9",)}


def test_an_agent_without_the_virtual_address_on_loopback_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "terraform/cloud-init/agent.yaml.tftpl"
    change(file, "[${load_balancer_virtual_address}/32]", "[192.168.0.10/32]")
    found = report(project, capsys)
    assert named(found) == {"load balancer's virtual address"}
    assert found["disagreements"][0]["places"][0] == "cloud-init of festival-rke2-agent-0"


def test_a_login_host_that_servers_do_not_find_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        project / "dist/production/nodes/server/config.yaml",
        "oidc-issuer-url=https://dex.festival.example",
        "oidc-issuer-url=https://login.festival.example",
    )
    assert "host that kube-apiserver logs in at" in named(report(project, capsys))


def test_a_flag_that_makes_rke2_ignore_the_secret_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        project / "dist/production/nodes/server/config.yaml",
        "etcd-s3: true\n",
        "etcd-s3: true\netcd-s3-bucket: elsewhere\n",
    )
    assert "etcd-s3 flags beside the Secret" in named(report(project, capsys))


def test_another_secret_than_terraform_writes_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        project / "dist/production/nodes/server/config.yaml",
        "etcd-s3-config-secret: etcd-s3",
        "etcd-s3-config-secret: snapshots",
    )
    assert "Secret of etcd's snapshots" in named(report(project, capsys))


def test_nothing_is_left_behind(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    report(project, capsys)
    after = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert after == before


def test_the_users_own_settings_of_terraform_play_no_part(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_ARGS_plan", "-no-such-option")
    monkeypatch.setenv("TF_VAR_user_data_limit", "1")
    assert report(project, capsys)["disagreements"] == []


def test_what_terraform_refuses_is_told_in_its_own_words(project: Path) -> None:
    # A rule that yagura leaves to Terraform.
    change(
        project / "terraform/modules/plan/variables.tf",
        "default     = 65535",
        "default     = 1000",
    )
    with pytest.raises(EnvironmentFault) as told:
        infra(project, Options())
    assert told.value.exit_code == 4
    assert "terraform plan in terraform/modules/plan failed" in str(told.value)
    assert "is longer than 1000 bytes" in str(told.value)


def test_no_token_is_printed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    infra(project, Options())
    infra(project, Options(output="json"))
    told = capsys.readouterr()
    assert "made-up" not in f"{told.out}{told.err}"
    assert "madeup" not in f"{told.out}{told.err}"
