"""P: settings of the systems below the apps, each of which has lost somebody their data or keys."""

from __future__ import annotations

from tests.gate.faults.fault import (
    ANNOTATIONS,
    CHART,
    OFF,
    ON,
    ROUTE,
    VALUES,
    Fault,
    beside,
    drop,
    put,
    text,
)

_DOCKER = "Application argocd/arc-runners-festival-docker"
_SMALL = "Application argocd/arc-runners-festival"
_PDB = "PodDisruptionBudget whoami/web"

FAULTS = (
    Fault("a chart's version is a range", "HelmChart kube-system/longhorn",
          put("spec", "version", ">=1.12.0"), "P01", "version:"),
    Fault("an Application takes any patch of a chart", "Application argocd/dex",
          put("spec", "sources", 0, "targetRevision", "0.24.x"), "P01", "0.24.x"),
    Fault("a chart comes without encryption", "HelmChart kube-system/longhorn",
          put("spec", "repo", "http://charts.longhorn.io"), "P01", "http://"),
    Fault("a failed upgrade uninstalls Vault", "HelmChart kube-system/vault",
          put("spec", "failurePolicy", "reinstall"), "P01", "failurePolicy: reinstall"),
    Fault("a failed upgrade is left to the default", "HelmChart kube-system/argocd",
          drop("spec", "failurePolicy"), "P01", "spec:"),
    Fault("Vault speaks without encryption", "HelmChart kube-system/vault",
          put(*VALUES, "global", "tlsDisable", ON), "P02", "tlsDisable: true"),
    Fault("Vault's listener has no TLS", "HelmChart kube-system/vault",
          text('      tls_key_file    = "/vault/tls/tls.key"', "      tls_disable = true"), "P02",
          "config: |"),
    Fault("Vault has no place for its audit log", "HelmChart kube-system/vault",
          put(*VALUES, "server", "auditStorage", "enabled", OFF), "P02", "enabled: false"),
    Fault("Longhorn deletes volumes with their claims", "HelmChart kube-system/longhorn",
          put(*VALUES, "persistence", "reclaimPolicy", "Delete"), "P03", "reclaimPolicy: Delete"),
    Fault("Longhorn keeps volumes on one node", "HelmChart kube-system/longhorn",
          put(*VALUES, "persistence", "defaultClassReplicaCount", 1), "P03",
          "defaultClassReplicaCount: 1"),
    Fault("Longhorn's page has no login", "IngressRoute longhorn-system/longhorn",
          drop(*ROUTE, "middlewares"), "P03", "- name: longhorn-frontend"),
    Fault("runners are in everybody's group", _SMALL, put(*CHART, "runnerGroup", "Default"),
          "P04", "runnerGroup: Default"),
    Fault("runners have no limit", _SMALL, drop(*CHART, "maxRunners"), "P04", "valuesObject:"),
    Fault("runners stand beside their controller", _SMALL,
          put("spec", "destination", "namespace", "arc-system"), "P04", "- chart:"),
    Fault("Dex has passwords of its own", "Application argocd/dex",
          put(*CHART, "config", "enablePasswordDB", ON), "P05", "enablePasswordDB: true"),
    Fault("a client's secret is no variable", "Application argocd/dex",
          put(*CHART, "config", "staticClients", 0, "secret", "not-so-secret"), "P05", "secret:"),
    Fault("an API version is gone", _PDB, put("apiVersion", "policy/v1beta1"), "P06",
          "apiVersion: policy/v1beta1"),
    Fault("an autoscaler's API version is gone", "HorizontalPodAutoscaler reactions/backend",
          put("apiVersion", "autoscaling/v2beta2"), "P06", "autoscaling/v2beta2"),
    Fault("a kind is deprecated", "Service whoami/web",
          beside("apiVersion: v1\nkind: Endpoints\nmetadata:\n  name: web\n  namespace: whoami\n"),
          "P07", "apiVersion: v1", "Endpoints whoami/web"),
    Fault("the Docker beside a job is privileged, and nobody stands for it", _DOCKER,
          drop(*ANNOTATIONS, "policy.yagura/exempt.P08"), "P08", "privileged: true"),
)  # fmt: skip
