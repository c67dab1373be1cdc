"""The platform: every app of a cluster, in the order in which Argo CD deploys them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from apps.argocd import ArgoCD
from apps.projects import Projects
from apps.traefik import Traefik
from apps.whoami import Whoami
from lib.cli import main

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import Platform


def build(app: Platform, cluster: Cluster) -> None:
    """Put every app of ``cluster`` into ``app``."""
    Projects(app, cluster=cluster)
    ArgoCD(app, cluster=cluster)
    traefik = Traefik(app, cluster=cluster)
    Whoami(app, cluster=cluster).after(traefik)


if __name__ == "__main__":  # `cdk8s synth` runs this file
    sys.exit(main(["synth"]))
