"""The controller of all scale sets, and the priority that keeps CI behind everything else."""

# ruff: noqa: E501 - a comment that Renovate reads is one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import (
    AppChart,
    HelmSource,
    KubeObject,
    NetworkPolicy,
    Resources,
    to_internet,
    to_kube_api,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

# Controller and scale sets are of one version: the controller deletes a set of any other, and Argo
# CD then makes it anew.
REPO = "ghcr.io/actions/actions-runner-controller-charts"
# renovate: datasource=docker depName=ghcr.io/actions/actions-runner-controller-charts/gha-runner-scale-set
CHART_VERSION = "0.14.2"
NAMESPACE = "arc-system"
SERVICE_ACCOUNT = "arc-controller"
PRIORITY_CLASS = "ci"

RESTRICTED_POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
RESTRICTED_CONTAINER = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


class RunnerController(AppChart):
    """The controller with its definitions; the listeners of all scale sets run beside it."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, NAMESPACE, cluster=cluster, project="runners")
        self.helm(
            HelmSource(
                repo=REPO,
                chart="gha-runner-scale-set-controller",
                version=CHART_VERSION,
                release="arc",
                values=controller_values(),
            )
        )
        NetworkPolicy(
            self,
            "network-policy",
            name="controller",
            selector={},  # the listeners too: both talk to GitHub and to Kubernetes
            egress=[to_internet(cluster, 443), to_kube_api(cluster)],
        )
        KubeObject(
            self,
            "priority",
            api_version="scheduling.k8s.io/v1",
            kind="PriorityClass",
            name=PRIORITY_CLASS,
            body={
                # Below 0, which all other pods have: where room is short, they push a job aside.
                "value": -10,
                "preemptionPolicy": "Never",
                "description": "CI jobs: give way to everything else, and push nothing aside.",
            },
        )


def controller_values() -> dict[str, Any]:
    """Values of the chart (charts/gha-runner-scale-set-controller/values.yaml)."""
    return {
        "serviceAccount": {"name": SERVICE_ACCOUNT},
        "flags": {
            "logLevel": "info",
            "logFormat": "json",
            # The template reads it here, whatever the chart's own values.yaml shows.
            "healthProbeBindAddress": ":8081",
        },
        "podSecurityContext": RESTRICTED_POD,
        "securityContext": {**RESTRICTED_CONTAINER, "readOnlyRootFilesystem": True},
        "resources": Resources(cpu="50m", memory="128Mi", memory_limit="512Mi").spec(),
    }
