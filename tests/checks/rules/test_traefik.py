"""T01 to T07: what a route, a middleware and Traefik's own settings may and may not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.checks.catalogue import RULES
from lib.checks.model import Context
from lib.config import load_cluster
from tests.checks.rules.telling import told

ROOT = Path(__file__).resolve().parents[3]
OURS = Context(cluster=load_cluster(ROOT / "clusters" / "production.yaml"))
HOST = "Host(`whoami.festival.example`)"


def route(
    match: str = HOST,
    *,
    name: str = "web",
    spec: str = "entryPoints: [websecure], tls: {}",
    rule: str = "services: [{name: web, port: 80}]",
    kind: str = "IngressRoute",
) -> str:
    return (
        f"apiVersion: traefik.io/v1alpha1\nkind: {kind}\n"
        f"metadata: {{name: {name}, namespace: whoami}}\n"
        f"spec: {{{spec}, routes: [{{kind: Rule, match: '{match}', {rule}}}]}}\n"
    )


def middleware(spec: str, *, name: str = "step") -> str:
    return (
        "apiVersion: traefik.io/v1alpha1\nkind: Middleware\n"
        f"metadata: {{name: {name}, namespace: whoami}}\nspec: {{{spec}}}\n"
    )


def helm_chart(values: str, *, chart: str = "traefik") -> str:
    return (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\n"
        "metadata: {name: traefik, namespace: kube-system}\n"
        f"spec: {{chart: {chart}, repo: 'https://charts.example', version: 1.0.0, "
        f"targetNamespace: traefik, values: {{{values}}}}}\n"
    )


# --- T01 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "pointer"),
    [
        ("entryPoints: [websecure]", "/spec"),
        ("entryPoints: [web, websecure]", "/spec"),
        ("ingressClassName: traefik", "/spec"),
        ("entryPoints: [web]", "/spec/routes/0"),
        ("entryPoints: [web], tls: {}", "/spec/entryPoints"),  # nobody speaks TLS on port 80
    ],
)
def test_a_route_without_tls_is_found(spec: str, pointer: str) -> None:
    assert [place for place, _ in told("T01", route(spec=spec))] == [pointer]


@pytest.mark.parametrize(
    "spec",
    [
        "entryPoints: [websecure], tls: {}",
        "entryPoints: [web, websecure], tls: {secretName: own}",
        "entryPoints: [metrics]",  # a port of the cluster's own
        "parentRefs: [{name: parent}]",
    ],
)
def test_a_route_that_is_encrypted_or_of_another_entry_point_is_not(spec: str) -> None:
    assert told("T01", route(spec=spec)) == []


def test_a_route_on_web_may_redirect_and_do_nothing_else() -> None:
    plain = route(spec="entryPoints: [web]", rule="middlewares: [{name: step}]")
    assert told("T01", plain, middleware("redirectScheme: {scheme: https}")) == []
    assert told("T01", plain, middleware("redirectScheme: {scheme: http}")) != []
    assert told("T01", plain, middleware("compress: {}")) != []


def test_a_middleware_that_is_not_in_the_set_may_redirect() -> None:
    assert told("T01", route(spec="entryPoints: [web]", rule="middlewares: [{name: away}]")) == []


def test_a_redirect_within_a_chain_is_one() -> None:
    plain = route(spec="entryPoints: [web]", rule="middlewares: [{name: step}]")
    chain = middleware("chain: {middlewares: [{name: away}]}")
    assert (
        told("T01", plain, chain, middleware("redirectScheme: {scheme: https}", name="away")) == []
    )
    assert told("T01", plain, chain, middleware("compress: {}", name="away"))


# --- T02 ---------------------------------------------------------------------------------------

API = "services: [{name: api@internal, kind: TraefikService}]"
DASHBOARD = "ingressRoute: {dashboard: {enabled: true}}"


@pytest.mark.parametrize("name", ["api@internal", "dashboard@internal", "rest@internal"])
def test_traefiks_own_pages_without_a_middleware_are_found(name: str) -> None:
    rule = API.replace("api@internal", name)
    assert told("T02", route(rule=rule)) == [
        ("/spec/routes/0/services/0/name", f"{name} has no middleware that asks for a login")
    ]


@pytest.mark.parametrize("key", ["basicAuth", "digestAuth", "forwardAuth"])
def test_a_login_in_front_of_them_is_enough(key: str) -> None:
    guarded = route(rule=f"middlewares: [{{name: step}}], {API}")
    assert told("T02", guarded, middleware(f"{key}: {{secret: users}}")) == []


def test_a_list_of_addresses_is_no_login() -> None:
    guarded = route(rule=f"middlewares: [{{name: step}}], {API}")
    assert told("T02", guarded, middleware("ipAllowList: {sourceRange: [203.0.113.0/24]}"))


def test_a_login_within_a_chain_counts() -> None:
    guarded = route(rule=f"middlewares: [{{name: step}}], {API}")
    chain = middleware("chain: {middlewares: [{name: login}]}")
    login = middleware("basicAuth: {secret: users}", name="login")
    assert told("T02", guarded, chain, login) == []
    assert told("T02", guarded, chain, middleware("compress: {}", name="login"))


def test_a_chain_that_comes_back_to_itself_ends() -> None:
    guarded = route(rule=f"middlewares: [{{name: step}}], {API}")
    assert told("T02", guarded, middleware("chain: {middlewares: [{name: step}]}"))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("api: {insecure: true}", True),
        ("api: {insecure: false}", False),
        ("ingressRoute: {dashboard: {enabled: true, entryPoints: [websecure]}}", True),
        (DASHBOARD, False),  # on its own, closed entry point
        (f"{DASHBOARD}, ports: {{traefik: {{expose: {{default: true}}}}}}", True),
        (f"{DASHBOARD}, ports: {{traefik: {{expose: true}}}}", True),
        (f"{DASHBOARD}, ports: {{traefik: {{expose: {{default: false}}}}}}", False),
        (
            "ingressRoute: {dashboard: {enabled: true, entryPoints: [web], middlewares: [{}]}}",
            False,
        ),
    ],
)
def test_the_charts_own_way_to_the_dashboard_is_judged_too(values: str, found: bool) -> None:  # noqa: FBT001
    assert bool(told("T02", helm_chart(values))) is found


# --- T03 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ("services: [{name: web, namespace: b, port: 80}]", "/spec/routes/0/services/0/namespace"),
        ("middlewares: [{name: a, namespace: b}]", "/spec/routes/0/middlewares/0/namespace"),
        ("middlewares: [{name: b-a@kubernetescrd}]", "/spec/routes/0/middlewares/0/name"),
        (
            "services: [{name: web, port: 80, serversTransport: b-a@kubernetescrd}]",
            "/spec/routes/0/services/0/serversTransport",
        ),
    ],
)
def test_a_name_of_another_namespace_is_found(rule: str, pointer: str) -> None:
    assert [place for place, _ in told("T03", route(rule=rule))] == [pointer]


def test_the_own_namespace_may_be_written_out() -> None:
    assert told("T03", route(rule="services: [{name: web, namespace: whoami, port: 80}]")) == []


@pytest.mark.parametrize(
    "spec",
    [
        "chain: {middlewares: [{name: a, namespace: b}]}",
        "errors: {service: {name: a, namespace: b, port: 80}}",
    ],
)
def test_a_middleware_names_only_its_own_namespace_too(spec: str) -> None:
    assert len(told("T03", middleware(spec))) == 1


# --- T04 ---------------------------------------------------------------------------------------


def tls_option(spec: str, *, name: str = "own", namespace: str = "whoami") -> str:
    return (
        "apiVersion: traefik.io/v1alpha1\nkind: TLSOption\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\nspec: {{{spec}}}\n"
    )


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("minVersion: VersionTLS11", 1),
        ("minVersion: VersionTLS10, maxVersion: VersionTLS11", 2),
        ("minVersion: VersionTLS12", 0),
        ("minVersion: VersionTLS13", 0),
        ("sniStrict: true", 0),  # Traefik's own lowest version is 1.2
    ],
)
def test_a_broken_version_of_tls_is_found(spec: str, found: int) -> None:
    assert len(told("T04", tls_option(spec))) == found


def test_the_default_for_all_routes_lies_beside_traefik() -> None:
    ours = helm_chart("")
    assert told("T04", tls_option("{}", name="default", namespace="traefik")[:-3], ours) == []
    assert len(told("T04", tls_option("minVersion: VersionTLS13", name="default"), ours)) == 1


# --- T05 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "match",
    [
        "PathPrefix(`/`)",
        "!Host(`whoami.festival.example`)",
        "Host(`whoami.festival.example`) || PathPrefix(`/x`)",
        "Header(`X-A`, `b`)",
    ],
)
def test_a_rule_that_takes_any_host_is_found(match: str) -> None:
    assert told("T05", route(match)) == [
        ("/spec/routes/0/match", "the rule takes requests for any host name: add Host(`...`)")
    ]


@pytest.mark.parametrize(
    ("match", "within"),
    [
        ("Host(`whoami.festival.example`)", True),
        ("Host(`festival.example`)", True),
        ("Host(`WHOAMI.Festival.Example`)", True),
        ("Host(`whoami.other.example`)", False),
        ("Host(`festival.example.evil.example`)", False),
        ("Host(`evilfestival.example`)", False),
        (r"HostRegexp(`^[a-z]+\.festival\.example$`)", True),
        (r"HostRegexp(`^[a-z]+\.festival\.example`)", False),
        (r"HostRegexp(`^[a-z]+festival\.example$`)", False),
        ("HostRegexp(`.+`)", False),
    ],
)
def test_a_host_is_within_the_clusters_domain(match: str, within: bool) -> None:  # noqa: FBT001
    assert (told("T05", route(match), context=OURS) == []) is within
    assert told("T05", route(match)) == []  # whose domain it is nobody knows of another cluster


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (HOST, True),
        ('Host("whoami.festival.example")', True),
        ("Host(`WHOAMI.festival.example`)", True),
        ("Host(`whoami.festival.example`) && PathPrefix(`/x`)", False),
        ("Host(`other.festival.example`)", False),
    ],
)
def test_two_rules_for_the_same_requests_are_found_at_both(other: str, same: bool) -> None:  # noqa: FBT001
    found = told("T05", route(), route(other, name="other"))
    assert len(found) == (2 if same else 0)


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "priority: 100, services: [{name: web, port: 80}]"},
        {"spec": "entryPoints: [internal], tls: {}"},
    ],
)
def test_another_priority_or_entry_point_keeps_them_apart(change: dict[str, str]) -> None:
    assert told("T05", route(), route(name="other", **change)) == []


def test_one_of_several_entry_points_is_enough_to_clash() -> None:
    both = route(name="other", spec="entryPoints: [internal, websecure], tls: {}")
    assert len(told("T05", route(), both)) == 2


def test_the_rule_of_a_parent_holds_for_its_children() -> None:
    assert told("T05", route("PathPrefix(`/x`)", spec="parentRefs: [{name: web}]")) == []


def test_plain_tcp_has_no_host_and_encrypted_tcp_has() -> None:
    plain = route("HostSNI(`*`)", kind="IngressRouteTCP", spec="entryPoints: [irc]")
    encrypted = route("HostSNI(`*`)", kind="IngressRouteTCP", spec="entryPoints: [irc], tls: {}")
    assert told("T05", plain, context=OURS) == []
    assert told("T05", encrypted, context=OURS) == [
        ("/spec/routes/0/match", "the host * is not within festival.example")
    ]


def test_a_rule_of_traefik_2_is_read_in_its_own_syntax() -> None:
    two = "Host(`a.festival.example`, `b.festival.example`)"
    assert told("T05", route(two)) == [
        ("/spec/routes/0/match", "the rule cannot be read: Host takes 1, not 2")
    ]
    assert told("T05", route(two, rule="syntax: v2")) == []
    assert told("T05", route(two).replace("traefik.io/v1", "traefik.containo.us/v1")) == []


# --- T06 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("middlewares: [{name: login@file}]", 1),
        ("services: [{name: web@docker, port: 80}]", 1),
        ("services: [{name: web, port: 80, serversTransport: mine@file}]", 1),
        (API, 0),
        ("middlewares: [{name: login}], services: [{name: web, port: 80}]", 0),
    ],
)
def test_a_name_of_another_provider_is_found(rule: str, found: int) -> None:
    assert len(told("T06", route(rule=rule))) == found


@pytest.mark.parametrize(
    "text",
    [
        middleware("forwardAuth: {address: 'https://a.example', tls: {insecureSkipVerify: true}}"),
        middleware("insecureSkipVerify: true").replace("Middleware", "ServersTransport"),
        middleware("tls: {insecureSkipVerify: true}").replace("Middleware", "ServersTransportTCP"),
    ],
)
def test_a_backend_that_need_not_prove_itself_is_found(text: str) -> None:
    assert len(told("T06", text)) == 1
    assert told("T06", text.replace("insecureSkipVerify: true", "insecureSkipVerify: false")) == []


def test_a_service_that_leads_out_of_the_cluster_is_found_where_a_route_uses_it() -> None:
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: whoami}\n"
        "spec: {type: ExternalName, externalName: www.elsewhere.example}\n"
    )
    assert told("T06", service) == []
    assert told("T06", route(), service) == [
        (
            "/spec/routes/0/services/0/name",
            "the Service web stands for www.elsewhere.example, outside",
        )
    ]


# --- T07 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        "providers: {kubernetesCRD: {allowCrossNamespace: true}}",
        "providers: {kubernetesIngress: {allowExternalNameServices: true}}",
        "ports: {web: {forwardedHeaders: {insecure: true}}}",
        "ports: {websecure: {proxyProtocol: {insecure: true}}}",
        "ports: {websecure: {forwardedHeaders: {trustedIPs: [203.0.113.7, 0.0.0.0/0]}}}",
        "ports: {websecure: {proxyProtocol: {trustedIPs: ['::/0']}}}",
        "additionalArguments: ['--entryPoints.web.forwardedHeaders.trustedIPs=10.0.0.1,0.0.0.0/0']",
        "additionalArguments: [--api.insecure]",
        "additionalArguments: [--api.insecure=true]",
        "additionalArguments: [--providers.kubernetescrd.allowCrossNamespace=true]",
        "additionalArguments: [--entryPoints.web.forwardedHeaders.insecure]",
        "globalArguments: [--serversTransport.insecureSkipVerify]",
        "env: [{name: TRAEFIK_API_INSECURE, value: 'true'}]",
        "env: [{name: TRAEFIK_PROVIDERS_KUBERNETESCRD_ALLOWCROSSNAMESPACE, value: 'true'}]",
    ],
)
def test_a_setting_that_opens_traefik_is_found(values: str) -> None:
    assert len(told("T07", helm_chart(values))) == 1
    assert len(told("T07", helm_chart(values, chart="rke2-traefik"))) == 1
    assert told("T07", helm_chart(values, chart="other")) == []


@pytest.mark.parametrize(
    "values",
    [
        "",
        "providers: {kubernetesCRD: {allowCrossNamespace: false}}",
        "additionalArguments: [--api.insecure=false, --ping]",
        "additionalArguments: [--entryPoints.web.forwardedHeaders.trustedIPs=203.0.113.0/24]",
        "ports: {websecure: {forwardedHeaders: {trustedIPs: [203.0.113.0/24]}}}",
        "env: [{name: TRAEFIK_API_INSECURE, value: 'false'}]",
    ],
)
def test_closed_settings_are_not(values: str) -> None:
    assert told("T07", helm_chart(values)) == []


def test_only_what_never_holds_may_be_exempted_nowhere() -> None:
    assert {id_ for id_ in RULES if id_[0] == "T" and RULES[id_].exempt.name == "NEVER"} == {
        "T02",
        "T03",
    }
