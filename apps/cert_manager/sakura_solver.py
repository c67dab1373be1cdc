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

from apps.cert_manager.values import DNS_SECRET
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

# renovate: datasource=docker
IMAGE = "ghcr.io/ophum/cert-manager-webhook-sakuracloud:v0.4.8"
# The API group that it serves, and its own name in there.
GROUP = "acme.t-inagaki.net"
SOLVER = "sakuracloud-dns-solver"

NAME = "sakura-solver"
NAMESPACE = "cert-manager"
LABELS = {"app.kubernetes.io/name": NAME}
PORT = 8443
RBAC = "rbac.authorization.k8s.io"


class SakuraSolver(Construct):
    """An API server of its own, which the Kubernetes API hands cert-manager's challenges to."""

    def __init__(self, app: AppChart, id: str) -> None:  # noqa: A002 - constructs' own name
        kernel.create(self, app, id)
        app.writes_to("kube-system")
        self._object("v1", "ServiceAccount", NAME, {})
        Certificate(
            self,
            "certificate",
            name=NAME,
            secret_name=f"{NAME}-tls",
            dns_names=[f"{NAME}.{NAMESPACE}.svc"],
            issuer=INTERNAL_CA,
        )
        self._object("apps/v1", "Deployment", NAME, {"spec": _deployment(app)})
        ports = [{"name": "https", "port": 443, "targetPort": "https"}]
        self._object("v1", "Service", NAME, {"spec": {"selector": LABELS, "ports": ports}})
        self._object("policy/v1", "PodDisruptionBudget", NAME, {"spec": _budget()})
        self._api_service()
        self._rights()
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
        namespace: str | None = None,
        annotations: dict[str, str] | None = None,
    ) -> None:
        KubeObject(
            self,
            f"{kind}-{name}",
            api_version=api_version,
            kind=kind,
            name=name,
            namespace=namespace,
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

    def _rights(self) -> None:
        """Who may ask it, whom it may ask about its callers, and the one Secret that it reads."""
        solves = [{"apiGroups": [GROUP], "resources": ["*"], "verbs": ["create"]}]
        self._object(f"{RBAC}/v1", "ClusterRole", f"{NAME}-challenges", {"rules": solves})
        self._bind("ClusterRoleBinding", f"{NAME}-challenges", account="cert-manager")
        self._bind("ClusterRoleBinding", f"{NAME}-callers", role="system:auth-delegator")
        self._bind(
            "RoleBinding",
            f"{NAME}-callers",
            role="extension-apiserver-authentication-reader",
            namespace="kube-system",
        )
        reads = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}
        rules = [{**reads, "resourceNames": [DNS_SECRET]}]
        self._object(f"{RBAC}/v1", "Role", f"{NAME}-credential", {"rules": rules})
        self._bind("RoleBinding", f"{NAME}-credential")

    def _bind(
        self,
        kind: str,
        name: str,
        *,
        role: str = "",
        account: str = NAME,
        namespace: str | None = None,
    ) -> None:
        """Bind the role called like the binding, or one that Kubernetes has."""
        of_namespace = kind == "RoleBinding"
        reference = {
            "apiGroup": RBAC,
            "kind": "Role" if of_namespace else "ClusterRole",
            "name": role or name,
        }
        subject = {"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}
        body = {"roleRef": reference, "subjects": [subject]}
        self._object(f"{RBAC}/v1", kind, name, body, namespace=namespace)


def _deployment(app: AppChart) -> dict[str, Any]:
    """One per node up to two: while none answers, the API server's list of its groups is short."""
    probe = {"httpGet": {"path": "/healthz", "port": "https", "scheme": "HTTPS"}}
    container = {
        "name": "webhook",
        "image": IMAGE,
        "args": [
            f"--secure-port={PORT}",
            "--tls-cert-file=/tls/tls.crt",
            "--tls-private-key-file=/tls/tls.key",
        ],
        "env": [{"name": "GROUP_NAME", "value": GROUP}],
        "ports": [{"name": "https", "containerPort": PORT}],
        "readinessProbe": {**probe, "periodSeconds": 5},
        "livenessProbe": {**probe, "periodSeconds": 10, "failureThreshold": 6},
        "resources": {
            "requests": {"cpu": "10m", "memory": "32Mi"},
            "limits": {"memory": "128Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": "tls", "mountPath": "/tls", "readOnly": True}],
    }
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": LABELS},
    }
    pod = {
        "serviceAccountName": NAME,
        "priorityClassName": "system-cluster-critical",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [{"name": "tls", "secret": {"secretName": f"{NAME}-tls"}}],
        "topologySpreadConstraints": [spread],
    }
    return {
        "replicas": min(2, len(app.cluster.workload_nodes)),
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": LABELS},
        "template": {"metadata": {"labels": LABELS}, "spec": pod},
    }


def _budget() -> dict[str, Any]:
    return {
        "maxUnavailable": 1,
        "selector": {"matchLabels": LABELS},
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }
