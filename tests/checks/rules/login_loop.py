"""A closed login loop of one Dex and one client, for tests to break in one place."""

from __future__ import annotations

from lib.checks.model import Context
from tests.checks.judging import findings

WHOLE = Context(complete=True)


def dex(clients: str = "", *, config: str = "") -> str:
    """Dex by its chart; the client `shop` unless others are given."""
    given = clients or (
        "{id: shop, secretEnv: SHOP_SECRET, redirectURIs: ['https://shop.festival.example/back']}"
    )
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: dex, namespace: argocd}}
spec:
  destination: {{namespace: dex}}
  source:
    chart: dex
    helm:
      valuesObject:
        envFrom: [{{secretRef: {{name: dex}}}}]
        config:
          issuer: https://dex.festival.example
          {config}
          staticClients: [{given}]
"""


def route(host: str, namespace: str) -> str:
    return f"""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {{name: web, namespace: {namespace}}}
spec:
  routes:
  - match: Host(`{host}`) && PathPrefix(`/`)
    services: [{{name: web, port: 80}}]
"""


def secret(name: str, namespace: str, **values: str) -> str:
    data = ", ".join(f"{key}: '{value}'" for key, value in values.items())
    return (
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"stringData: {{{data}}}\n"
    )


def proxy(flags: str = "") -> str:
    """oauth2-proxy as a Deployment of its own, whose client is `shop`."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: proxy, namespace: shop}}
spec:
  template:
    spec:
      containers:
      - name: proxy
        image: quay.io/oauth2-proxy/oauth2-proxy:v7.13.0
        args:
        - --provider=oidc
        - --oidc-issuer-url=https://dex.festival.example
        - --client-id=shop
        - --redirect-url=https://shop.festival.example/back
        {flags}
        env:
        - name: OAUTH2_PROXY_CLIENT_SECRET
          valueFrom: {{secretKeyRef: {{name: proxy, key: secret}}}}
"""


ROUTES = (route("dex.festival.example", "dex"), route("shop.festival.example", "shop"))
AT_DEX = secret("dex", "dex", SHOP_SECRET="<path:kv/data/oidc/shop#clientSecret>")  # noqa: S106
AT_SHOP = secret("proxy", "shop", secret="<path:kv/data/oidc/shop#clientSecret>")  # noqa: S106
LOOP = (dex(), *ROUTES, proxy(), AT_DEX, AT_SHOP)


def messages(rule: str, *texts: str, context: Context | None = WHOLE) -> list[str]:
    return [finding.message for finding in findings(rule, *texts, context=context)]


def with_(old: str, new: str) -> list[str]:
    """The whole loop with something else in place of a text that occurs in it."""
    assert any(old in text for text in LOOP)
    return [text.replace(old, new) for text in LOOP]
