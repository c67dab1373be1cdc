"""terraform/*.tf by the provider's schema: no argument that does not exist, none that is missing.

The provider itself drops a misspelt key inside a nested object without a word, so this test holds
even where the provider is at hand.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.terraform.hcl import Block, blocks, read, text_of
from tests.terraform.judge import judge
from tests.terraform.sample import UNKNOWN
from tests.terraform.schemas import PROVIDER_SCHEMA, VERSION
from tests.terraform.terraform import (
    ROOT,
    SECRETS,
    TERRAFORM,
    Case,
    applied,
    example,
    needs_terraform,
)
from tools.provider_schema import SCHEMAS, text, used_types

TERRAFORM_FOLDER = ROOT / "terraform"
FILES = sorted(TERRAFORM_FOLDER.glob("*.tf"))
PARSED = {file.name: read(file) for file in FILES}
ALL = [block for found in PARSED.values() for block in found]
RESOURCES = {block.name: block for block in ALL if block.kind == "resource"}

HOLDS_DATA = {
    "sakura_disk.longhorn",
    "sakura_nfs.volumes",
    "sakura_object_storage_bucket.etcd",
    "sakura_object_storage_bucket.longhorn",
    "sakura_object_storage_bucket.terraform",
    "sakura_dns.zone",
    "sakura_internet.public",
}


def other() -> dict[str, Any]:
    """Return a cluster file that chooses the other half of what can be chosen."""
    peer = {"name": "alice", "address": "192.168.200.2", "public_key": "A" * 43 + "="}
    found = example()
    found["storage"] = {"kind": "nfs", "plan": "ssd", "size_gb": 500}
    found["dns"] = {"provider": "sakura", "zone": "festival.example", "zone_id": 1}
    found["sakura"]["vpn"] = {"cidr": "192.168.200.0/24", "peers": [peer]}
    return found


def outputs() -> tuple[str, ...]:
    """Return the names of modules/plan's outputs."""
    found = read(TERRAFORM_FOLDER / "modules" / "plan" / "outputs.tf")
    return tuple(block.labels[0] for block in found if block.kind == "output")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what modules/plan really gives; without terraform nothing is known about it."""
    if TERRAFORM is None:
        return UNKNOWN
    cases = {"usual": Case(cluster=example()), "other": Case(cluster=other())}
    found = applied(tmp_path_factory.mktemp("plan"), cases, outputs=outputs())
    # What the usual one does not have.
    return found["usual"] | {key: found["other"][key] for key in ("nfs", "wire_guard")}


def problems(found: list[Block], plan: Any) -> list[str]:
    return judge(found, PROVIDER_SCHEMA, plan, other())


def test_every_argument_is_one_of_the_providers(plan: Any) -> None:
    assert problems(ALL, plan) == []


def test_the_kept_schema_is_of_the_version_and_the_types_that_are_used() -> None:
    assert PROVIDER_SCHEMA["provider"] == {"source": "sacloud/sakura", "version": VERSION}
    used = used_types(TERRAFORM_FOLDER)
    assert {kind: set(PROVIDER_SCHEMA[kind]) for kind in used} == used


def test_the_kept_schema_is_written_as_its_tool_writes_it() -> None:
    structure = {kind: PROVIDER_SCHEMA[kind] for kind in ("data", "resource")}
    kept = (SCHEMAS / f"{VERSION}.json").read_text(encoding="utf-8")
    assert text(VERSION, structure) == kept


# A text of terraform/*.tf, what is broken about it, and what the judge has to say.
BROKEN = [
    ("upstream         = sakura_vswitch.nodes.id", "vswitch          = sakura_vswitch.nodes.id",
     "network_interface.vswitch: there is no such argument"),
    ("upstream         = sakura_vswitch.nodes.id", "",
     "network_interface.upstream: it is required, and missing"),
    ('description = "visitors, to the load balancer"', 'descriptoin = "visitors"',
     "static_nat.descriptoin: there is no such argument"),
    ("          status     = server.status", "          status     = server.status\n port = 80",
     "vip.server.port: there is no such argument"),
    ("          status     = server.status", '          status     = "200"',
     "vip.server.status: line"),
    ("        allow               = rule.allow", "", "firewall.expression.allow: it is required"),
    ("    ip_addresses = module.plan.network.load_balancer_addresses",
     "    ip_addresses = [80]", "gives a number where a string belongs"),
    ("  netmask    = local.cluster.sakura.internet.netmask",
     "  netmask    = local.cluster.sakura.zone", "gives a string where a number belongs"),
    ('resource "sakura_vswitch" "nodes" {', 'resource "sakura_switch" "nodes" {',
     "the provider has no resource sakura_switch"),
    ('  name = "${local.prefix}-nodes"', "", "sakura_vswitch.nodes: name: it is required"),
    ('  name = "${local.prefix}-nodes"', '  name = "a"\n  server_ids = []',
     "server_ids: the provider sets it, nobody else"),
    ('  name = "${local.prefix}-nodes"', '  name = "a"\n  timeouts {\n    create = "1h"\n  }',
     "timeouts is written as a block"),
    ("sakura_packet_filter.server.id\n\n", "sakura_packet_filter.server.number\n\n",
     "sakura_packet_filter.server.number does not exist"),
    ('versioning_configuration = {\n    status = "Enabled"\n  }',
     "versioning_configuration = var.stage", "an object has to be written out"),
]  # fmt: skip


# The same, where only modules/plan knows the types.
BROKEN_BY_THE_PLAN = [
    ("          status     = server.status", "          status     = server.protocol",
     "gives a string where a number belongs"),
    ("          status     = server.status", "          status     = server.state",
     "server.state does not exist"),
    ("    ip_addresses = module.plan.network.router_addresses",
     "    ip_addresses = module.plan.network.gateway_address",
     "gives a string where a list of string belongs"),
    ("  size = each.value.size_gb", "  size = each.value.name",
     "sakura_disk.longhorn: size: line"),
]  # fmt: skip


def spoiled(old: str, new: str) -> list[Block]:
    """Return all blocks of a copy in which one text is replaced."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in FILES}
    assert any(old in text for text in texts.values())
    return [
        block
        for name, text in texts.items()
        for block in (blocks(text.replace(old, new), name) if old in text else PARSED[name])
    ]


