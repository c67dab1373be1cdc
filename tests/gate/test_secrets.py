"""``yagura secrets``: an inventory of dist/ by path in Vault, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lib.errors import ConfigError
from lib.gate.secrets import secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
HEADING = "# yagura made this from apps/shop.py; change it there and run make synth\n---\n"
SECRET = f"""\
{HEADING}apiVersion: v1
kind: Secret
metadata:
  name: database
  namespace: shop
stringData:
  address: "postgres://shop:<path:kv/data/shop/database#password>@database/shop"
  client: "<path:kv/data/oidc/shop#clientSecret | base64decode>"
  password: "<path:kv/data/shop/database#password>"
"""
APPLICATION = f"""\
{HEADING}apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argocd}}
spec: {{source: {{path: dist/here/shop, plugin: {{name: argocd-vault-plugin}}}}}}
"""
FILES = {
    "clusters/here.yaml": "",
    "dist/here/shop/secret-database.yaml": SECRET,
    "dist/here/root/application-shop.yaml": APPLICATION,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    written(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(top: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert secrets(project, cluster=None, output="json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_each_place_that_asks_for_a_value_is_told_in_full(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = as_json(folder, capsys)["placeholders"][0]
    assert first == {
        "cluster": "here",
        "app": "shop",
        "path": "kv/data/oidc/shop",
        "key": "clientSecret",
        "version": "",
        "modifiers": ["base64decode"],
        "file": "dist/here/shop/secret-database.yaml",
        "line": 10,
        "apiVersion": "v1",
        "kind": "Secret",
        "namespace": "shop",
        "name": "database",
        "pointer": "/stringData/client",
        "source": {"file": "apps/shop.py", "line": 1},
    }


def test_places_are_sorted_by_path_key_and_field(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = as_json(folder, capsys)["placeholders"]
    assert [(each["path"], each["key"], each["pointer"]) for each in found] == [
        ("kv/data/oidc/shop", "clientSecret", "/stringData/client"),
        ("kv/data/shop/database", "password", "/stringData/address"),
        ("kv/data/shop/database", "password", "/stringData/password"),
    ]


def test_each_path_in_vault_is_told_once_with_its_keys(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert as_json(folder, capsys)["vault"] == [
        {"cluster": "here", "path": "kv/data/oidc/shop", "keys": ["clientSecret"]},
        {"cluster": "here", "path": "kv/data/shop/database", "keys": ["password"]},
    ]


def test_the_text_is_grouped_by_path_in_vault(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert secrets(folder, cluster="here", output="text") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "here: 2 secrets in Vault, asked for in 3 places"
    titles = [line for line in lines if line.startswith("kv/")]
    assert titles == [
        "kv/data/oidc/shop   (vault kv put -mount=kv oidc/shop)",
        "kv/data/shop/database   (vault kv put -mount=kv shop/database)",
    ]
    assert lines[lines.index(titles[0]) + 1].split("  ")[1:2] == ["clientSecret | base64decode"]
    assert "apps/shop.py:1" in lines[-2]


def test_a_malformed_placeholder_ends_with_2_and_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(folder, {"dist/here/shop/secret-database.yaml": SECRET.replace("#password", "")})
    assert secrets(folder, cluster=None, output="text") == 2
    told = capsys.readouterr()
    assert "1 secrets in Vault, asked for in 1 places" in told.out
    assert "dist/here/shop/secret-database.yaml:9: /stringData/address: no placeholder" in told.err


@pytest.mark.parametrize(
    ("cluster", "files", "word"),
    [
        ("nowhere", {}, "there are: here"),
        ("there", {"clusters/there.yaml": ""}, "dist/there is not there: run make synth"),
    ],
)
def test_a_cluster_without_files_is_an_error(
    folder: Path, cluster: str, files: dict[str, str], word: str
) -> None:
    written(folder, files)
    with pytest.raises(ConfigError, match=word):
        secrets(folder, cluster=cluster, output="text")


def test_every_placeholder_of_our_own_dist_is_in_the_inventory(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert secrets(ROOT, cluster="production", output="json") == 0
    found = json.loads(capsys.readouterr().out)["placeholders"]
    files = sorted((ROOT / "dist" / "production").rglob("*.yaml"))
    written_out = sum(path.read_text(encoding="utf-8").count("<path:") for path in files)
    assert len(found) == written_out > 0
    assert all(each["app"] == each["file"].split("/")[2] for each in found)
    assert all(each["source"]["line"] > 1 for each in found)
