"""One scale set: runners of one kind, in a namespace that no other kind can look into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.actions_runners.controller import (
    CHART_VERSION,
    NAMESPACE,
    REPO,
    RESTRICTED_CONTAINER,
    RESTRICTED_POD,
    SERVICE_ACCOUNT,
)
from apps.actions_runners.dind import dind_values
from apps.actions_runners.jobs import job_namespace
from apps.actions_runners.kubernetes import kubernetes_values
from apps.actions_runners.runner import INTERNET
from lib.constructs import (
    AppChart,
    HelmSource,
    NetworkPolicy,
    Resources,
    VaultSecret,
    exempt,
    to_internet,
    to_kube_api,
    vault,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster
    from lib.config import RunnerScaleSet as Entry


_PRIVILEGED = exempt(
    "P08",
    reason="images are built with Docker; its group holds trusted private repositories alone",
    until="2027-11-30",
    ref="docs/systems/actions-runners.md",
)


class RunnerScaleSet(AppChart):
    """The runners of one entry of ``runner_scale_sets``, and the GitHub App that registers them."""

    def __init__(self, scope: Construct, *, cluster: Cluster, entry: Entry) -> None:
        dind = entry.mode == "dind"
        super().__init__(
            scope,
            f"arc-runners-{entry.name}",
            cluster=cluster,
            project="runners",
            pod_security="privileged" if dind else "restricted",
            annotations=_PRIVILEGED if dind else None,
        )
        self._github_app(f"arc-runners-{entry.name}/github-app")
        egress = [to_internet(cluster, *INTERNET)]
        if dind:
            pods = dind_values(entry)
        else:
            egress.append(to_kube_api(cluster))
            pods = kubernetes_values(entry, jobs=job_namespace(self, entry))
        NetworkPolicy(self, "network-policy", name="runners", selector={}, egress=egress)
        self.helm(
            HelmSource(
                repo=REPO,
                chart="gha-runner-scale-set",
                version=CHART_VERSION,
                release=entry.name,
                values={**set_values(cluster, entry), **pods},
            )
        )

    def _github_app(self, path: str) -> None:
        """Each set has its own, so that two may be registered by different GitHub Apps."""
        VaultSecret(
            self,
            "github-app",
            name="github-app",
            data={
                "github_app_id": vault(path, "appId"),
                "github_app_installation_id": vault(path, "installationId"),
                "github_app_private_key": vault(path, "privateKey"),
            },
        )


def set_values(cluster: Cluster, entry: Entry) -> dict[str, Any]:
    """Values of the chart that both modes share (charts/gha-runner-scale-set/values.yaml)."""
    return {
        "githubConfigUrl": cluster.github_url(entry),
        "githubConfigSecret": "github-app",
        "runnerGroup": entry.group,
        "minRunners": entry.min_runners,
        "maxRunners": entry.max_runners,
        # The chart would look for the controller in the cluster, which Argo CD cannot.
        "controllerServiceAccount": {"namespace": NAMESPACE, "name": SERVICE_ACCOUNT},
        "listenerTemplate": {
            "spec": {
                "containers": [
                    {
                        "name": "listener",
                        "resources": Resources(memory="64Mi", memory_limit="256Mi").spec(),
                        "securityContext": {**RESTRICTED_CONTAINER, "readOnlyRootFilesystem": True},
                    }
                ],
                "securityContext": RESTRICTED_POD,
            }
        },
    }
