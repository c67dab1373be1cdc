"""W: pods that are confined, reproducible, sized and able to move."""

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

WORKLOADS = tuple(TEMPLATES)
# distribution/reference: [registry/]path[:tag][@digest]
_IMAGE = re.compile(
    r"(?P<name>[^:@\s]+(?::[0-9]+/[^:@\s]+)?)(?::(?P<tag>[\w.-]+))?(?:@(?P<digest>\S+))?"
)


def _pinned_image(container: Container, _: Model) -> Iterator[Problem]:
    image = container.at("image")
    match = _IMAGE.fullmatch(container.image)
    if match is None:
        yield image.problem(f"{container.image!r} is no image reference")
    elif match["digest"] is None and match["tag"] in {None, "latest"}:
        yield image.problem(f"{container.image} is another image tomorrow: name a version")


RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W03",
        title="An image names its version",
        severity=Severity.P1,
        reason="latest is another image tomorrow: two nodes run different programs, and a rollback "
        "brings nothing back.",
        source="Kubernetes: Images; kube-linter latest-tag",
        fix="Write image:version, or image@sha256:digest.",
        exempt=Exempt.ANNOTATION,
        types=WORKLOADS,
        subjects=containers,
        check=_pinned_image,
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
