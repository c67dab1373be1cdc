"""Good and bad examples of the family L: its tests, and a part of its documentation."""

from __future__ import annotations

from textwrap import indent


def _dex(clients: str, *, issuer: str = "https://dex.festival.example") -> str:
    return f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: dex, namespace: dex}}
data:
  config.yaml: |
    issuer: {issuer}
    connectors:
    - {{type: github, config: {{redirectURI: "https://dex.festival.example/callback"}}}}
    staticClients:
{indent(clients, "    ")}"""


def _route(name: str, *, namespace: str = "", more: str = "", tls: str = "{}") -> str:
    return f"""\
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {{name: {name}, namespace: {namespace or name}{more}}}
spec:
  routes: [{{match: "Host(`{name}.festival.example`)", services: [{{name: {name}, port: 80}}]}}]
  tls: {tls}
"""


def _argo_cd(*, client: str = "argocd", issuer: str = "https://dex.festival.example") -> str:
    return f"""\
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: argocd-cm, namespace: argocd}}
data:
  url: https://argocd.festival.example
  oidc.config: |
    issuer: {issuer}
    clientID: {client}
    clientSecret: $argocd-oidc:clientSecret
"""


def _client(address: str = "https://argocd.festival.example/auth/callback") -> str:
    return f'- {{id: argocd, secretEnv: ARGOCD, redirectURIs: ["{address}"]}}\n'


def _secrets(path: str) -> str:
    return f"""\
---
apiVersion: v1
kind: Pod
metadata: {{name: dex, namespace: dex}}
spec:
  containers:
  - name: dex
    image: ghcr.io/dexidp/dex:v2.45.1
    envFrom: [{{secretRef: {{name: dex}}}}]
---
apiVersion: v1
kind: Secret
metadata: {{name: dex, namespace: dex}}
stringData: {{ARGOCD: "<path:kv/data/oidc/argocd#clientSecret>"}}
---
apiVersion: v1
kind: Secret
metadata: {{name: argocd-oidc, namespace: argocd}}
stringData: {{clientSecret: "<path:{path}#clientSecret>"}}
"""


_ROUTES = _route("dex") + _route("argocd")
L01_GOOD = _dex(_client()) + _ROUTES
L01_BAD = _dex(_client(), issuer="https://login.festival.example") + _ROUTES

L02_GOOD = _dex(_client()) + _ROUTES
L02_BAD = _dex(_client("https://argo.festival.example/auth/callback")) + _ROUTES

L03_GOOD = _dex(_client()) + _argo_cd()
L03_BAD = _dex(_client()) + _argo_cd(client="argo-cd")

L04_GOOD = _dex(_client()) + _ROUTES + _argo_cd()
L04_BAD = _dex(_client()) + _ROUTES

L05_GOOD = _dex(_client()) + _argo_cd() + _secrets("kv/data/oidc/argocd")
L05_BAD = _dex(_client()) + _argo_cd() + _secrets("kv/data/argocd/oidc")

L06_GOOD = _dex(_client()) + _argo_cd()
L06_BAD = _dex(_client("https://argocd.festival.example/callback")) + _argo_cd()

_CERTIFICATE = """\
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: whoami, namespace: whoami}
spec:
  secretName: whoami-tls
  dnsNames: [whoami.festival.example]
  issuerRef: {name: letsencrypt, kind: ClusterIssuer}
"""
L07_GOOD = _CERTIFICATE + _route("whoami", tls="{secretName: whoami-tls}")
L07_BAD = _CERTIFICATE + _route("hello", namespace="whoami", tls="{secretName: whoami-tls}")

_DNS = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: external-dns, namespace: argocd}
spec:
  destination: {namespace: external-dns}
  source:
    chart: external-dns
    helm: {valuesObject: {sources: [traefik-proxy], domainFilters: [festival.example]}}
"""
_PREFIX = "external-dns.alpha.kubernetes.io"
L08_GOOD = _DNS + _route("whoami", more=f', annotations: {{{_PREFIX}/target: "203.0.113.10"}}')
L08_BAD = _DNS + _route(
    "whoami", more=f", annotations: {{{_PREFIX}/hostname: hello.festival.example}}"
)
