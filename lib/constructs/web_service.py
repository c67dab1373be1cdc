"""A web service: Deployment, Service, route, PodDisruptionBudget and NetworkPolicy in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from constructs import Construct

from lib.constructs.container import Container, spread
from lib.constructs.kernel import kernel
from lib.constructs.kube_object import KubeObject
from lib.constructs.network_policy import NetworkPolicy, from_traefik
from lib.constructs.traefik import IngressRoute
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lib.constructs.app_chart import AppChart


@dataclass(frozen=True, kw_only=True)
class Autoscaling:
    """How many pods there are, by the CPU that they use.

    Growing is as fast as Kubernetes has it; shrinking takes one pod a minute, and only when five
    quiet minutes have passed, so that a pause in a concert does not cut the streams twice.

    Args:
        min_replicas: Pods when it is quiet.
        max_replicas: Pods at most.
        cpu_percent: More pods when the average use is above this share of the reserved CPU.
    """

    min_replicas: int
    max_replicas: int
    cpu_percent: int = 60

    def spec(self, deployment: str) -> dict[str, Any]:
        """Render the ``spec`` of the HorizontalPodAutoscaler."""
        target = {"type": "Utilization", "averageUtilization": self.cpu_percent}
        return {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": deployment},
            "minReplicas": self.min_replicas,
            "maxReplicas": self.max_replicas,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            "behavior": {
                "scaleDown": {
                    "stabilizationWindowSeconds": 300,
                    "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}],
                }
            },
        }


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
        replicas: Pods, or how their number follows the load; where there can be two or more, a
            PodDisruptionBudget lets one go at a time.
        container: Arguments, environment, secrets, resources, probe and shutdown.
        middlewares: Names of Middlewares of the same namespace.
        egress: Rules for traffic out; none but DNS where it is empty.
        labels: Further labels of the Deployment, such as those that ask the gate for more
            (``yagura explain W08``).

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
        replicas: int | Autoscaling = 2,
        container: Container | None = None,
        middlewares: Sequence[str] = (),
        egress: Sequence[Mapping[str, Any]] = (),
        labels: Mapping[str, str] | None = None,
    ) -> None:
        kernel.create(self, scope, id)
        container = container or Container()
        _check(id, image, replicas, container)
        self._name = id
        self._labels = {"app.kubernetes.io/name": id}
        self._deployment(image, port, replicas, container, labels or {})
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
        if isinstance(replicas, Autoscaling):
            self._autoscaler(replicas)
        if isinstance(replicas, Autoscaling) or replicas > 1:
            self._disruption_budget()
        NetworkPolicy(
            self,
            "network-policy",
            name=id,
            selector=self._labels,
            ingress=[from_traefik(scope.cluster, port=port)],
            egress=egress or None,
        )

    def _deployment(
        self,
        image: str,
        port: int,
        replicas: int | Autoscaling,
        container: Container,
        labels: Mapping[str, str],
    ) -> None:
        pod = {
            "containers": [container.spec(name=self._name, image=image, port=port)],
            "topologySpreadConstraints": spread(self._labels),
            **container.pod(port),
        }
        KubeObject(
            self,
            "deployment",
            api_version="apps/v1",
            kind="Deployment",
            name=self._name,
            labels={**labels, **self._labels},
            body={
                "spec": {
                    # An autoscaler's number must not be set back by each sync.
                    **({"replicas": replicas} if isinstance(replicas, int) else {}),
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

    def _autoscaler(self, autoscaling: Autoscaling) -> None:
        KubeObject(
            self,
            "autoscaler",
            api_version="autoscaling/v2",
            kind="HorizontalPodAutoscaler",
            name=self._name,
            body={"spec": autoscaling.spec(self._name)},
        )

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


def _check(name: str, image: str, replicas: int | Autoscaling, container: Container) -> None:
    wrong = []
    least = replicas if isinstance(replicas, int) else replicas.min_replicas
    if least < 1:
        wrong.append(f"replicas is {least}: one at least")
    if isinstance(replicas, Autoscaling) and replicas.max_replicas < least:
        wrong.append(f"max_replicas is {replicas.max_replicas}, below min_replicas {least}")
    wrong += container.problems(image)
    if wrong:
        raise BuildError([f"WebService {name}: {line}" for line in wrong])