@pytest.mark.parametrize(("old", "new", "says"), BROKEN, ids=[says[:40] for *_, says in BROKEN])
def test_a_broken_copy_is_found(old: str, new: str, says: str, plan: Any) -> None:
    assert [problem for problem in problems(spoiled(old, new), plan) if says in problem]


@needs_terraform
@pytest.mark.parametrize(("old", "new", "says"), BROKEN_BY_THE_PLAN)
def test_a_copy_that_uses_the_plan_wrongly_is_found(
    old: str, new: str, says: str, plan: Any
) -> None:
    assert [problem for problem in problems(spoiled(old, new), plan) if says in problem]


# --- what no schema says --------------------------------------------------------------------------


def lifecycle(block: Block) -> Block:
    (found,) = block.inner("lifecycle") or [
        Block(kind="lifecycle", labels=(), where=block.where, attributes={}, blocks=())
    ]
    return found


def test_what_holds_data_is_kept_from_being_destroyed() -> None:
    kept = {
        name
        for name, block in RESOURCES.items()
        if "prevent_destroy" in lifecycle(block).attributes
        and text_of(lifecycle(block).attributes["prevent_destroy"]) == "true"
    }
    assert kept == HOLDS_DATA


def test_every_machine_keeps_its_first_text_and_follows_its_os_disk() -> None:
    machines = [block for name, block in RESOURCES.items() if name.startswith("sakura_server.")]
    assert len(machines) == 3
    for block in machines:
        attributes = lifecycle(block).attributes
        assert text_of(attributes["ignore_changes"]) == "[user_data]"
        disk = f"[sakura_disk.{block.labels[1]}[each.key].id]"
        assert text_of(attributes["replace_triggered_by"]) == disk


def test_no_disk_follows_a_new_archive_or_another_size() -> None:
    disks = {name: block for name, block in RESOURCES.items() if name.startswith("sakura_disk.")}
    assert set(disks) == {
        f"sakura_disk.{it}" for it in ("first_server", "server", "agent", "longhorn")
    }
    for block in disks.values():
        ignored = text_of(lifecycle(block).attributes["ignore_changes"])
        assert {"size", "plan"} <= set(ignored.strip("[]").split(","))
        assert ("source_archive_id" in block.attributes) == ("source_archive_id" in ignored)


def test_every_secret_variable_is_marked_and_has_no_value() -> None:
    variables = {block.labels[0]: block for block in ALL if block.kind == "variable"}
    marked = {name for name, block in variables.items() if "sensitive" in block.attributes}
    assert marked == {"server_token", "agent_token", "console_password_hash"}
    assert marked == {name for name in SECRETS if name in variables}
    for name in marked:
        assert text_of(variables[name].attributes["sensitive"]) == "true"
        assert "default" not in variables[name].attributes


def test_no_output_gives_a_secret() -> None:
    secrets = (
        "token",
        "password",
        "secret",
        "access_key",
        "user_data",
        "cloud_init",
        "nonsensitive",
    )
    given = [block for block in ALL if block.kind == "output"]
    assert given
    for block in given:
        assert not [word for word in secrets if word in text_of(block.attributes["value"])]
        assert "sensitive" not in block.attributes


def test_git_keeps_neither_state_nor_secrets() -> None:
    ignored = (TERRAFORM_FOLDER / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"*.tfstate*", "*.tfvars", "*.tfplan", ".terraform/"} <= set(ignored)
