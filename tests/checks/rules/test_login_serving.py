"""L07 and L08: hosts, certificates and names in the DNS, each broken in one place."""

from __future__ import annotations

import pytest

from lib.checks.model import Context
from tests.checks.judging import findings

WHOLE = Context(complete=True)
TARGET = "external-dns.alpha.kubernetes.io/target"
HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"


def route(host: str, *, tls: str = "{}", annotations: str = f"{{{TARGET}: 203.0.113.10}}") -> str:
    return f"""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {{name: web, namespace: shop, annotations: {annotations}}}
spec:
  routes: [{{match: 'Host(`{host}`)', services: [{{name: web, port: 80}}]}}]
  tls: {tls}
"""


def certificate(*names: str, secret: str = "wildcard", namespace: str = "traefik") -> str:  # noqa: S107
    return f"""\
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{name: {secret}, namespace: {namespace}}}
spec: {{secretName: {secret}, dnsNames: [{", ".join(f"'{name}'" for name in names)}]}}
"""


TRAEFIK = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: traefik, namespace: kube-system}
spec:
  chart: traefik
  targetNamespace: traefik
  valuesContent: 'tlsStore: {default: {defaultCertificate: {secretName: wildcard}}}'
"""
STORE = """\
apiVersion: traefik.io/v1alpha1
kind: TLSStore
metadata: {name: default, namespace: traefik}
spec: {defaultCertificate: {secretName: wildcard}}
"""


def messages(rule: str, *texts: str, context: Context | None = WHOLE) -> list[str]:
    return [finding.message for finding in findings(rule, *texts, context=context)]


@pytest.mark.parametrize("store", [TRAEFIK, STORE])
def test_the_default_certificate_serves_one_label_below_its_domain(store: str) -> None:
    wildcard = certificate("festival.example", "*.festival.example")
    assert messages("L07", store, wildcard, route("shop.festival.example")) == []
    found = messages("L07", store, wildcard, route("a.shop.festival.example"))
    assert "no certificate that Traefik serves is good for a.shop.festival.example" in found


def test_a_certificate_of_the_routes_own_serves_its_names() -> None:
    own = certificate("shop.festival.example", secret="shop", namespace="shop")  # noqa: S106
    tls = "{secretName: shop}"
    assert messages("L07", own, route("shop.festival.example", tls=tls)) == []
    assert sorted(messages("L07", own, route("hop.festival.example", tls=tls))) == [
        "no route serves shop.festival.example",
        "the Certificate shop is not good for hop.festival.example",
    ]


def test_without_any_certificate_traefik_makes_one_up() -> None:
    assert len(messages("L07", route("shop.festival.example"))) == 1
    assert messages("L07", route("shop.festival.example"), context=None) == []


@pytest.mark.parametrize("tls", ["{certResolver: letsencrypt}", "{secretName: elsewhere}", "null"])
def test_a_certificate_that_comes_from_elsewhere_is_unknown(tls: str) -> None:
    assert messages("L07", route("shop.festival.example", tls=tls)) == []


def test_a_certificate_inside_the_cluster_needs_no_route() -> None:
    inside = certificate("vault.vault.svc", secret="vault", namespace="vault")  # noqa: S106
    assert messages("L07", inside) == []


def test_a_name_of_a_served_certificate_has_a_route() -> None:
    wrong = certificate("*.festival.example", "*.festvial.example")
    (finding,) = findings("L07", STORE, wrong, route("shop.festival.example"), context=WHOLE)
    assert (finding.message, finding.pointer) == (
        "no route serves *.festvial.example",
        "/spec/dnsNames/1",
    )


# --- L08 ---------------------------------------------------------------------------------------


def external_dns(values: str = "domainFilters: [festival.example]") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: external-dns, namespace: argocd}}
spec:
  source:
    chart: external-dns
    helm: {{valuesObject: {{sources: [traefik-proxy], {values}}}}}
"""


@pytest.mark.parametrize(
    ("host", "annotations", "what"),
    [
        ("shop.festival.example", "{}", "needs the annotation"),
        ("shop.other.example", f"{{{TARGET}: 203.0.113.10}}", "outside of festival.example"),
        ("shop.notfestival.example", f"{{{TARGET}: 203.0.113.10}}", "outside of festival.example"),
        ("shop.festival.example", f"{{{TARGET}: 203.0.113.10, {HOSTNAME}: a.festival.example}}",
         "a.festival.example leads here, and the route serves shop.festival.example"),
    ],
)  # fmt: skip
def test_a_host_without_its_name_and_a_name_without_its_host_are_findings(
    host: str, annotations: str, what: str
) -> None:
    (message,) = messages("L08", external_dns(), route(host, annotations=annotations))
    assert what in message


@pytest.mark.parametrize(
    ("values", "host"),
    [
        ("domainFilters: [festival.example]", "festival.example"),
        ("domainFilters: [.festival.example]", "shop.festival.example"),
        ("domainFilters: []", "shop.other.example"),
    ],
)
def test_a_host_in_a_domain_of_external_dns_is_named(values: str, host: str) -> None:
    assert messages("L08", external_dns(values), route(host)) == []


def test_the_annotations_prefix_is_the_one_that_external_dns_reads() -> None:
    other = external_dns("annotationPrefix: dns.festival.example/")
    assert len(messages("L08", other, route("shop.festival.example"))) == 1


def test_a_name_may_come_from_another_object() -> None:
    endpoint = (
        "apiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nmetadata: {name: a}\n"
        "spec: {endpoints: [{dnsName: '*.festival.example', targets: [203.0.113.10]}]}\n"
    )
    assert (
        messages("L08", external_dns(), endpoint, route("a.festival.example", annotations="{}"))
        == []
    )


def test_without_external_dns_names_are_somebody_elses() -> None:
    assert messages("L08", route("shop.festival.example", annotations="{}")) == []
