"""terraform/ as a whole, with the real provider: what it would make, and what it would never undo.

Nothing is created and nobody is asked; see root.py. Where the provider is not at hand these tests
are skipped, and test_resources.py stands alone.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.terraform.root import ARCHIVE, Root, archives, needs_provider, root
from tests.terraform.schemas import PROVIDER_SCHEMA
from tests.terraform.terraform import FIXTURES, SECRETS, example, needs_terraform
from tools.provider_schema import PROVIDER, derive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [needs_terraform, needs_provider]

ROUTER = "sakura_vpn_router.gateway[0]"
AGENT_1 = '["festival-rke2-agent-1"]'


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Root, list[str]]]:
    """Return the example as it is after an apply, and what the API was asked."""
    with archives() as (api, asked):
        found = root(tmp_path_factory.mktemp("account"), api=api)
        found.pretend_applied()
        yield found, asked


@pytest.fixture
def live(account: tuple[Root, list[str]]) -> Iterator[Root]:
    """Return a cluster that runs; each test finds it unchanged."""
    found, _ = account
    state = (found.folder / "terraform.tfstate").read_text(encoding="utf-8")
    yield found
    found.configure(example())
    (found.folder / "terraform.tfstate").write_text(state, encoding="utf-8")


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the example cluster file with one value replaced."""
    cluster = example()
    *parents, key = path.split(".")
    section = cluster
    for parent in parents:
        section = section[parent]
    section[key] = value
    return cluster


def planned(live: Root, path: str, value: object) -> dict[str, list[str]]:
    """Plan with one value of the cluster file replaced."""
    live.configure(changed(path, value))
    return live.plan()


# --- with a mocked provider -----------------------------------------------------------------------


def test_terraforms_own_tests_pass(tmp_path: Path) -> None:
    found = root(tmp_path)
    (tmp_path / "dist" / "other").symlink_to("example")
    other = example() | {
        "name": "other",
        "servers": example()["servers"] | {"count": 1},
        "agents": example()["agents"] | {"count": 0},
        "storage": {"kind": "nfs", "plan": "hdd", "size_gb": 500},
        "dns": {"provider": "sakura", "zone": "festival.example", "zone_id": 100000000006},
    }
    peer = {"name": "alice", "address": "192.168.200.2", "public_key": "A" * 43 + "="}
    other["sakura"]["vpn"] = {"cidr": "192.168.200.0/24", "peers": [peer]}
    file = tmp_path / "clusters" / "other.yaml"
    file.write_text(json.dumps(other), encoding="utf-8")
    # Terraform's tests tidy up after themselves, which is what this forbids.
    for path in found.folder.glob("*.tf"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("prevent_destroy = true", ""), encoding="utf-8")
    (found.folder / "tests").mkdir()
    shutil.copy(FIXTURES.parent / "root.tftest.hcl", found.folder / "tests")
    result = found.run("test", "-no-color")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Success! 4 passed, 0 failed." in result.stdout


# --- with the real one ----------------------------------------------------------------------------


def test_the_configuration_is_valid(account: tuple[Root, list[str]]) -> None:
    found, _ = account
    result = found.run("validate", "-no-color")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_kept_structure_is_the_providers_own(account: tuple[Root, list[str]]) -> None:
    found, _ = account
    schemas = json.loads(found.run("providers", "schema", "-json").stdout)["provider_schemas"]
    (schema,) = (schemas[key] for key in schemas if key.endswith(f"/{PROVIDER}"))
    used = {kind: set(PROVIDER_SCHEMA[kind]) for kind in ("data", "resource")}
    assert derive(schema, used) == {kind: PROVIDER_SCHEMA[kind] for kind in used}


def test_the_archive_is_searched_for_by_version_and_cloud_init(
    account: tuple[Root, list[str]],
) -> None:
    found, asked = account
    path, _, query = asked[0].partition("?")
    assert path == "/is1b/api/cloud/1.1/archive"
    tags = [["cloud-init", "distro-ubuntu"]]
    assert json.loads(query)["Filter"] == {"Name": "24.04", "Tags.Name": tags}
    state = json.loads((found.folder / "terraform.tfstate").read_text())
    sources = {
        instance["attributes"]["source_archive_id"]
        for resource in state["resources"]
        if resource["type"] == "sakura_disk" and resource["name"] != "longhorn"
        for instance in resource["instances"]
    }
    assert sources == {ARCHIVE}


def test_a_second_apply_changes_nothing(live: Root) -> None:
    assert live.plan() == {}


def test_what_only_new_machines_follow_leaves_the_running_ones_alone(live: Root) -> None:
    cluster = example()
    cluster["sakura"]["os_archive"] = "ubuntu2204"
    cluster["sakura"]["ssh_public_keys"] = ["ssh-ed25519 " + "B" * 68]
    cluster["rke2"]["version"] = "v1.37.1+rke2r1"
    cluster["agents"]["os_disk_gb"] = cluster["servers"]["os_disk_gb"] = 250
    cluster["storage"]["disk_gb"] = 500
    live.configure(cluster)
    assert live.plan() == {}


