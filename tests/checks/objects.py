"""Good objects of the kinds that the platform uses most, for tests to break."""

from __future__ import annotations

from typing import Any

GOOD: dict[str, dict[str, Any]] = {
    "Application": {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": "whoami",
            "namespace": "argocd",
            "annotations": {"argocd.argoproj.io/sync-wave": "3"},
            "finalizers": ["resources-finalizer.argocd.argoproj.io"],
        },
        "spec": {
            "project": "apps",
            "source": {"repoURL": "https://git.example/platform", "path": "dist/apps/whoami"},
            "destination": {"name": "in-cluster", "namespace": "whoami"},
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "syncOptions": ["ServerSideApply=true"],
                "retry": {"limit": 5, "backoff": {"duration": "5s", "factor": 2}},
            },
            "ignoreDifferences": [
                {"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}
            ],
        },
    },
    "AppProject": {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "apps", "namespace": "argocd"},
        "spec": {
            "sourceRepos": ["https://git.example/platform"],
            "destinations": [{"server": "https://kubernetes.default.svc", "namespace": "whoami"}],
            "clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}],
        },
    },
    "IngressRoute": {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "IngressRoute",
        "metadata": {"name": "web", "namespace": "whoami"},
        "spec": {
            "entryPoints": ["websecure"],
            "routes": [
                {
                    "kind": "Rule",
                    "match": "Host(`whoami.example`)",
                    "middlewares": [{"name": "headers"}],
                    "services": [{"name": "web", "port": 80}, {"name": "other", "port": "http"}],
                }
            ],
            "tls": {"secretName": "wildcard"},
        },
    },
    "Middleware": {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "Middleware",
        "metadata": {"name": "headers", "namespace": "whoami"},
        "spec": {"headers": {"stsSeconds": 31536000, "customResponseHeaders": {"Server": ""}}},
    },
    "HelmChart": {
        "apiVersion": "helm.cattle.io/v1",
        "kind": "HelmChart",
        "metadata": {"name": "traefik", "namespace": "kube-system"},
        "spec": {
            "repo": "https://charts.example",
            "chart": "traefik",
            "version": "41.3.0",
            "targetNamespace": "traefik",
            "bootstrap": True,
            "valuesContent": "deployment:\n  kind: DaemonSet\n",
            "set": {"a.b": "c", "d": 1},
        },
    },
    "Certificate": {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": {"name": "wildcard", "namespace": "traefik"},
        "spec": {
            "secretName": "wildcard",
            "dnsNames": ["*.example"],
            "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer"},
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        },
    },
    "ClusterIssuer": {
        "apiVersion": "cert-manager.io/v1",
        "kind": "ClusterIssuer",
        "metadata": {"name": "letsencrypt"},
        "spec": {
            "acme": {
                "server": "https://acme.example/directory",
                "privateKeySecretRef": {"name": "account"},
                "solvers": [
                    {
                        "dns01": {
                            "webhook": {
                                "groupName": "acme.example",
                                "solverName": "dns",
                                "config": {"anything": {"goes": ["here", 1]}},
                            }
                        }
                    }
                ],
            }
        },
    },
    "Deployment": {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "whoami"},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {
                    "containers": [
                        {
                            "name": "web",
                            "image": "registry.example/web:1",
                            "ports": [{"containerPort": 80}],
                            "resources": {"limits": {"memory": "32Mi", "cpu": 1}},
                        }
                    ]
                },
            },
        },
    },
}

# (kind, path to a place, new value there; None removes it, pointer that must be blamed)
BAD: tuple[tuple[str, tuple[str | int, ...], Any, str], ...] = (
    # An unknown key.
    ("Application", ("spec", "syncPolicy", "automated", "selfheal"), True,
     "/spec/syncPolicy/automated"),
    ("AppProject", ("spec", "destination"), [], "/spec"),
    ("IngressRoute", ("spec", "routes", 0, "middleware"), [], "/spec/routes/0"),
    ("Middleware", ("spec", "header"), {}, "/spec"),
    ("HelmChart", ("spec", "values_content"), "", "/spec"),
    ("Certificate", ("spec", "dnsName"), "a", "/spec"),
    ("ClusterIssuer", ("spec", "acme", "mail"), "a@example", "/spec/acme"),
    ("Deployment", ("spec", "template", "spec", "containers", 0, "imag"), "a",
     "/spec/template/spec/containers/0"),
    ("Application", ("metadata", "label"), {}, "/metadata"),
    ("Application", ("extra",), {}, ""),
    ("Deployment", ("extra",), {}, ""),
    # A wrong type or value.
    ("Application", ("spec", "syncPolicy", "automated", "prune"), "true",
     "/spec/syncPolicy/automated/prune"),
    ("Application", ("metadata", "annotations", "argocd.argoproj.io/sync-wave"), 3,
     "/metadata/annotations/argocd.argoproj.io~1sync-wave"),
    ("AppProject", ("spec", "sourceRepos"), "*", "/spec/sourceRepos"),
    ("IngressRoute", ("spec", "routes", 0, "services", 0, "port"), 80.5,
     "/spec/routes/0/services/0/port"),
    ("IngressRoute", ("spec", "routes", 0, "kind"), "Route", "/spec/routes/0/kind"),
    ("Middleware", ("spec", "headers", "stsSeconds"), "1", "/spec/headers/stsSeconds"),
    ("HelmChart", ("spec", "bootstrap"), "yes", "/spec/bootstrap"),
    ("Certificate", ("spec", "privateKey", "algorithm"), "DSA", "/spec/privateKey/algorithm"),
    ("ClusterIssuer", ("spec", "acme", "solvers"), {}, "/spec/acme/solvers"),
    ("Deployment", ("spec", "replicas"), "2", "/spec/replicas"),
    # Something required that is missing.
    ("Application", ("spec", "project"), None, "/spec"),
    ("AppProject", ("spec",), None, ""),
    ("IngressRoute", ("spec", "routes"), None, "/spec"),
    ("Middleware", ("metadata", "name"), None, "/metadata"),
    ("HelmChart", ("metadata",), None, ""),
    ("Certificate", ("spec", "secretName"), None, "/spec"),
    ("ClusterIssuer", ("spec", "acme", "privateKeySecretRef"), None, "/spec/acme"),
    ("Deployment", ("spec", "selector"), None, "/spec"),
    ("Deployment", ("metadata",), None, ""),
)  # fmt: skip
