"""The nodes' own ports, which Traefik takes: two for visitors, two for the cluster itself.

Streams (server-sent events, WebSocket) need no longer timeout: the read timeout, 60 s, is over with
the request, and a write timeout there is none.
"""

from __future__ import annotations

from typing import Any

# After SIGTERM `/ping` answers 503 while requests are still accepted, so that the load balancer
# takes the node out first (two checks at 10 s). Together below the pod's 60 s of grace.
DRAIN = {"requestAcceptGraceTimeout": "25s", "graceTimeOut": "30s"}


def ports() -> dict[str, Any]:
    """``ports`` of the chart's values."""
    return {
        "web": {
            "port": 80,
            "http": {
                "redirections": {
                    "entryPoint": {
                        "to": "websecure",
                        "scheme": "https",
                        "permanent": True,
                        # Below PathPrefix(`/ping`), whose priority is its length: 18. The
                        # default, MaxInt-1, would redirect the load balancer's check.
                        "priority": 10,
                    }
                }
            },
            "transport": {"lifeCycle": DRAIN},
        },
        "websecure": {
            "port": 443,
            "asDefault": True,
            "transport": {"lifeCycle": DRAIN},
        },
        # The kubelet's probes come from the node itself; nobody else needs this port.
        "traefik": {"port": 8080, "hostIP": "127.0.0.1"},
        # 9100 on the node belongs to node-exporter.
        "metrics": {"port": 9101, "exposedPort": 9101},
    }
