"""Run terraform/ itself, with the real provider but without an account.

The provider is asked for plans, never for an apply: it answers those alone, but for one question,
which archive to copy. A stub of Sakura's API answers that one.
"""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import yaml

from tests.terraform.account import with_new
from tests.terraform.terraform import EXAMPLE_DIST, RKE2_SHA256, ROOT, SECRETS, run

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PLUGINS = ROOT / ".yagura" / "terraform"
needs_provider = pytest.mark.skipif(
    not PLUGINS.is_dir(), reason="the provider is not in .yagura/terraform (docs/terraform.md)"
)

ARCHIVE = "113000000001"


@dataclass(frozen=True, kw_only=True)
class Root:
    """A copy of terraform/ with one cluster beside it.

    Args:
        folder: The copy of terraform/.
        api: Where the stub of Sakura's API answers.
    """

    folder: Path
    api: str = "http://127.0.0.1:1"

    def configure(self, cluster: Mapping[str, Any]) -> None:
        """Write the cluster file."""
        file = self.folder.parent / "clusters" / "example.yaml"
        file.write_text(yaml.safe_dump(dict(cluster)), encoding="utf-8")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run terraform there."""
        given = {"cluster": "example", **SECRETS, **variables}
        return run(
            self.folder,
            *arguments,
            SAKURA_API_ROOT_URL=self.api,
            SAKURA_ACCESS_TOKEN="nobody",  # noqa: S106 - no account has it
            SAKURA_ACCESS_TOKEN_SECRET="nothing",  # noqa: S106 - likewise
            **{f"TF_VAR_{name}": value for name, value in given.items()},
        )

    def plan(self, *arguments: str, **variables: str) -> dict[str, list[str]]:
        """Plan, and return what would happen to each resource: `create`, `update`, `delete`."""
        changes = self._planned(*arguments, **variables)["resource_changes"]
        actions = {change["address"]: change["change"]["actions"] for change in changes}
        return {address: found for address, found in actions.items() if found != ["no-op"]}

    def refusal(self, *arguments: str, **variables: str) -> str:
        """Plan what terraform has to refuse, and return its errors."""
        result = self.run("plan", "-no-color", "-refresh=false", *arguments, **variables)
        assert result.returncode == 1, result.stdout
        return " ".join(result.stderr.split())

    def _planned(self, *arguments: str, **variables: str) -> dict[str, Any]:
        options = ("-no-color", "-refresh=false", "-out=planned", *arguments)
        result = self.run("plan", *options, **variables)
        assert result.returncode == 0, result.stdout + result.stderr
        shown = json.loads(self.run("show", "-json", "planned").stdout)
        assert isinstance(shown, dict)
        return shown

    def pretend_applied(self) -> None:
        """Write the state that an apply would leave."""
        file = self.folder / "terraform.tfstate"
        # Each round knows the ids that the round before made up.
        for _ in range(5):
            changes = self._planned()["resource_changes"]
            new = [each for each in changes if each["change"]["actions"] == ["create"]]
            if not new:
                return
            before = json.loads(file.read_text()) if file.exists() else {}
            file.write_text(json.dumps(with_new(before, new)), encoding="utf-8")
        pytest.fail(f"never created: {[each['address'] for each in new]}")


def root(parent: Path, *, api: str = "") -> Root:
    """Copy terraform/ and the example cluster, and let terraform find the provider."""
    ignored = shutil.ignore_patterns(".terraform*", "backend.tf", "*.tfstate*")
    folder = parent / "terraform"
    shutil.copytree(ROOT / "terraform", folder, ignore=ignored)
    shutil.copytree(EXAMPLE_DIST, parent / "dist" / "example")
    (parent / "clusters").mkdir()
    shutil.copy(EXAMPLE_DIST.parents[1] / "clusters" / "example.yaml", parent / "clusters")
    checksums = {"v1.36.3+rke2r1": RKE2_SHA256}
    (folder / "rke2-checksums.yaml").write_text(yaml.safe_dump(checksums), encoding="utf-8")
    found = Root(folder=folder, api=api or Root.api)
    result = found.run("init", "-no-color", f"-plugin-dir={PLUGINS}")
    assert result.returncode == 0, result.stderr
    return found


class _Archives(BaseHTTPRequestHandler):
    """Answers what a search for archives would, and remembers the question."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(unquote(self.path))
        archive = {"ID": ARCHIVE, "Name": "Ubuntu 24.04.2 (cloudimg)", "SizeMB": 20480}
        answer = {"Archives": [archive], "Count": 1, "From": 0, "Total": 1, "is_ok": True}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def archives() -> Iterator[tuple[str, list[str]]]:
    """Serve the stub; yield its address and what it was asked."""
    asked: list[str] = []
    handler = type("Archives", (_Archives,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
