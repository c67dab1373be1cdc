"""The platform: every app of a cluster, in the order in which it comes up."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from apps.access import Access
from apps.actions_runners import RunnerController, RunnerScaleSet
from apps.argocd import ArgoCD
from apps.cert_manager import CertManager
from apps.cni import Cni
from apps.coredns import CoreDNS
from apps.dex import Dex
from apps.external_dns import ExternalDns
from apps.kube_vip import KubeVip
from apps.longhorn import Longhorn
from apps.nfs import Nfs
from apps.oauth2_proxy import OAuth2Proxy
from apps.projects import Projects
from apps.reactions import Reactions
from apps.rke2 import Rke2
from apps.traefik import Traefik
from apps.vault import Vault
from apps.whoami import Whoami
from lib.cli import main

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import AppChart, Platform


def build(app: Platform, cluster: Cluster) -> None:
    """Put every app of ``cluster`` into ``app``."""
    # RKE2 brings these up, before there is an Argo CD: nodes/ and bootstrap/.
    Rke2(app, cluster=cluster)
    KubeVip(app, cluster=cluster)
    Cni(app, cluster=cluster)
    CoreDNS(app, cluster=cluster)
    Projects(app, cluster=cluster)
    storage = _storage(app, cluster)
    cert_manager = CertManager(app, cluster=cluster)
    traefik = Traefik(app, cluster=cluster)
    vault = Vault(app, cluster=cluster)
    argocd = ArgoCD(app, cluster=cluster)

    # Argo CD brings up the rest of them, and what follows. What holds placeholders waits for Vault,
    # the wildcard certificate for its issuer, and what logs in as it starts for Dex.
    storage.after(vault)
    cert_manager.after(vault)
    argocd.after(vault)
    traefik.after(cert_manager)
    external_dns = ExternalDns(app, cluster=cluster).after(vault)
    proxy = OAuth2Proxy(app, cluster=cluster)

    # What it is all for.
    if cluster.runner_scale_sets:
        controller = RunnerController(app, cluster=cluster)
        for entry in cluster.runner_scale_sets:
            RunnerScaleSet(app, cluster=cluster, entry=entry).after(controller, vault)
    if cluster.reactions:
        reactions = Reactions(app, cluster=cluster, reactions=cluster.reactions)
        reactions.after(traefik, external_dns)
    Whoami(app, cluster=cluster).after(traefik, external_dns)

    # Who may do what, and who logs in: it follows from all of them.
    access = Access(app, cluster=cluster, apps=list(app.apps))
    logins = [login for each in (vault, argocd, proxy, access) for login in each.login_clients]
    dex = Dex(app, cluster=cluster, clients=logins).after(traefik, external_dns)
    proxy.after(dex)


def _storage(app: Platform, cluster: Cluster) -> AppChart:
    if cluster.storage.kind == "nfs":
        return Nfs(app, cluster=cluster)
    return Longhorn(app, cluster=cluster, storage=cluster.storage)


if __name__ == "__main__":  # `cdk8s synth` runs this file
    sys.exit(main(["synth"]))
