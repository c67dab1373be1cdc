"""Examples of the rules about order: what they show, and what breaks them."""

from __future__ import annotations

TWO_APPLICATIONS = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: vault
  namespace: argocd
  annotations: {argocd.argoproj.io/sync-wave: "0"}
spec:
  project: platform
  source:
    repoURL: https://charts.festival.example
    chart: vault
    targetRevision: 0.34.1
  destination: {server: https://kubernetes.default.svc, namespace: vault}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: whoami
  namespace: argocd
  annotations: {argocd.argoproj.io/sync-wave: "1"}
spec:
  project: apps
  source:
    repoURL: https://git.festival.example/platform.git
    path: dist/production/whoami
    plugin: {name: argocd-vault-plugin}
  destination: {server: https://kubernetes.default.svc, namespace: whoami}
"""
CIRCLE = """\
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: self-signed, namespace: cert-manager}
spec: {selfSigned: {}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: internal-ca, namespace: cert-manager}
spec:
  isCA: true
  commonName: internal CA
  secretName: internal-ca
  issuerRef: {kind: Issuer, name: ISSUER}
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: internal-ca, namespace: cert-manager}
spec: {ca: {secretName: internal-ca}}
"""
HEALTH = (
    """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: argocd, namespace: kube-system}
spec:
  repo: https://charts.festival.example
  chart: argo-cd
  version: 10.1.1
  targetNamespace: argocd
  values:
    configs:
      cm:
        resource.customizations.health.argoproj.io_KIND: |
          return (obj.status or {}).health or { status = "Progressing" }
---
"""
    + TWO_APPLICATIONS
)
WAVES = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  namespace: whoami
  annotations: {argocd.argoproj.io/sync-wave: "-1"}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: docker.io/library/busybox:1.37.0}]
"""
