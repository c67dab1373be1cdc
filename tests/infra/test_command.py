"""`yagura infra` as people and programs call it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lib import cli
from tests.infra.scratch import ROOT, change

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("without_terraform")


@pytest.fixture(autouse=True)
def here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "PROJECT", str(project))


def test_the_table_has_a_row_per_machine_servers_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["infra"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "production: 6 machines in is1b"
    assert [line.split() for line in lines[2:8:3]] == [
        ["festival-rke2-server-0", "server", "192.168.0.11", "4", "8", "GB", "40", "GB", "-"],
        [
            "festival-rke2-agent-0",
            "agent",
            "192.168.1.1",
            *["8", "16", "GB", "100", "GB", "250", "GB"],
        ],
    ]


def test_machines_are_in_the_order_of_their_addresses(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "clusters/production.yaml"
    change(file, "agents:\n", "agents:\n  # many\n")
    text = file.read_text()
    before, _, after = text.partition("  # many\n")
    file.write_text(before + after.replace("count: 3", "count: 11", 1))
    cli.main(["infra", "--output", "json"])
    nodes = json.loads(capsys.readouterr().out)["clusters"][0]["nodes"]
    assert [node["address"] for node in nodes[-3:]] == [
        "192.168.1.9",
        "192.168.1.10",
        "192.168.1.11",
    ]


def test_without_terraform_one_line_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["infra"]) == 0
    told = capsys.readouterr().out
    assert told.count("terraform is not on PATH") == 1
    assert "the cluster file and dist/production:" in told
    assert told.splitlines()[-2].endswith("all agree")


def test_a_disagreement_ends_with_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project / "clusters/production.yaml", "pod_cidr: 10.42.0.0/16", "pod_cidr: 10.46.0.0/16")
    assert cli.main(["infra"]) == 2
    told = capsys.readouterr().out
    assert (
        "pod network (cluster-cidr): clusters/production.yaml says 10.46.0.0/16, "
        "dist/ says 10.42.0.0/16" in told
    )


def test_the_report_for_programs_is_the_same_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for _ in range(2):
        assert cli.main(["infra", "--output", "json", "--cluster", "production"]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    (cluster,) = json.loads(texts[0])["clusters"]
    assert sorted(cluster) == [
        *("cluster", "compared", "cost", "disagreements", "nodes", "notes", "terraform", "zone"),
    ]
    assert cluster["terraform"] is None
    assert cluster["cost"]["complete"] is False


def test_a_price_that_is_unknown_makes_the_sum_a_lower_bound(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli.main(["infra"])
    told = capsys.readouterr().out
    assert "cost of a month: at least 186,890 JPY with tax" in told
    assert "not in the sum, as their price is unknown: public addresses: /28; VPC router" in told


def test_with_all_prices_the_sum_is_the_sum(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(project / "terraform/prices.yaml", ": unknown", ": 1000")
    cli.main(["infra"])
    told = capsys.readouterr().out
    assert "cost of a month: 189,890 JPY with tax" in told
    assert "unknown" not in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--cluster", "stage"], "there is no clusters/stage.yaml; there are: production"),
        (["--plan", "missing.json"], "--plan missing.json: No such file or directory"),
    ],
)
def test_what_cannot_be_used_ends_with_1(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["infra", *arguments]) == 1
    assert says in capsys.readouterr().err


def test_a_cluster_that_was_never_synthesized_ends_with_1(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "dist/production").rename(project / "dist/elsewhere")
    assert cli.main(["infra"]) == 1
    assert "dist/production is not there: run make synth" in capsys.readouterr().err


def test_the_costs_in_the_documents_are_those_of_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli.main(["infra"])
    _, cost, _ = capsys.readouterr().out.split("\n\n")
    assert cost in (ROOT / "docs/costs.md").read_text()
