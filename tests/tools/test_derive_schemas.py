from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from lib.errors import EnvironmentFault, InternalError
from tests.tools.definitions import definition
from tools.derive_schemas import derive, replace
from tools.schema_scopes import built_in_scopes
from tools.schema_sources import Download, Source

if TYPE_CHECKING:
    from pathlib import Path


def test_only_kinds_that_are_kept_have_a_scope() -> None:
    def resource(name: str, kind: str, *verbs: str, namespaced: bool) -> dict[str, Any]:
        return {"name": name, "kind": kind, "verbs": list(verbs), "namespaced": namespaced}

    everything = ("create", "delete", "get", "list")
    document = {
        "groupVersion": "apps/v1",
        "resources": [
            resource("deployments", "Deployment", *everything, namespaced=True),
            resource("deployments/scale", "Scale", *everything, namespaced=True),
            resource("nodes", "Node", *everything, namespaced=False),
            resource("reviews", "Review", "create", namespaced=False),
            resource("states", "State", "get", "list", namespaced=False),
        ],
    }
    assert built_in_scopes([json.dumps(document)]) == {
        "apps/v1/Deployment": "Namespaced",
        "apps/v1/Node": "Cluster",
    }


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    crd = tmp_path / "modules" / "shop" / "crds"
    crd.mkdir(parents=True)
    text = yaml.safe_dump(definition({"type": "object"}))
    (crd / "cups.yaml").write_text(f"labels: {{{{- include 'x' }}}}\n{text}---\n")
    api = tmp_path / "modules" / "kubernetes"
    api.mkdir()
    pods = {"name": "pods", "kind": "Pod", "verbs": ["create", "delete", "list"]}
    document = {"groupVersion": "v1", "resources": [pods | {"namespaced": True}]}
    (api / "v1.json").write_text(json.dumps(document))
    return tmp_path / "modules"


SHOP = Source(module="shop", version="v1.0.0", files=("crds/*.yaml",), helm=True)
API = Source(module="kubernetes", version="v1.2.3", files=("v1.json",))


def derived(modules: Path, *sources: Source, own: Path | None = None) -> dict[str, bytes]:
    def fetch(source: Source) -> Download:
        return Download(source=source, folder=modules / source.module, checksum="h1:x")

    return derive(fetch, definitions=sources or (SHOP,), kubernetes=API, own=own)


def test_a_run_makes_schemas_scopes_and_their_sources(modules: Path) -> None:
    files = derived(modules)
    assert list(files) == ["shop.example/coffeecup_v1.json", "scopes.json", "sources.json"]
    assert json.loads(files["scopes.json"]) == {
        "shop.example/v1/CoffeeCup": "Namespaced",
        "v1/Pod": "Namespaced",
    }
    crd = (modules / "shop" / "crds" / "cups.yaml").read_bytes()
    assert json.loads(files["sources.json"])["modules"][1] == {
        "module": "shop",
        "version": "v1.0.0",
        "checksum": "h1:x",
        "files": [
            {
                "path": "crds/cups.yaml",
                "sha256": hashlib.sha256(crd).hexdigest(),
                "schemas": ["shop.example/coffeecup_v1.json"],
            }
        ],
    }


def test_a_second_run_gives_the_same_bytes_and_touches_nothing(
    modules: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "schemas"
    first = replace(folder, derived(modules))
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert len(first) == 3
    assert replace(folder, derived(modules)) == []
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_stale_schemas_go_and_others_files_stay(modules: Path, tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    (folder / "old.example").mkdir(parents=True)
    (folder / "old.example" / "thing_v1.json").write_text("{}")
    (folder / "cluster.schema.json").write_text("{}")
    (folder / "own").mkdir()
    (folder / "own" / "mine.yaml").write_text("")
    assert "old.example/thing_v1.json" in replace(folder, derived(modules))
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {
        "cluster.schema.json",
        "own/mine.yaml",
        "scopes.json",
        "shop.example/coffeecup_v1.json",
        "sources.json",
    }
    assert not (folder / "old.example").exists()
    assert not list(tmp_path.glob(".schemas-*"))


def test_a_folder_that_cannot_be_written_is_a_fault_of_the_machine(
    modules: Path, tmp_path: Path
) -> None:
    (tmp_path / "schemas").touch()
    with pytest.raises(EnvironmentFault, match="cannot write"):
        replace(tmp_path / "schemas", derived(modules))


def test_definitions_of_our_own_are_converted_like_the_others(
    modules: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = yaml.safe_dump(definition({"type": "object"}, group="own.example"))
    (own / "cups.yaml").write_text(text)
    files = derived(modules, own=own)
    assert "own.example/coffeecup_v1.json" in files
    assert "own.example/v1/CoffeeCup" in json.loads(files["scopes.json"])


def test_a_kind_that_is_defined_twice_is_refused(modules: Path) -> None:
    with pytest.raises(InternalError, match=r"coffeecup_v1\.json is defined twice"):
        derived(modules, SHOP, SHOP)


def test_a_pattern_that_matches_nothing_is_refused(modules: Path) -> None:
    moved = Source(module="shop", version="v2.0.0", files=("moved/*.yaml",))
    with pytest.raises(InternalError, match=r"shop@v2\.0\.0: no file matches moved/\*\.yaml"):
        derived(modules, moved)


def test_a_file_that_defines_no_kind_is_refused(modules: Path) -> None:
    (modules / "shop" / "crds" / "list.yaml").write_text("kind: Kustomization\n")
    with pytest.raises(InternalError, match=r"list\.yaml defines no kind"):
        derived(modules)


@pytest.mark.parametrize("text", ["a: {{- x }}\n", "kind: CustomResourceDefinition\nspec: {}\n"])
def test_a_file_that_cannot_be_read_is_named(modules: Path, text: str) -> None:
    (modules / "shop" / "crds" / "cups.yaml").write_text(text)
    plain = Source(module="shop", version="v1.0.0", files=("crds/*.yaml",))
    with pytest.raises(InternalError, match=r"shop@v1\.0\.0: cups\.yaml cannot be read: "):
        derived(modules, plain)
