"""A web service: Deployment, Service, route, PodDisruptionBudget and NetworkPolicy in one piece."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from constructs import Construct

from lib.constructs.helm_values import SECRET_KEY
from lib.constructs.kernel import kernel
from lib.constructs.kube_object import KubeObject
from lib.constructs.network_policy import NetworkPolicy, from_traefik
from lib.constructs.traefik import IngressRoute
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lib.constructs.app_chart import AppChart

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
class Container:
    """What runs in each pod, apart from its image and port.

    Args:
        args: Arguments of the image's entry point.
        env: Environment; values are readable in git, so a credential is refused.
        resources: CPU and memory.
        probe: How to see that it is well.
    """

    args: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    resources: Resources = field(default_factory=Resources)
    probe: Probe = field(default_factory=Probe)


class WebService(Construct):
    """An HTTP service on a host of the cluster's domain.

    Its pods satisfy the Pod Security Standard "restricted", have no token of the API server, are
    spread over the nodes, and take requests from Traefik alone.

    Args:
        scope: The app, which gives namespace and cluster.
        id: Name of Deployment, Service and the rest, and their ``app.kubernetes.io/name``.
        image: Registry, name and fixed version, or digest.
        port: The port that the container listens on.
        host: The host name, from ``cluster.host("...")``.
        replicas: Pods; two or more get a PodDisruptionBudget.
        container: Arguments, environment, resources and probe.
        middlewares: Names of Middlewares of the same namespace.
        egress: Rules for traffic out; none but DNS where it is empty.

    Raises:
        BuildError: An image without a fixed version, a credential in the environment, no replica.
    """

    def __init__(
        self,
        scope: AppChart,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        image: str,
        port: int,
        host: str,
        replicas: int = 2,
        container: Container | None = None,
        middlewares: Sequence[str] = (),
        egress: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        kernel.create(self, scope, id)
        container = container or Container()
        _check(id, image, replicas, container)
        self._name = id
        self._labels = {"app.kubernetes.io/name": id}
        self._deployment(image, port, replicas, container)
        self._service()
        IngressRoute(
            self,
            "route",
            cluster=scope.cluster,
            name=id,
            host=host,
            service=id,
            port="http",
            middlewares=middlewares,
        )
        if replicas > 1:
            self._disruption_budget()
        NetworkPolicy(
            self,
            "network-policy",
            name=id,
            selector=self._labels,
            ingress=[from_traefik(scope.cluster, port=port)],
            egress=egress or None,
        )

    def _deployment(self, image: str, port: int, replicas: int, container: Container) -> None:
        spread = {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": self._labels},
        }
        pod = {
            "automountServiceAccountToken": False,
            "containers": [self._container(image, port, container)],
            "securityContext": _pod_security(port),
            "topologySpreadConstraints": [spread],
        }
        KubeObject(
            self,
            "deployment",
            api_version="apps/v1",
            kind="Deployment",
            name=self._name,
            labels=self._labels,
            body={
                "spec": {
                    "replicas": replicas,
                    "revisionHistoryLimit": 3,
                    "selector": {"matchLabels": self._labels},
                    "strategy": {
                        "type": "RollingUpdate",
                        "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
                    },
                    "template": {"metadata": {"labels": self._labels}, "spec": pod},
                }
            },
        )

    def _container(self, image: str, port: int, container: Container) -> dict[str, Any]:
        spec: dict[str, Any] = {
            "name": self._name,
            "image": image,
            "ports": [{"name": "http", "containerPort": port}],
            "resources": container.resources.spec(),
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            },
            # Traefik needs a moment to see that the pod leaves; until then it still gets requests.
            "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
            **container.probe.spec(),
        }
        if container.args:
            spec["args"] = list(container.args)
        if container.env:
            spec["env"] = [{"name": name, "value": container.env[name]} for name in container.env]
        return spec

    def _service(self) -> None:
        ports = [{"name": "http", "port": 80, "targetPort": "http"}]
        KubeObject(
            self,
            "service",
            api_version="v1",
            kind="Service",
            name=self._name,
            labels=self._labels,
            body={"spec": {"selector": self._labels, "ports": ports}},
        )

    def _disruption_budget(self) -> None:
        KubeObject(
            self,
            "disruption-budget",
            api_version="policy/v1",
            kind="PodDisruptionBudget",
            name=self._name,
            body={
                "spec": {
                    "maxUnavailable": 1,
                    "selector": {"matchLabels": self._labels},
                    "unhealthyPodEvictionPolicy": "AlwaysAllow",
                }
            },
        )


def _pod_security(port: int) -> dict[str, Any]:
    security: dict[str, Any] = {
        "runAsNonRoot": True,
        "runAsUser": USER,
        "runAsGroup": USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    if port < FIRST_UNPRIVILEGED_PORT:  # one of the sysctls that "restricted" allows
        start = {"name": "net.ipv4.ip_unprivileged_port_start", "value": str(port)}
        security["sysctls"] = [start]
    return security


def _check(name: str, image: str, replicas: int, container: Container) -> None:
    wrong = []
    if not _PINNED.fullmatch(image) or not re.search(r"[:@][^/]+$", image):
        wrong.append(f"image {image!r} has no registry, or no fixed version: REGISTRY/NAME:VERSION")
    if replicas < 1:
        wrong.append(f"replicas is {replicas}: one at least")
    wrong += [
        f"env {key}: looks like a credential, and would be in git: use a VaultSecret"
        for key, value in container.env.items()
        if value and SECRET_KEY.search(key)
    ]
    if wrong:
        raise BuildError([f"WebService {name}: {line}" for line in wrong])
