"""What runners of both modes share: image, what they reserve, what they reach, where they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.constructs import Resources, spread

if TYPE_CHECKING:
    from lib.config import RunnerScaleSet as Entry

# GitHub gives a runner no jobs once it is 30 days behind the newest release, and a runner here
# never updates itself: keep up with it.
# renovate: datasource=docker
IMAGE = "ghcr.io/actions/actions-runner:2.336.0"
# The image's own user (images/Dockerfile of actions/runner).
RUNNER_USER = {"runAsUser": 1001, "runAsGroup": 1001, "fsGroup": 1001}

# Source code and packages: git over ssh, http, https. Nothing of the cluster itself.
INTERNET = (22, 80, 443)


def pod_resources(entry: Entry) -> dict[str, Any]:
    """Render what all containers of a job's pod share; Kubernetes knows it since 1.34.

    Nobody can tell beforehand whether a job's steps or the containers beside them do the work.
    """
    return Resources(cpu=entry.cpu, memory=entry.memory).spec()


def spread_set(entry: Entry) -> list[dict[str, Any]]:
    """Spread a scale set's pods over the nodes, which share their disks' speed and bandwidth."""
    return spread({"actions.github.com/scale-set-name": entry.name})
