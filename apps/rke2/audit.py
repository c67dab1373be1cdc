"""The API server's audit policy: who did what, without what is secret and without what is noise.

The first rule that matches decides. ``Metadata`` tells who did what when, from where, and whether
it was allowed; ``RequestResponse`` adds both bodies.

Source: docs/tasks/debug/debug-cluster/audit of kubernetes/website; the matching itself is
staging/src/k8s.io/apiserver/pkg/audit/policy/checker.go of kubernetes/kubernetes.
"""

from __future__ import annotations

from typing import Any

READ = ["get", "list", "watch"]
WRITE = ["create", "delete", "deletecollection", "patch", "update"]

# The names in the certificates that RKE2 makes (pkg/daemons/control/deps/deps.go of k3s-io/k3s);
# its administrator's, system:admin, is not among them.
CONTROL_PLANE = [
    "rke2-cloud-controller-manager",
    "system:apiserver",
    "system:kube-controller-manager",
    "system:kube-proxy",
    "system:kube-scheduler",
    "system:rke2-controller",
    "system:rke2-supervisor",
]
NODES = "system:nodes"
SERVICE_ACCOUNTS = "system:serviceaccounts"


def audit_policy() -> dict[str, Any]:
    """Build the Policy."""
    return {
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        # The stages after it say the same and how it ended.
        "omitStages": ["RequestReceived"],
        "omitManagedFields": True,
        "rules": [
            into_pods(),
            *without_noise(),
            without_bodies(),
            # Controllers read everything else all the time; what people read is logged.
            _none(userGroups=[SERVICE_ACCOUNTS], verbs=READ),
            with_bodies(),
            {"level": "Metadata"},
        ],
    }


def into_pods() -> dict[str, Any]:
    """Log every way into a running pod, whoever takes it.

    ``kubectl exec`` is a ``get`` for the API server; the command stands in the address.
    """
    ways = ["pods/attach", "pods/ephemeralcontainers", "pods/exec", "pods/portforward"]
    proxies = ["nodes/proxy", "pods/proxy", "services/proxy"]
    return {"level": "Metadata", "resources": [_of("", *ways, *proxies)]}


def without_noise() -> list[dict[str, Any]]:
    """Leave out what the cluster does by itself all the time, and nobody will ever look for."""
    leases = _of("coordination.k8s.io", "leases")
    slices = _of("discovery.k8s.io", "endpointslices")
    return [
        # Probes, and the questions that every client asks first.
        _none(
            nonResourceURLs=[
                *("/healthz*", "/livez*", "/readyz*", "/version", "/openapi/*"),
                *("/api", "/api/*", "/apis", "/apis/*"),
            ]
        ),
        # Events are a log themselves.
        _none(resources=[_of("", "events"), _of("events.k8s.io", "events")]),
        # Heartbeats and elections: each node and each controller, every few seconds.
        _none(verbs=[*READ, "patch", "update"], resources=[leases]),
        # What runs the cluster reads all of it, Secrets for the pods of its node included.
        _none(users=CONTROL_PLANE, verbs=READ),
        _none(userGroups=[NODES], verbs=READ),
        _none(
            userGroups=[NODES],
            verbs=["create", "patch", "update"],
            resources=[
                _of("", "nodes/status", "pods/status"),
                _of("authentication.k8s.io", "tokenreviews"),
                _of("authorization.k8s.io", "subjectaccessreviews"),
            ],
        ),
        # Follows from every pod that comes or goes.
        _none(
            userGroups=[f"{SERVICE_ACCOUNTS}:kube-system"],
            verbs=["patch", "update"],
            resources=[_of("", "endpoints"), slices, {"group": "cilium.io"}],
        ),
        # CoreDNS' autoscaler alone asks every ten seconds.
        _none(
            userGroups=[f"{SERVICE_ACCOUNTS}:kube-system"],
            verbs=READ,
            resources=[_of("", "configmaps")],
        ),
        # Longhorn keeps the state of disks in its objects, Argo CD that of syncs in Applications.
        _none(
            userGroups=[f"{SERVICE_ACCOUNTS}:longhorn-system"],
            verbs=["patch", "update"],
            resources=[{"group": "longhorn.io"}],
        ),
        _none(
            users=["system:serviceaccount:argocd:argocd-application-controller"],
            verbs=["patch", "update"],
            resources=[_of("argoproj.io", "applications", "applications/status")],
        ),
    ]


def without_bodies() -> dict[str, Any]:
    """Log who reads or writes what is secret, and never what it says."""
    return {
        "level": "Metadata",
        "resources": [
            _of("", "configmaps", "secrets", "serviceaccounts/token"),
            _of("authentication.k8s.io", "tokenreviews"),
        ],
    }


def with_bodies() -> dict[str, Any]:
    """Log changes of what grants power or decides what runs: what was sent, and what it became."""
    return {
        "level": "RequestResponse",
        "verbs": WRITE,
        "resources": [
            _of("", "namespaces"),  # their labels are the Pod Security level
            {"group": "rbac.authorization.k8s.io"},
            _of("networking.k8s.io", "networkpolicies"),
            _of("argoproj.io", "applications", "applicationsets", "appprojects"),
        ],
    }


def _none(**match: list[Any]) -> dict[str, Any]:
    return {"level": "None", **match}


def _of(group: str, *resources: str) -> dict[str, Any]:
    return {"group": group, "resources": list(resources)}
