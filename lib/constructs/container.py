"""The container of a web service: what it runs, what it may use, and how to see that it is well."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lib.constructs.helm_values import SECRET_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Any user but root; the one that distroless images call nonroot.
USER = 65532
FIRST_UNPRIVILEGED_PORT = 1024
# The first part is a registry only with a dot or a port in it; else it would be Docker Hub's.
_PINNED = re.compile(
    r"(?=[^/]*[.:])[^:@\s/]+(:[0-9]+)?(/[^:@\s/]+)+"
    r"(:(?!latest$)[\w][\w.-]*)?(@sha256:[0-9a-f]{64})?"
)


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a container reserves and may use at most.

    Args:
        cpu: Reserved CPU; there is no limit, which would only slow it down.
        memory: Reserved memory.
        memory_limit: Memory at most; the reserved memory where it is empty.
    """

    cpu: str = "10m"
    memory: str = "32Mi"
    memory_limit: str = ""

    def spec(self) -> dict[str, Any]:
        """Render the container's ``resources``."""
        return {
            "requests": {"cpu": self.cpu, "memory": self.memory},
            "limits": {"memory": self.memory_limit or self.memory},
        }


def spread(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Spread pods over the nodes as evenly as there is room: ``topologySpreadConstraints``.

    Args:
        labels: What finds the pods.
    """
    return [
        {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(labels)},
        }
    ]


@dataclass(frozen=True, kw_only=True)
class Probe:
    """An HTTP path that answers when the service can take requests.

    Args:
        ready: Asked before a pod gets requests.
        alive: Asked to restart a pod that hangs; empty for a check of the open port alone, so
            that a slow answer never restarts a busy pod.
    """

    ready: str = "/"
    alive: str = ""

    def spec(self) -> dict[str, Any]:
        """Render both probes of the container."""
        alive = (
            {"httpGet": {"path": self.alive, "port": "http"}}
            if self.alive
            else {"tcpSocket": {"port": "http"}}
        )
        return {
            "readinessProbe": {"httpGet": {"path": self.ready, "port": "http"}, "periodSeconds": 5},
            "livenessProbe": {**alive, "periodSeconds": 10, "failureThreshold": 6},
        }


@dataclass(frozen=True, kw_only=True)
class Shutdown:
    """How a pod leaves without dropping what it still serves.

    Args:
        drain: Seconds for which it goes on as before, until Traefik has seen that it leaves; then
            it gets SIGTERM.
        grace: Seconds from the start of that until it is killed.
    """

    drain: int = 5
    grace: int = 30


@dataclass(frozen=True, kw_only=True)
class Container:
    """What runs in each pod, apart from its image and port.

    Args:
        args: Arguments of the image's entry point.
        env: Environment; values are readable in git, so a credential is refused.
        secrets: Folder in the container -> name of a Secret, whose keys become files there.
        resources: CPU and memory.
        probe: How to see that it is well.
        shutdown: How it leaves.
        pull_secret: Name of a Secret of type ``kubernetes.io/dockerconfigjson`` with the login at
            the image's registry; empty for an image that anyone may pull.
    """

    args: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    resources: Resources = field(default_factory=Resources)
    probe: Probe = field(default_factory=Probe)
    shutdown: Shutdown = field(default_factory=Shutdown)
    pull_secret: str = ""

    def spec(self, *, name: str, image: str, port: int) -> dict[str, Any]:
        """Render the container."""
        spec: dict[str, Any] = {
            "name": name,
            "image": image,
            "ports": [{"name": "http", "containerPort": port}],
            "resources": self.resources.spec(),
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            },
            # Traefik needs a moment to see that the pod leaves; until then it still gets requests.
            "lifecycle": {"preStop": {"sleep": {"seconds": self.shutdown.drain}}},
            **self.probe.spec(),
        }
        if self.args:
            spec["args"] = list(self.args)
        if self.env:
            spec["env"] = [{"name": name, "value": value} for name, value in self.env.items()]
        if self.secrets:
            spec["volumeMounts"] = [
                {"name": secret, "mountPath": folder, "readOnly": True}
                for folder, secret in self.secrets.items()
            ]
        return spec

    def pod(self, port: int) -> dict[str, Any]:
        """Render what the container needs of its pod."""
        security: dict[str, Any] = {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        if port < FIRST_UNPRIVILEGED_PORT:  # one of the sysctls that "restricted" allows
            start = {"name": "net.ipv4.ip_unprivileged_port_start", "value": str(port)}
            security["sysctls"] = [start]
        spec: dict[str, Any] = {
            "automountServiceAccountToken": False,
            # VALKEY_PORT=tcp://... of a Service "valkey" would look like a setting of the image.
            "enableServiceLinks": False,
            "securityContext": security,
            "terminationGracePeriodSeconds": self.shutdown.grace,
        }
        if self.pull_secret:
            spec["imagePullSecrets"] = [{"name": self.pull_secret}]
        if self.secrets:
            names = dict.fromkeys(self.secrets.values())
            spec["volumes"] = [{"name": name, "secret": {"secretName": name}} for name in names]
        return spec

    def problems(self, image: str) -> Iterator[str]:
        """Say what cannot be right about the container and its image."""
        if not _PINNED.fullmatch(image) or not re.search(r"[:@][^/]+$", image):
            yield f"image {image!r} has no registry, or no fixed version: REGISTRY/NAME:VERSION"
        if self.shutdown.grace <= self.shutdown.drain:
            yield (
                f"shutdown: grace is {self.shutdown.grace} and drain {self.shutdown.drain}: "
                "the pod would be killed before it is asked to end"
            )
        for key, value in self.env.items():
            if value and SECRET_KEY.search(key):
                yield f"env {key}: looks like a credential, and would be in git: use a VaultSecret"
