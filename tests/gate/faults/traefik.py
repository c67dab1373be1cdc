"""T: routes without encryption, login or owner, and a Traefik that believes what it is told."""

from __future__ import annotations

from tests.gate.faults.fault import ON, ROUTE, VALUES, Fault, beside, drop, put

_TLS_OPTION = """\
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata:
  name: old
  namespace: whoami
spec:
  minVersion: VersionTLS10
"""
_TLS_STORE = """\
apiVersion: traefik.io/v1alpha1
kind: TLSStore
metadata:
  name: default
  namespace: whoami
spec:
  defaultCertificate:
    secretName: own
"""
_CRD = (*VALUES, "providers", "kubernetesCRD")

FAULTS = (
    Fault("a route has no TLS", "IngressRoute reactions/backend", drop("spec", "tls"), "T01",
          "spec:"),
    Fault("a route speaks TLS where nobody does", "IngressRoute whoami/web",
          put("spec", "entryPoints", ["web"]), "T01", "entryPoints:"),
    Fault("nothing leads visitors from web to websecure", "HelmChart kube-system/traefik",
          drop(*VALUES, "ports", "web", "http"), "T01", "web:"),
    Fault("Traefik's dashboard has no login", "IngressRoute traefik/dashboard",
          drop(*ROUTE, "middlewares"), "T02", "api@internal"),
    Fault("Traefik's API is open on its own port", "HelmChart kube-system/traefik",
          put(*VALUES, "api", "insecure", ON), "T02", "insecure: true"),
    Fault("a route borrows another namespace's middleware", "IngressRoute whoami/web",
          put(*ROUTE, "middlewares", [{"name": "login", "namespace": "traefik"}]), "T03",
          "namespace: traefik"),
    Fault("a route leads to another namespace's Service", "IngressRoute whoami/web",
          put(*ROUTE, "services", 0, "namespace", "reactions"), "T03",
          "namespace: reactions"),
    Fault("an app allows TLS 1.0", "Namespace whoami", beside(_TLS_OPTION), "T04",
          "minVersion: VersionTLS10", "TLSOption whoami/old"),
    Fault("an app decides about the certificate of all", "Namespace whoami", beside(_TLS_STORE),
          "T04", "name: default", "TLSStore whoami/default"),
    Fault("a route takes a host of another domain", "IngressRoute whoami/web",
          put(*ROUTE, "match", "Host(`whoami.festival.test`)"), "T05", "festival.test"),
    Fault("two routes take the same host", "IngressRoute whoami/web",
          put(*ROUTE, "match", "Host(`dex.festival.example`)"), "T05", "dex.festival.example"),
    Fault("a route takes every host", "IngressRoute whoami/web",
          put(*ROUTE, "match", "PathPrefix(`/`)"), "T05", "PathPrefix"),
    Fault("a route's rule cannot be read", "IngressRoute whoami/web",
          put(*ROUTE, "match", "Host(`whoami.festival.example`"), "T05", "match:"),
    Fault("Traefik believes any certificate of Vault", "ServersTransport vault/vault",
          put("spec", "insecureSkipVerify", ON), "T06", "insecureSkipVerify: true"),
    Fault("Traefik asks Vault without TLS", "IngressRoute vault/vault",
          put(*ROUTE, "services", 0, "scheme", "http"), "T06", "scheme: http"),
    Fault("Traefik expects a name that Vault's certificate lacks", "ServersTransport vault/vault",
          put("spec", "serverName", "vault.valut.svc"), "T06", "serverName: vault.valut.svc"),
    Fault("Traefik expects no name of Vault", "ServersTransport vault/vault",
          drop("spec", "serverName"), "T06", "spec:"),
    Fault("a Service leads out of the cluster", "Service whoami/web",
          put("spec", {"type": "ExternalName", "externalName": "whoami.festival.example"}), "T06",
          "- name: web", "IngressRoute whoami/web"),
    Fault("Traefik takes objects of any namespace", "HelmChart kube-system/traefik",
          put(*_CRD, "allowCrossNamespace", ON), "T07", "allowCrossNamespace: true"),
    Fault("Traefik leads out of the cluster", "HelmChart kube-system/traefik",
          put(*_CRD, "allowExternalNameServices", ON), "T07", "allowExternalNameServices: true"),
    Fault("Traefik believes whatever address a visitor gives", "HelmChart kube-system/traefik",
          put(*VALUES, "ports", "websecure", "forwardedHeaders", {"insecure": True}), "T07",
          "insecure: true"),
    Fault("an entry point is misspelt", "IngressRoute whoami/web",
          put("spec", "entryPoints", ["websecrue"]), "T08", "- websecrue"),
    Fault("a route is for another controller", "IngressRoute whoami/web",
          put("spec", "ingressClassName", "nginx"), "T08", "ingressClassName: nginx"),
    Fault("a route has no class", "IngressRoute whoami/web", drop("spec", "ingressClassName"),
          "T08", "spec:"),
)  # fmt: skip