def test_a_changed_bandwidth_leaves_the_router_alone(live: Root) -> None:
    assert planned(live, "sakura.internet.bandwidth_mbps", 1000) == {
        "sakura_internet.public": ["update"]
    }


def test_without_the_routers_lifecycle_a_changed_bandwidth_would_replace_it(
    tmp_path: Path, account: tuple[Root, list[str]]
) -> None:
    # The proof that the test above can fail.
    found, _ = account
    shutil.copytree(found.folder.parent, tmp_path, dirs_exist_ok=True, symlinks=True)
    broken = Root(folder=tmp_path / "terraform", api=found.api)
    broken.edit("network.tf", "      public_network_interface.vswitch_id,\n", "")
    assert planned(broken, "sakura.internet.bandwidth_mbps", 1000)[ROUTER] == ["delete", "create"]


def test_more_agents_change_only_the_load_balancer_besides(live: Root) -> None:
    index = '["festival-rke2-agent-3"]'
    assert planned(live, "agents.count", 4) == {
        f"sakura_disk.agent{index}": ["create"],
        f"sakura_disk.longhorn{index}": ["create"],
        f"sakura_server.agent{index}": ["create"],
        "sakura_dsr_lb.visitors[0]": ["update"],
    }


def test_another_size_changes_the_machines_of_that_role_without_making_them_anew(
    live: Root,
) -> None:
    assert planned(live, "agents.memory_gb", 32) == {
        f'sakura_server.agent["festival-rke2-agent-{number}"]': ["update"] for number in range(3)
    }


def test_a_new_os_disk_brings_a_new_machine_and_keeps_the_volumes(live: Root) -> None:
    assert live.plan(f"-replace=sakura_disk.agent{AGENT_1}") == {
        f"sakura_disk.agent{AGENT_1}": ["delete", "create"],
        f"sakura_server.agent{AGENT_1}": ["delete", "create"],
    }


def test_what_holds_data_is_never_destroyed(live: Root) -> None:
    kept = (
        f"sakura_disk.longhorn{AGENT_1}",
        "sakura_internet.public",
        "sakura_object_storage_bucket.etcd",
        "sakura_object_storage_bucket.longhorn[0]",
        "sakura_object_storage_bucket.terraform",
    )
    message = live.refusal(*(f"-replace={address}" for address in kept))
    for address in kept:
        assert f"{address} has lifecycle.prevent_destroy set" in message


def test_fewer_agents_are_refused_until_their_volumes_are_let_go_of(live: Root) -> None:
    live.configure(changed("agents.count", 2))
    disk = 'sakura_disk.longhorn["festival-rke2-agent-2"]'
    assert f"{disk} has lifecycle.prevent_destroy set" in live.refusal()
    assert live.run("state", "rm", disk).returncode == 0
    assert live.plan() == {
        'sakura_disk.agent["festival-rke2-agent-2"]': ["delete"],
        'sakura_server.agent["festival-rke2-agent-2"]': ["delete"],
        "sakura_dsr_lb.visitors[0]": ["update"],
    }


def test_the_network_stage_cannot_take_a_running_cluster_away(live: Root) -> None:
    assert "has lifecycle.prevent_destroy set" in live.refusal(stage="network")


def test_a_public_address_that_is_another_ones_is_refused_with_the_right_one(live: Root) -> None:
    live.configure(changed("public_address", "203.0.113.99"))
    message = live.refusal()
    assert "public_address in clusters/example.yaml is 203.0.113.99" in message
    assert "Write 203.0.113.10 there, run make synth" in message


def test_the_routers_own_addresses_are_not_for_visitors(live: Root) -> None:
    live.configure(changed("public_address", "203.0.113.6"))
    assert "Write 203.0.113.10 there" in live.refusal()


@pytest.mark.parametrize(("name", "value", "says"), [
    ("cluster", "nowhere", "There is no clusters/nowhere.yaml. Give the name of a file there"),
    ("stage", "node", 'stage is "node": use network'),
    ("server_token", "weak", "openssl rand -hex 32"),
    ("console_password_hash", "correct-horse", "openssl passwd -6"),
])  # fmt: skip
def test_a_bad_variable_is_refused_with_its_remedy(
    name: str, value: str, says: str, live: Root
) -> None:
    assert says in live.refusal(**{name: value})


def test_no_secret_is_in_the_plans_text(account: tuple[Root, list[str]]) -> None:
    found, _ = account
    state = found.folder / "terraform.tfstate"
    kept = state.read_text(encoding="utf-8")
    try:
        # A plan of everything, with the keys of the object storage known.
        only = json.loads(kept)
        only["resources"] = [each for each in only["resources"] if "permission" in each["type"]]
        state.write_text(json.dumps(only), encoding="utf-8")
        text = found.run("plan", "-no-color", "-refresh=false").stdout
    finally:
        state.write_text(kept, encoding="utf-8")
    assert "sakura_server.agent" in text
    for secret in (*SECRETS.values(), "EXAMPLEKEY"):
        assert secret not in text
