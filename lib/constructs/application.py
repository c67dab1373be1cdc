"""An Argo CD Application, and the sources that it may have: a folder of dist/, or a Helm chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lib.constructs.helm_values import HelmValues, checked_values
from lib.constructs.kube_object import KubeObject
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from lib.config import Cluster

NAMESPACE = "argocd"
IN_CLUSTER = "https://kubernetes.default.svc"
VAULT_PLUGIN = "argocd-vault-plugin"


@dataclass(frozen=True, kw_only=True)
class FolderSource:
    """A folder of this repository.

    Args:
        path: From the repository's root.
        vault_plugin: Whether argocd-vault-plugin fills its placeholders in. The plugin logs in to
            Vault before it looks for any, so only folders that hold placeholders use it.
    """

    path: str
    vault_plugin: bool = False

    def spec(self, cluster: Cluster) -> dict[str, Any]:
        """Render the source; Argo CD takes one of directory and plugin, never both."""
        how = (
            {"plugin": {"name": VAULT_PLUGIN}}
            if self.vault_plugin
            else {"directory": {"recurse": True}}
        )
        place = {"repoURL": cluster.repository.url, "targetRevision": cluster.repository.revision}
        return {**place, "path": self.path, **how}


@dataclass(frozen=True, kw_only=True)
class HelmSource:
    """A Helm chart, with its values readable in the Application.

    Args:
        repo: ``https://...``, or the OCI registry and path without ``oci://``.
        chart: The chart's name.
        version: Its exact version.
        release: The release's name.
        values: The chart's values (see ``lib.constructs.helm_values``).
        skip_crds: Whether the chart's own definitions are left out.
    """

    repo: str
    chart: str
    version: str
    release: str
    values: HelmValues = field(default_factory=dict)
    skip_crds: bool = False

    def spec(self, cluster: Cluster) -> dict[str, Any]:  # noqa: ARG002 - as of every source
        """Render the source."""
        if "://" in self.repo and not self.repo.startswith("https://"):
            raise BuildError(
                f"{self.chart}: repo {self.repo!r} is neither https:// nor an OCI registry and "
                "path without oci://"
            )
        values = checked_values(self.values, where=f"{self.chart}'s values")
        helm: dict[str, Any] = {"releaseName": self.release, **values.in_application()}
        if self.skip_crds:
            helm["skipCrds"] = True
        return {
            "repoURL": self.repo,
            "chart": self.chart,
            "targetRevision": self.version,
            "helm": helm,
        }


class Application(KubeObject):
    """An Application of the namespace argocd.

    It prunes and heals by itself, applies on the server's side, and refuses an object that
    another Application already owns.

    Args:
        scope: ``self.root`` of an app, or ``self.bootstrap`` for the root Application.
        id: Unique in ``scope``.
        cluster: Gives repository and revision.
        name: Its name, unique in the cluster.
        project: The AppProject that limits it.
        namespace: Where objects go that name no namespace; None where all name one.
        sources: What it applies.
        wave: Its sync wave among the Applications of ``root/``.
        ignore_differences: What the live objects may have otherwise than git.
        counts: Whether the Application that applies this one is only as healthy as this one is.
            Of two that apply each other, one must not count: both would wait for ever.
        annotations: Further annotations.

    Source: docs/operator-manual/application.yaml of argoproj/argo-cd.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        cluster: Cluster,
        name: str,
        project: str,
        namespace: str | None,
        sources: Sequence[FolderSource | HelmSource],
        wave: int = 0,
        ignore_differences: Sequence[Mapping[str, Any]] = (),
        counts: bool = True,
        annotations: Mapping[str, str] | None = None,
    ) -> None:
        rendered = [source.spec(cluster) for source in sources]
        destination = {"server": IN_CLUSTER}
        if namespace:
            destination["namespace"] = namespace
        spec: dict[str, Any] = {
            "project": project,
            "destination": destination,
            **({"source": rendered[0]} if len(rendered) == 1 else {"sources": rendered}),
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "syncOptions": ["ServerSideApply=true", "FailOnSharedResource=true"],
                "retry": {
                    "limit": 5,
                    "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"},
                },
            },
        }
        if ignore_differences:
            spec["ignoreDifferences"] = [dict(entry) for entry in ignore_differences]
        super().__init__(
            scope,
            id,
            api_version="argoproj.io/v1alpha1",
            kind="Application",
            name=name,
            namespace=NAMESPACE,
            annotations={
                **(annotations or {}),
                "argocd.argoproj.io/sync-wave": str(wave),
                **({} if counts else {"argocd.argoproj.io/ignore-healthcheck": "true"}),
            },
            body={"spec": spec},
        )
