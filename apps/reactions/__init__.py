"""Reactions: takes what viewers of the live stream tap, and shows it to all of them at once.

Each pod holds open streams (server-sent events or WebSocket) to many viewers. What arrives at one
pod reaches the viewers of all others through Valkey, so that any pod may serve any viewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.reactions.valkey import ADDRESS, PASSWORD_FILE, to_valkey, valkey
from apps.reactions.valkey_pod import PASSWORD_FOLDER, PASSWORD_SECRET
from lib.constructs import (
    AppChart,
    Autoscaling,
    Container,
    IngressRoute,
    Middleware,
    Probe,
    Resources,
    Shutdown,
    VaultSecret,
    WebService,
    template,
    vault,
)

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster
    from lib.config import Reactions as Section

# Requests that end with a stream, and last as long as the viewer stays.
STREAMS = ("/events", "/ws")

# A hall of viewers can share one address, that of the venue's network; and the load balancer may
# bring them all to one node. So one address may do what a full hall does: the limits keep one
# flooding machine from taking all, and cannot tell one viewer from another. That is the backend's.
HALL = 3000


class Reactions(AppChart):
    """The backend of the live stream's reactions, with its own project for its own developers."""

    def __init__(self, scope: Construct, *, cluster: Cluster, reactions: Section) -> None:
        super().__init__(scope, "reactions", cluster=cluster, project="live-stream")
        valkey(self, client="backend")
        if reactions.private:
            self._registry(reactions.image)
        host = cluster.host(reactions.host)
        WebService(
            self,
            "backend",
            image=reactions.image,
            port=8080,
            host=host,
            replicas=Autoscaling(
                min_replicas=reactions.min_replicas, max_replicas=reactions.max_replicas
            ),
            container=Container(
                env={"VALKEY_ADDRESS": ADDRESS, "VALKEY_PASSWORD_FILE": PASSWORD_FILE},
                secrets={PASSWORD_FOLDER: PASSWORD_SECRET},
                pull_secret="registry" if reactions.private else "",
                resources=Resources(cpu="250m", memory="128Mi", memory_limit="256Mi"),
                probe=Probe(ready="/readyz", alive="/healthz"),
                # 15 s to be forgotten by Traefik, then a minute in which the backend sends its
                # viewers away a few at a time, so that they do not all return at once.
                shutdown=Shutdown(drain=15, grace=75),
            ),
            # The gate asks more of it than of others: yagura explain W08, W15.
            labels={"policy.yagura/tier": "critical", "policy.yagura/stream": "true"},
            middlewares=self._limits("tap", requests=HALL, at_once=HALL),
            egress=[to_valkey()],
        )
        # A viewer opens a stream once, and again when its pod leaves: a hall does so all at once.
        # Two streams each, because the old one is noticed to be gone only after a while.
        limits = self._limits("stream", requests=HALL // 10, at_once=2 * HALL)
        for path in STREAMS:
            IngressRoute(
                self,
                f"route{path.replace('/', '-')}",
                cluster=cluster,
                name=f"stream{path.replace('/', '-')}",
                host=host,
                path=path,  # makes this rule the longer one, which wins over the backend's own
                service="backend",
                port="http",
                middlewares=limits,
            )

    def _registry(self, image: str) -> None:
        """The login at the image's registry, as the kubelet reads it."""
        username = vault("reactions/registry", "username")
        token = vault("reactions/registry", "token")
        login = ('":{"username":"', username, '","password":"', token, '"}}}')
        VaultSecret(
            self,
            "registry",
            name="registry",
            type="kubernetes.io/dockerconfigjson",
            data={
                ".dockerconfigjson": template('{"auths":{"', image.partition("/")[0], *login),
            },
        )

    def _limits(self, what: str, *, requests: int, at_once: int) -> tuple[str, str]:
        """Limit one address, on each node: new requests a second, and those that are under way."""
        rate, parallel = f"{what}-rate", f"{what}-at-once"
        Middleware.rate_limit(self, rate, average=requests, burst=2 * HALL)
        Middleware.in_flight(self, parallel, amount=at_once)
        return rate, parallel
