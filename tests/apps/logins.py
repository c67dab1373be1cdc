"""Build the apps that people log in to, and the ones that log them in, for any cluster file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apps.access import Access
from apps.argocd import ArgoCD
from apps.dex import Dex
from apps.oauth2_proxy import OAuth2Proxy
from apps.traefik import Traefik
from apps.vault import Vault
from apps.whoami import Whoami
from lib.config import Cluster, load_cluster
from lib.constructs import AppChart, AppProject, LoginClient
from lib.manifests import ManifestSet
from lib.synth.build import build_cluster

if TYPE_CHECKING:
    from lib.constructs import Platform

ROOT = Path(__file__).resolve().parents[2]
FILES = {path.stem: path for path in sorted((ROOT / "tests" / "config" / "valid").glob("*.yaml"))}
FILES["production"] = ROOT / "clusters" / "production.yaml"
NAMES = tuple(FILES)

_CLIENTS: dict[str, tuple[LoginClient, ...]] = {}


@cache
def built(name: str = "production") -> ManifestSet:
    """Give the manifests of those apps for a cluster file."""

    def fill(app: Platform, cluster: Cluster) -> None:
        projects = AppChart(app, "projects", cluster=cluster, project="platform", namespace=None)
        AppProject(projects.bootstrap, "platform", description="The platform team's.")
        AppProject(projects.root, "apps", description="Everyone's.")
        argocd = ArgoCD(app, cluster=cluster)
        vault = Vault(app, cluster=cluster)
        Traefik(app, cluster=cluster)
        proxy = OAuth2Proxy(app, cluster=cluster)
        access = Access(app, cluster=cluster, apps=[Whoami(app, cluster=cluster)])
        _CLIENTS[name] = (
            *vault.login_clients,
            *argocd.login_clients,
            *proxy.login_clients,
            *access.login_clients,
        )
        Dex(app, cluster=cluster, clients=_CLIENTS[name])

    return ManifestSet(build_cluster(cluster(name), fill).manifests)


@cache
def cluster(name: str = "production") -> Cluster:
    """Load a cluster file."""
    return load_cluster(FILES[name])


def clients(name: str = "production") -> tuple[LoginClient, ...]:
    """Give all login clients of those apps."""
    built(name)
    return _CLIENTS[name]


def values(chart: str, name: str = "production") -> dict[str, Any]:
    """Give the values of a chart, whether a HelmChart holds them or an Application."""
    found: dict[str, Any] | None = None
    for application in built(name).of_kind("Application"):
        spec = application.object["spec"]
        for source in spec.get("sources") or [spec["source"]]:
            if source.get("chart") == chart:
                found = source["helm"]["valuesObject"]
    assert found is not None
    return found


def route_hosts(name: str = "production") -> dict[str, str]:
    """Give each route's host, and the app whose folder it lies in."""
    hosts = {}
    for route in built(name).of_kind("IngressRoute"):
        for rule in route.object["spec"]["routes"]:
            hosts[rule["match"].removeprefix("Host(`").removesuffix("`)")] = route.folder
    return hosts
