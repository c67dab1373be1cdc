"""whoami: the smallest web app; proves DNS, TLS and routing end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import AppChart, WebService

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

# renovate: datasource=docker
IMAGE = "docker.io/traefik/whoami:v1.11.0"


class Whoami(AppChart):
    """Answers every request with what it saw of it."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "whoami", cluster=cluster)
        WebService(self, "web", image=IMAGE, port=80, host=cluster.host("whoami"))
