"""W03: an image that is the same one tomorrow, from a registry that somebody chose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity, containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.pods import Container
    from lib.config import Cluster

# Where the platform's upstreams publish. The organization's own images are on ghcr.io too.
_REGISTRIES = ("docker.io", "ghcr.io", "quay.io", "registry.k8s.io")
_OWN = "ghcr.io"
# distribution/reference: [registry/]path[:tag][@digest]
_REFERENCE = re.compile(
    r"(?:(?P<registry>localhost|[\w-]+(?:\.[\w-]+)*:[0-9]+|[\w-]+(?:\.[\w-]+)+|\[[\da-fA-F:]+\]"
    r"(?::[0-9]+)?)/)?"
    r"(?P<path>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[a-z0-9+._-]+:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)


def _fixed(container: Container, model: Model) -> Iterator[Problem]:
    image = container.at("image")
    if not container.image:
        yield image.problem(f"container {container.name} names no image")
        return
    match = _REFERENCE.fullmatch(container.image)
    if match is None:
        yield image.problem(f"{container.image!r} is no image reference")
        return
    # latest, stable, main, alpine: what has no number is moved on with each release or build.
    if match["digest"] is None and not re.search(r"[0-9]", match["tag"] or ""):
        yield image.problem(f"{container.image} is another image tomorrow: name a version")
    elif model.cluster is not None:
        wrong = _unfit_for(model.cluster, match)
        if wrong:
            yield image.problem(f"{container.image} {wrong}")


def _unfit_for(cluster: Cluster, image: re.Match[str]) -> str:
    """What the platform asks of an image beyond what anyone should."""
    if image["registry"] not in _REGISTRIES:
        return f"is from none of {', '.join(_REGISTRIES)}"
    own = image["path"].startswith(f"{cluster.github.organization.lower()}/")
    if own and image["registry"] == _OWN and image["digest"] is None:
        return "is our own: name its digest, for our own workflows can move its tag"
    return ""


RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W03",
        title="An image names its version, and our own its digest",
        severity=Severity.P1,
        reason="latest is another image tomorrow: two nodes run different programs, and a rollback "
        "brings nothing back.",
        source="Kubernetes: Images; kube-linter latest-tag; kyverno/policies "
        "restrict-image-registries",
        fix="Write registry/image:version, or image@sha256:digest.",
        exempt=Exempt.ANNOTATION,
        types=tuple(TEMPLATES),
        subjects=containers,
        check=_fixed,
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami}
spec:
  containers:
  - {name: web, image: "docker.io/traefik/whoami:v1.11.0"}
""",
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami}
spec:
  initContainers:
  - {name: wait, image: docker.io/library/busybox}
  containers:
  - {name: web, image: "docker.io/traefik/whoami:latest"}
""",
    ),
)
