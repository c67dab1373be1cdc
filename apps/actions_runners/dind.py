"""Runners with a Docker of their own beside each job, for jobs that build images.

That Docker is privileged: a job can take over its node. Only for repositories whose every committer
may do that. The chart's own containers for this mode take neither resources nor a pinned image, so
they are written out here, with no ``containerMode``.

Source: charts/gha-runner-scale-set/values.yaml of actions/actions-runner-controller (dind).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.actions_runners.controller import PRIORITY_CLASS
from apps.actions_runners.runner import IMAGE, pod_resources, spread_set

if TYPE_CHECKING:
    from lib.config import RunnerScaleSet as Entry

# renovate: datasource=docker
DOCKER_IMAGE = "docker.io/library/docker:29.7.2-dind"
# The group docker of the runner's image.
DOCKER_GROUP = "123"
# Below that of the pod network, whose tunnel takes 50 bytes of each packet.
MTU = "1400"

EXTERNALS = "/home/runner/externals"
WORK = {"name": "work", "mountPath": "/home/runner/_work"}
SOCKET = {"name": "docker-socket", "mountPath": "/var/run"}


def dind_values(entry: Entry) -> dict[str, Any]:
    """Render the values for runners with a Docker beside them."""
    runner = {
        "name": "runner",
        "image": IMAGE,
        "command": ["/home/runner/run.sh"],
        "env": [
            {"name": "DOCKER_HOST", "value": "unix:///var/run/docker.sock"},
            {"name": "RUNNER_WAIT_FOR_DOCKER_IN_SECONDS", "value": "120"},
        ],
        "volumeMounts": [WORK, SOCKET],
    }
    room = {"sizeLimit": entry.work_size}
    return {
        "template": {
            "spec": {
                "automountServiceAccountToken": False,
                "initContainers": [_externals(), _docker()],
                "containers": [runner],
                "priorityClassName": PRIORITY_CLASS,
                "resources": pod_resources(entry),
                "topologySpreadConstraints": spread_set(entry),
                "volumes": [
                    {"name": "work", "emptyDir": room},
                    {"name": "docker-data", "emptyDir": room},
                    {"name": "docker-socket", "emptyDir": {}},
                    {"name": "externals", "emptyDir": {}},
                ],
            }
        }
    }


def _externals() -> dict[str, Any]:
    """Copy the runner's own Node.js to where Docker can mount it into a job's containers."""
    return {
        "name": "externals",
        "image": IMAGE,
        "command": ["cp", "-r", f"{EXTERNALS}/.", "/externals"],
        "volumeMounts": [{"name": "externals", "mountPath": "/externals"}],
    }


def _docker() -> dict[str, Any]:
    """Run Docker as a sidecar: it starts before the runner and ends after it."""
    return {
        "name": "docker",
        "image": DOCKER_IMAGE,
        "args": [
            "dockerd",
            "--host=unix:///var/run/docker.sock",
            f"--group={DOCKER_GROUP}",
            f"--mtu={MTU}",  # of the default network, and of those that jobs make
            f"--default-network-opt=bridge=com.docker.network.driver.mtu={MTU}",
        ],
        "restartPolicy": "Always",
        "securityContext": {"privileged": True, "runAsUser": 0},
        "startupProbe": {
            "exec": {"command": ["docker", "info"]},
            "periodSeconds": 5,
            "failureThreshold": 24,
        },
        "volumeMounts": [
            WORK,
            SOCKET,
            {"name": "externals", "mountPath": EXTERNALS},
            {"name": "docker-data", "mountPath": "/var/lib/docker"},
        ],
    }
