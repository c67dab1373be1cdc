"""G16, G17, G27 and G28: a cluster that cannot come up, or comes up in an order by chance."""

from __future__ import annotations

from tests.gate.faults.fault import ANNOTATIONS, VALUES, Fault, drop, put

_WAVE = "argocd.argoproj.io/sync-wave"
_HEALTH = (*VALUES, "configs", "cm")

FAULTS = (
    Fault("a certificate is asked for before its issuer is there", "Application argocd/traefik",
          put(*ANNOTATIONS, _WAVE, "0"), "G16",
          "name: letsencrypt-production", "Certificate traefik/wildcard"),
    Fault("runners come up before their controller", "Application argocd/arc-system",
          put(*ANNOTATIONS, _WAVE, "5"), "G16", "- chart: gha-runner-scale-set",
          "Application argocd/arc-runners-festival"),
    Fault("oauth2-proxy comes up with Dex, without which it does not start",
          "Application argocd/oauth2-proxy", put(*ANNOTATIONS, _WAVE, "3"), "G16",
          "oidc-issuer-url:"),
    Fault("a role is bound before its account's namespace is there", "Application argocd/access",
          put(*ANNOTATIONS, _WAVE, "2"), "G16", "namespace: reactions",
          "RoleBinding reactions/team-view"),
    Fault("a Secret comes up after the pods that mount it", "Secret reactions/valkey",
          put(*ANNOTATIONS, _WAVE, "1"), "G16", "secretName: valkey",
          "Deployment reactions/backend"),
    Fault("a project comes up after its Applications", "AppProject argocd/apps",
          put(*ANNOTATIONS, _WAVE, "9"), "G16", "project: apps", "Application argocd/whoami"),
    Fault("a Namespace comes up after its objects", "Namespace reactions",
          put(*ANNOTATIONS, _WAVE, "1"), "G28", "sync-wave"),
    Fault("a CA is to be signed by itself", "Certificate cert-manager/internal-ca",
          put("spec", "issuerRef", {"name": "internal-ca", "kind": "ClusterIssuer",
                                    "group": "cert-manager.io"}), "G17", "apiVersion:"),
    Fault("two Applications wait for each other's health", "Application argocd/root",
          drop(*ANNOTATIONS, "argocd.argoproj.io/ignore-healthcheck"), "G17", "apiVersion:"),
    Fault("Argo CD does not wait for Applications", "HelmChart kube-system/argocd",
          drop(*_HEALTH, "resource.customizations.health.argoproj.io_Application"), "G27", "cm:"),
    Fault("Argo CD does not wait for charts", "HelmChart kube-system/argocd",
          drop(*_HEALTH, "resource.customizations.health.helm.cattle.io_HelmChart"), "G27", "cm:"),
    Fault("a wave is a word", "Application argocd/whoami", put(*ANNOTATIONS, _WAVE, "last"),
          "G28", "sync-wave: last"),
    Fault("a pod has a wave", "Deployment whoami/web",
          put("spec", "template", *ANNOTATIONS, _WAVE, "1"), "G28", "sync-wave"),
)  # fmt: skip
