"""L: logins that lead nowhere, or to somebody else."""

from __future__ import annotations

from tests.gate.faults.fault import ANNOTATIONS, CHART, ON, ROUTE, Fault, add, drop, put, text

_DEX = "Application argocd/dex"
_CLIENTS = (*CHART, "config", "staticClients")
_PROXY = "Application argocd/oauth2-proxy"
_DNS = "external-dns.alpha.kubernetes.io"
_CONFIG = "dist/production/nodes/server/config.yaml"

FAULTS = (
    Fault("Dex calls itself by a name that no route has", _DEX,
          put(*CHART, "config", "issuer", "https://login.festival.example"), "L01", "issuer:"),
    Fault("Dex's own way back is another", _DEX,
          put(*CHART, "config", "connectors", 0, "config", "redirectURI",
              "https://dex.festival.example/dex/callback"), "L01", "redirectURI:"),
    Fault("Dex's route got another host", "IngressRoute dex/dex",
          put(*ROUTE, "match", "Host(`id.festival.example`)"), "L01", "issuer:", _DEX),
    Fault("a client's redirect leads to a host that no route has", _DEX,
          put(*_CLIENTS, 1, "redirectURIs", 0, "https://argo.festival.example/auth/callback"),
          "L02", "argo.festival.example"),
    Fault("a client's redirect is not encrypted", _DEX,
          put(*_CLIENTS, 3, "redirectURIs", 0, "http://auth.festival.example/oauth2/callback"),
          "L02", "http://auth"),
    Fault("Argo CD logs in as a client that Dex does not know", "HelmChart kube-system/argocd",
          text("clientID: argocd\n", "clientID: argo-cd\n"), "L03", "oidc.config"),
    Fault("oauth2-proxy trusts another issuer", _PROXY,
          put(*CHART, "extraArgs", "oidc-issuer-url", "https://dex.festival.example/"), "L03",
          "oidc-issuer-url:"),
    Fault("the API server trusts another issuer", _CONFIG,
          text("oidc-issuer-url=https://dex.festival.example",
               "oidc-issuer-url=https://dex.festival.example/dex"), "L03", "oidc-issuer-url"),
    Fault("nothing uses a client of Dex", _DEX,
          add(*_CLIENTS, {"id": "grafana", "name": "Grafana", "secretEnv": "VAULT_CLIENT_SECRET",
                          "redirectURIs": ["https://whoami.festival.example/login"]}), "L04",
          "- name: Grafana"),
    Fault("Dex and a client have different secrets", _DEX,
          put(*_CLIENTS, 1, "secretEnv", "VAULT_CLIENT_SECRET"), "L05", "oidc.config:",
          "HelmChart kube-system/argocd"),
    Fault("a client that has a secret is public", _DEX, put(*_CLIENTS, 3, "public", ON), "L05",
          "- name: Administration pages"),
    Fault("no Secret gives Dex a variable", "Secret dex/dex-secrets",
          drop("stringData", "VAULT_CLIENT_SECRET"), "L05", "- name: Vault", _DEX),
    Fault("oauth2-proxy awaits its users somewhere else", _PROXY,
          put(*CHART, "extraArgs", "redirect-url", "https://auth.festival.example/callback"),
          "L06", "redirect-url:"),
    Fault("the DNS leads pods to another host than Dex's",
          "HelmChartConfig kube-system/rke2-coredns",
          text("dex.festival.example", "login.festival.example"), "L01", "login.festival.example"),
    Fault("a certificate lacks the cluster's hosts", "Certificate traefik/wildcard",
          drop("spec", "dnsNames", 1), "L07", "tls: {}", "IngressRoute whoami/web"),
    Fault("a certificate names a host that no route has", "Certificate traefik/wildcard",
          add("spec", "dnsNames", "old.festival.example"), "L07", "old.festival.example"),
    Fault("a host has no name in the DNS", "IngressRoute whoami/web",
          drop(*ANNOTATIONS, f"{_DNS}/target"), "L08", "metadata:"),
    Fault("a name in the DNS leads to another route", "IngressRoute whoami/web",
          put(*ANNOTATIONS, f"{_DNS}/hostname", "who.festival.example"), "L08",
          "who.festival.example"),
    Fault("a name in the DNS leads out of the cluster", "IngressRoute whoami/web",
          put(*ANNOTATIONS, f"{_DNS}/target", "203.0.113.99"), "L08", "203.0.113.99"),
    Fault("the login page's route got another host", "IngressRoute oauth2-proxy/oauth2-proxy",
          put(*ROUTE, "match", "Host(`sso.festival.example`)"), "L02", "auth.festival.example",
          _DEX),
)  # fmt: skip
