"""G08 to G15, G29 and G30: objects that name what is not there."""

from __future__ import annotations

from tests.gate.faults.fault import (
    CHART,
    CONTAINER,
    POD,
    ROUTE,
    VALUES,
    Fault,
    add,
    away,
    beside,
    put,
)

_CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: whoami
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: longhorn-fast
  resources:
    requests:
      storage: 1Gi
"""
_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_NAME = "app.kubernetes.io/name"

FAULTS = (
    Fault("a Namespace is missing", "Namespace whoami", away(), "G08", "namespace: whoami",
          "Deployment whoami/web"),
    Fault("an object's namespace is misspelt", "Service whoami/web",
          put("metadata", "namespace", "whoaim"), "G08", "namespace: whoaim",
          "Service whoaim/web"),
    Fault("an Application leads to a namespace that is not there", "Application argocd/traefik",
          put("spec", "destination", "namespace", "traefik-system"), "G08", "traefik-system"),
    Fault("a chart is for a namespace that is not there", "HelmChart kube-system/longhorn",
          put("spec", "targetNamespace", "longhorn"), "G08", "targetNamespace: longhorn"),
    Fault("an Application's folder is empty", "Application argocd/whoami",
          put("spec", "source", "path", "dist/production/whoam"), "G09", "path:"),
    Fault("no Application reads an app's folder", "Application argocd/whoami", away(), "G09",
          "apiVersion:", "Deployment whoami/web"),
    Fault("a route leads to a port that its Service lacks", "IngressRoute whoami/web",
          put(*ROUTE, "services", 0, "port", 8080), "G10", "port: 8080"),
    Fault("a route leads to a Service that is not there", "IngressRoute reactions/backend",
          put(*ROUTE, "services", 0, "name", "backned"), "G10", "name: backned"),
    Fault("a route leads to a port that a chart's Service lacks", "IngressRoute dex/dex",
          put(*ROUTE, "services", 0, "port", "https"), "G10", "port: https"),
    Fault("a Service's port got another name", "Service reactions/backend",
          put("spec", "ports", 0, "name", "web"), "G10", "port: http",
          "IngressRoute reactions/backend"),
    Fault("a route's middleware is gone", "Middleware reactions/tap-rate", away(), "G10",
          "name: tap-rate", "IngressRoute reactions/backend"),
    Fault("a login page's middleware is misspelt", "IngressRoute longhorn-system/longhorn",
          put(*ROUTE, "middlewares", 0, "name", "logni"), "G10", "name: logni"),
    Fault("a route's certificate is nowhere made", "IngressRoute whoami/web",
          put("spec", "tls", {"secretName": "whoami-tls"}), "G10", "secretName: whoami-tls"),
    Fault("a route's transport is gone", "ServersTransport vault/vault", away(), "G10",
          "serversTransport: vault", "IngressRoute vault/vault"),
    Fault("a pod's account is not there", "DaemonSet kube-system/kube-vip",
          put(*POD, "serviceAccountName", "kubevip"), "G11", "serviceAccountName: kubevip"),
    Fault("a pod's Secret is gone", "Secret reactions/valkey", away(), "G11",
          "secretName: valkey", "Deployment reactions/backend"),
    Fault("a pod asks for a key that its Secret lacks", "Deployment reactions/backend",
          put(*POD, "volumes", 0, "secret", "items", [{"key": "pass", "path": "password"}]),
          "G11", "key: pass"),
    Fault("a pod asks for a key that its ConfigMap lacks", "Deployment whoami/web",
          add(*CONTAINER, "env", {"name": "CA", "valueFrom": {
              "configMapKeyRef": {"name": "kube-root-ca.crt", "key": "ca"}}}), "G11", "key: ca"),
    Fault("a pod's ConfigMap is not there", "Deployment reactions/valkey",
          add(*CONTAINER, "env", {"name": "MODE", "valueFrom": {
              "configMapKeyRef": {"name": "valkey-mode", "key": "mode"}}}), "G11", "valkey-mode"),
    Fault("a container mounts a volume that its pod lacks", "Deployment reactions/backend",
          put(*CONTAINER, "volumeMounts", 0, "name", "valky"), "G11", "name: valky"),
    Fault("a pod's claim is not there", "Deployment reactions/valkey",
          add(*POD, "volumes", {"name": "data", "persistentVolumeClaim": {
              "claimName": "valkey-data"}}), "G11", "claimName: valkey-data"),
    Fault("nobody can pull an image", "Deployment reactions/backend",
          put(*POD, "imagePullSecrets", 0, "name", "ghcr"), "G11", "name: ghcr"),
    Fault("a chart's pods ask for a key that a Secret lacks", "Application argocd/external-dns",
          put(*CHART, "env", 0, "valueFrom", "secretKeyRef", "key", "token"), "G11",
          "key: token"),
    Fault("a chart's Secret is not there", "Application argocd/oauth2-proxy",
          put(*CHART, "config", "existingSecret", "oauth2-proxy"), "G11",
          "existingSecret: oauth2-proxy"),
    Fault("a chart mounts a ConfigMap that is not there", "HelmChart kube-system/vault",
          put(*VALUES, "server", "volumes", 1, "configMap", "name", "vault-set-up"), "G11",
          "name: vault-set-up"),
    Fault("runners mount a ConfigMap that is not there",
          "Application argocd/arc-runners-festival",
          put(*CHART, "template", "spec", "volumes", 0, "configMap", "name", "jobs"), "G11",
          "name: jobs"),
    Fault("the certificate of all hosts is in a Secret that nobody makes",
          "HelmChart kube-system/traefik",
          put(*VALUES, "tlsStore", "default", "defaultCertificate", "secretName", "wildcard"),
          "G11", "secretName: wildcard"),
    Fault("a login is asked of a Service that is not there", "Middleware traefik/login",
          put("spec", "forwardAuth", "address", "http://proxy.oauth2-proxy.svc.cluster.local/"),
          "G10", "address:"),
    Fault("Traefik trusts a CA that nobody brings", "ServersTransport vault/vault",
          put("spec", "rootCAs", 0, "secret", "vault-ca"), "G10", "secret: vault-ca"),
    Fault("a Service selects no pod", "Service reactions/valkey",
          put("spec", "selector", _NAME, "redis"), "G12", "selector:"),
    Fault("a Service's target port has no such name", "Service whoami/web",
          put("spec", "ports", 0, "targetPort", "web"), "G12", "targetPort: web"),
    Fault("a container's port got another number", "Service reactions/backend",
          put("spec", "ports", 0, "targetPort", 8081), "G12", "targetPort: 8081"),
    Fault("a claim's StorageClass is not there", "Namespace whoami", beside(_CLAIM), "G13",
          "storageClassName: longhorn-fast", "PersistentVolumeClaim whoami/data"),
    Fault("two StorageClasses are the default", "StorageClass scratch",
          put("metadata", "annotations", _DEFAULT, "true"), "G13", "annotations:"),
    Fault("an autoscaler's target got another name", "HorizontalPodAutoscaler reactions/backend",
          put("spec", "scaleTargetRef", "name", "reactions"), "G14", "name: reactions"),
    Fault("a disruption budget protects nothing", "PodDisruptionBudget whoami/web",
          put("spec", "selector", "matchLabels", _NAME, "whoami"), "G14", "selector:"),
    Fault("a network policy opens nothing", "NetworkPolicy reactions/valkey",
          put("spec", "podSelector", "matchLabels", _NAME, "redis"), "G14", "podSelector:"),
    Fault("a network policy lets nobody in", "NetworkPolicy reactions/valkey",
          put("spec", "ingress", 0, "from", 0, "podSelector", "matchLabels", _NAME, "reactions"),
          "G14", "- podSelector:"),
    Fault("nothing defines a custom resource", "Middleware traefik/login",
          put("apiVersion", "traefik.containo.us/v1alpha1"), "G15", "kind: Middleware"),
    Fault("a custom resource is of a version that its definition lacks",
          "Certificate traefik/wildcard", put("apiVersion", "cert-manager.io/v1alpha2"), "G15",
          "apiVersion: cert-manager.io/v1alpha2"),
    Fault("a binding's role is gone", "Role kube-system/kube-vip", away(), "G29", "name: kube-vip",
          "RoleBinding kube-system/kube-vip"),
    Fault("a binding's account is not there", "RoleBinding arc-jobs-festival/runner",
          put("subjects", 0, "name", "runners"), "G29", "name: runners"),
    Fault("a certificate's issuer is misspelt", "Certificate traefik/wildcard",
          put("spec", "issuerRef", "name", "letsencrypt"), "G30", "name: letsencrypt"),
    Fault("an issuer's token has another key", "Secret cert-manager/dns",
          put("stringData", {"token": "<path:kv/data/cert-manager/dns#apiToken>"}), "G30",
          "key: apiToken", "ClusterIssuer letsencrypt-production"),
)  # fmt: skip
