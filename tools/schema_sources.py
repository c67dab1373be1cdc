"""Where the schemas come from: pinned Go modules, fetched by ``go`` and checked by its checksums.

The projects publish their custom resource definitions inside their own Go modules. Those are
versioned, cannot change afterwards, and need no other tool than ``go`` to be had.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lib.errors import EnvironmentFault, InternalError


@dataclass(frozen=True, kw_only=True)
class Source:
    """One module, and the files in it that say what its objects look like.

    Attributes:
        module: The Go module's path.
        version: The module's version, with its leading ``v``.
        files: Patterns, relative to the module's root; each must match something.
        helm: Whether the files are Helm templates: lines holding ``{{`` are then blanked.
    """

    module: str
    version: str
    files: tuple[str, ...]
    helm: bool = False

    def __str__(self) -> str:
        return f"{self.module}@{self.version}"


@dataclass(frozen=True, kw_only=True)
class Download:
    """A module on this machine.

    Attributes:
        source: What was asked for.
        folder: The module's unpacked, read-only files.
        checksum: The module's ``h1:`` checksum, as in a go.sum.
    """

    source: Source
    folder: Path
    checksum: str

    def paths(self) -> list[Path]:
        """Find the files that the source names, in a stable order.

        Raises:
            InternalError: A pattern matches nothing; the pin and the patterns do not fit.
        """
        found: list[Path] = []
        for pattern in self.source.files:
            matches = sorted(self.folder.glob(pattern))
            if not matches:
                raise InternalError(f"{self.source}: no file matches {pattern}")
            found += matches
        return found

    def text(self, path: Path) -> str:
        """Read one file, without the lines that only Helm understands."""
        lines = path.read_text(encoding="utf-8").splitlines()
        if self.source.helm:
            lines = ["" if "{{" in line else line for line in lines]
        return "\n".join(lines) + "\n"


DEFINITIONS = (
    # renovate: datasource=go depName=github.com/argoproj/argo-cd/v3
    Source(
        module="github.com/argoproj/argo-cd/v3",
        version="v3.5.1",
        files=("manifests/crds/*-crd.yaml",),
    ),
    # renovate: datasource=go depName=github.com/traefik/traefik/v3
    Source(
        module="github.com/traefik/traefik/v3",
        version="v3.7.13",
        files=("docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml",),
    ),
    # renovate: datasource=go depName=github.com/cert-manager/cert-manager
    Source(
        module="github.com/cert-manager/cert-manager",
        version="v1.21.1",
        files=("deploy/crds/*.yaml",),
    ),
    # renovate: datasource=go depName=github.com/k3s-io/helm-controller
    Source(
        module="github.com/k3s-io/helm-controller",
        version="v0.17.7",
        files=("pkg/crds/yaml/generated/*.yaml",),
    ),
    # renovate: datasource=go depName=sigs.k8s.io/external-dns
    Source(
        module="sigs.k8s.io/external-dns",
        version="v0.22.0",
        files=("config/crd/standard/dnsendpoints.*.yaml",),
    ),
    # renovate: datasource=go depName=github.com/longhorn/longhorn-manager
    Source(
        module="github.com/longhorn/longhorn-manager",
        version="v1.12.0",
        files=("k8s/crds.yaml",),
        helm=True,
    ),
    # The newest version that is a Go module; the charts of the same repository are newer.
    Source(
        module="github.com/actions/actions-runner-controller",
        version="v0.27.6",
        files=("charts/gha-runner-scale-set-controller/crds/*.yaml",),
    ),
)

# renovate: datasource=go depName=k8s.io/kubernetes
KUBERNETES = Source(
    module="k8s.io/kubernetes",
    version="v1.36.3",
    files=("api/discovery/api__v1.json", "api/discovery/apis__*__*.json"),
)


def download(source: Source) -> Download:
    """Fetch one module with ``go mod download``; a module that is already here costs nothing.

    Raises:
        EnvironmentFault: There is no go, or the module cannot be had.
    """
    go = shutil.which("go")
    if go is None:
        raise EnvironmentFault("no go on PATH: install Go, then run make schemas again")
    command = [go, "mod", "download", "-json", str(source)]
    with tempfile.TemporaryDirectory() as nowhere:  # so that no go.mod around here is obeyed
        result = subprocess.run(  # noqa: S603 - a fixed program, our own pins
            command, cwd=nowhere, capture_output=True, text=True, check=False
        )
    facts = _facts(result.stdout)
    if result.returncode != 0 or "Dir" not in facts:
        reason = facts.get("Error") or result.stderr or "no answer"
        raise EnvironmentFault(f"cannot download {source}: {' '.join(reason.split())}")
    return Download(source=source, folder=Path(facts["Dir"]), checksum=facts["Sum"])


def _facts(output: str) -> dict[str, str]:
    try:
        facts = json.loads(output)
    except ValueError:
        return {}
    if not isinstance(facts, dict):
        return {}
    return {key: value for key, value in facts.items() if isinstance(value, str)}
