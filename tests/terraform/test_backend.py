"""Terraform's state: encrypted, in the cluster's own place, and asked for nothing that is missing.

The real terraform writes a state to a stub of the object storage.
"""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest

from lib.config import load_cluster
from tests.terraform.hcl import bare, blocks, entries, text_of
from tests.terraform.terraform import ROOT, needs_terraform, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

FOLDER = ROOT / "terraform"
CLUSTERS = sorted(path.stem for path in (ROOT / "clusters").glob("*.yaml"))
SHELL = {
    "AWS_ACCESS_KEY_ID": "EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
}


@pytest.mark.parametrize("name", CLUSTERS)
def test_each_cluster_says_where_its_state_lies(name: str) -> None:
    store = load_cluster(ROOT / "clusters" / f"{name}.yaml").object_storage
    file = FOLDER / f"{name}.s3.tfbackend"
    assert file.exists(), f"copy terraform/production.s3.tfbackend to {file.name}, and change it"
    # Such a file has attributes alone, like a block's inside.
    (block,) = blocks(f"backend {{\n{file.read_text(encoding='utf-8')}}}\n", file.name)
    given = dict(block.attributes)
    endpoints = entries(bare(given.pop("endpoints")))
    assert {key: text_of(value) for key, value in endpoints.items()} == {
        "s3": f"https://{store.endpoint}"
    }
    assert {key: text_of(value) for key, value in given.items()} == {
        "bucket": store.terraform_bucket,
        "key": f"{name}/terraform.tfstate",
        "region": store.region,
    }


class _Bucket(BaseHTTPRequestHandler):
    """An object storage that keeps what it is given, and how it was given."""

    objects: ClassVar[dict[str, bytes]]
    puts: ClassVar[list[tuple[str, Message]]]

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.count("/") == 1:
            self._answer(200, b"<ListBucketResult></ListBucketResult>")
        elif path in self.objects:
            self._answer(200, self.objects[path])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        path = self.path.partition("?")[0]
        self.objects[path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.puts.append((path, self.headers))
        self._answer(200)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def bucket() -> Iterator[tuple[str, list[tuple[str, Message]]]]:
    """Serve the stub; yield its address and what was written."""
    puts: list[tuple[str, Message]] = []
    handler = type("Bucket", (_Bucket,), {"objects": {}, "puts": puts})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", puts
        finally:
            server.shutdown()


@needs_terraform
def test_the_state_is_written_encrypted_without_lock_and_without_new_checksums(
    tmp_path: Path,
) -> None:
    for file in ("backend.tf", "production.s3.tfbackend"):
        shutil.copy(FOLDER / file, tmp_path)
    (tmp_path / "main.tf").write_text('resource "terraform_data" "it" {}\n', encoding="utf-8")
    with bucket() as (address, puts):
        place = f'endpoints={{s3="{address}"}}'
        options = (
            "-no-color",
            "-backend-config=production.s3.tfbackend",
            f"-backend-config={place}",
            "-backend-config=use_path_style=true",  # the stub has no name for each bucket
        )
        init = run(tmp_path, "init", *options, **SHELL)
        assert init.returncode == 0, init.stderr
        apply = run(tmp_path, "apply", "-no-color", "-auto-approve", **SHELL)
        assert apply.returncode == 0, apply.stderr
    cluster = load_cluster(ROOT / "clusters" / "production.yaml")
    place = f"/{cluster.object_storage.terraform_bucket}/production/terraform.tfstate"
    assert {path for path, _ in puts} == {place}
    for _, headers in puts:
        assert headers["x-amz-server-side-encryption"] == "AES256"
        assert not [name for name in headers if name.lower().startswith("x-amz-checksum")]
        assert "x-amz-trailer" not in headers
