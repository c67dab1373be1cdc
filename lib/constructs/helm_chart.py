"""RKE2's HelmChart and HelmChartConfig: charts that run before Argo CD, without a helm binary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from lib.constructs.helm_values import HelmValues, checked_values
from lib.constructs.kube_object import KubeObject
from lib.errors import BuildError

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs.app_chart import Folder

API_VERSION = "helm.cattle.io/v1"
# The helm-controller of RKE2 heeds only this namespace.
NAMESPACE = "kube-system"


class HelmChart(KubeObject):
    """A chart that RKE2's helm-controller installs.

    Args:
        scope: ``self.bootstrap`` of an app.
        id: The release's name, and the object's.
        cluster: Its RKE2 version decides between ``values`` and ``valuesContent``.
        repo: ``https://...``; None where ``chart`` is an ``oci://`` address.
        chart: The chart's name in ``repo``, or its ``oci://`` address.
        version: Its exact version.
        namespace: Where the release goes; the app makes it, with its Pod Security labels.
        values: The chart's values (see ``lib.constructs.helm_values``).
        failure_policy: ``abort`` keeps a stuck release for a human; ``reinstall``, the
            controller's default, would uninstall it with its definitions and all they hold.
        timeout: How long Helm waits for a hook, on new nodes for its image too. Helm's own 5
            minutes would end as a stuck release.

    Source: pkg/apis/helm.cattle.io/v1/types.go of k3s-io/helm-controller.
    """

    def __init__(
        self,
        scope: Folder,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        cluster: Cluster,
        repo: str | None,
        chart: str,
        version: str,
        namespace: str,
        values: HelmValues,
        failure_policy: Literal["abort", "retry", "reinstall"] = "abort",
        timeout: str = "15m",
    ) -> None:
        if (repo is None) != chart.startswith("oci://"):
            raise BuildError(f"HelmChart {id}: give repo, or a chart that starts with oci://")
        if repo is not None and not repo.startswith("https://"):
            raise BuildError(f"HelmChart {id}: repo {repo!r} is not https://")
        checked = checked_values(values, where=f"HelmChart {id}")
        source: dict[str, Any] = {"chart": chart, "version": version}
        if repo is not None:
            source["repo"] = repo
        super().__init__(
            scope,
            id,
            api_version=API_VERSION,
            kind="HelmChart",
            name=id,
            namespace=NAMESPACE,
            annotations={"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"},
            body={
                "spec": {
                    **source,
                    "targetNamespace": namespace,
                    "failurePolicy": failure_policy,
                    "timeout": timeout,
                    **checked.in_helm_chart(structured=has_structured_values(cluster)),
                }
            },
        )


class HelmChartConfig(KubeObject):
    """Values for a chart that RKE2 packages itself, such as its CNI's.

    Args:
        scope: ``self.bootstrap`` of an app.
        id: The packaged chart's name, such as ``rke2-canal``.
        cluster: Its RKE2 version decides between ``values`` and ``valuesContent``.
        values: The values that differ from RKE2's.
    """

    def __init__(
        self,
        scope: Folder,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        cluster: Cluster,
        values: HelmValues,
    ) -> None:
        checked = checked_values(values, where=f"HelmChartConfig {id}")
        super().__init__(
            scope,
            id,
            api_version=API_VERSION,
            kind="HelmChartConfig",
            name=id,
            namespace=NAMESPACE,
            body={
                "spec": {
                    "failurePolicy": "abort",
                    **checked.in_helm_chart(structured=has_structured_values(cluster)),
                }
            },
        )


def has_structured_values(cluster: Cluster) -> bool:
    """Whether the cluster's helm-controller knows ``spec.values`` beside ``valuesContent``."""
    return cluster.rke2.minor >= FIRST_WITH_VALUES


# RKE2 1.36.0 ships helm-controller 0.17.1, which has the field; of 1.35 only late patches do.
FIRST_WITH_VALUES = (1, 36)
