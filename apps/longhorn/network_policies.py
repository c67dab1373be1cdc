"""Traffic within longhorn-system that the chart's own policies leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.longhorn.values import NAMESPACE
from lib.constructs import NetworkPolicy, from_nodes

if TYPE_CHECKING:
    from lib.constructs import AppChart

# Labels of Longhorn's own pods.
MANAGER = {"app": "longhorn-manager"}
CSI_PLUGIN = {"app": "longhorn-csi-plugin"}


def forgotten_policies(app: AppChart) -> None:
    """Let in what would work in an open namespace: the chart closes single pods, we close all."""
    _allow(
        app,
        "share-manager",  # serves a volume that several pods mount, by NFS
        selector={"longhorn.io/component": "share-manager"},
        ingress=[from_nodes(app.cluster, port=2049), _from(MANAGER, CSI_PLUGIN, port=9600)],
    )
    _allow(
        app,
        "support-bundle",
        selector={"app": "support-bundle-manager"},
        ingress=[_from(MANAGER, port=8080)],
    )


def _allow(
    app: AppChart, name: str, *, selector: dict[str, str], ingress: list[dict[str, Any]]
) -> None:
    NetworkPolicy(
        app.bootstrap,
        name,
        name=name,
        namespace=NAMESPACE,
        selector=selector,
        ingress=ingress,
    )


def _from(*selectors: dict[str, str], port: int) -> dict[str, Any]:
    """Allow what these pods of the namespace send to one port."""
    return {
        "from": [{"podSelector": {"matchLabels": selector}} for selector in selectors],
        "ports": [{"protocol": "TCP", "port": port}],
    }
