"""Writes Let's Encrypt's challenges into a zone of Sakura Cloud, which cert-manager cannot itself.

ophum's unofficial webhook. Its own chart is left out: it runs as root, which the namespace forbids,
and lets the webhook read every Secret of the cluster; here it reads the one that it needs.

It keeps one TXT record per name. A wildcard certificate needs two, one after the other, and that
is how cert-manager works: it never solves two challenges for one name at a time
(pkg/controller/acmechallenges/scheduler of cert-manager/cert-manager).

Source: main.go and deploy/ of ophum/cert-manager-webhook-sakuracloud v0.4.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs import Construct

from apps.cert_manager.sakura_solver.deployment import budget, deployment
from apps.cert_manager.sakura_solver.names import GROUP, LABELS, NAME, NAMESPACE, PORT
from apps.cert_manager.sakura_solver.rights import rights
from lib.constructs import (
    INTERNAL_CA,
    Certificate,
    KubeObject,
    NetworkPolicy,
    from_nodes,
    kernel,
    to_internet,
)

if TYPE_CHECKING:
    from lib.constructs import AppChart


class SakuraSolver(Construct):
    """An API server of its own, which the Kubernetes API hands cert-manager's challenges to."""

    def __init__(self, app: AppChart, id: str) -> None:  # noqa: A002 - constructs' own name
        kernel.create(self, app, id)
        app.writes_to("kube-system")  # one of its bindings, in rights()
        self._object("v1", "ServiceAccount", NAME, {})
        Certificate(
            self,
            "certificate",
            name=NAME,
            secret_name=f"{NAME}-tls",
            dns_names=[f"{NAME}.{NAMESPACE}.svc"],
            issuer=INTERNAL_CA,
        )
        self._object("apps/v1", "Deployment", NAME, {"spec": deployment(app)})
        ports = [{"name": "https", "port": 443, "targetPort": "https"}]
        self._object("v1", "Service", NAME, {"spec": {"selector": LABELS, "ports": ports}})
        self._object("policy/v1", "PodDisruptionBudget", NAME, {"spec": budget()})
        self._api_service()
        rights(self)
        NetworkPolicy(
            self,
            "network-policy",
            name=NAME,
            selector=LABELS,
            ingress=[from_nodes(app.cluster, port=PORT)],  # the API server
            egress=[to_internet(app.cluster, 443)],  # Sakura's API
        )

    def _object(
        self,
        api_version: str,
        kind: str,
        name: str,
        body: dict[str, Any],
        *,
        annotations: dict[str, str] | None = None,
    ) -> None:
        KubeObject(
            self,
            f"{kind}-{name}",
            api_version=api_version,
            kind=kind,
            name=name,
            annotations=annotations,
            body=body,
        )

    def _api_service(self) -> None:
        self._object(
            "apiregistration.k8s.io/v1",
            "APIService",
            f"v1alpha1.{GROUP}",
            {
                "spec": {
                    "group": GROUP,
                    "version": "v1alpha1",
                    "groupPriorityMinimum": 1000,
                    "versionPriority": 15,
                    "service": {"name": NAME, "namespace": NAMESPACE},
                }
            },
            # cert-manager writes the CA that the API server has to trust into spec.caBundle.
            annotations={"cert-manager.io/inject-ca-from": f"{NAMESPACE}/{NAME}"},
        )
