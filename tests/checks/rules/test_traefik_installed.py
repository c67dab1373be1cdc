"""T01 and T08: what routes ask for, against what the Traefik beside them has and reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.telling import WHOLE, told

if TYPE_CHECKING:
    from lib.checks.model import Context

COMPLETE = "providers: {kubernetesCRD: {ingressClass: traefik}}"


def traefik(values: str = COMPLETE, *, kind: str = "HelmChart", more: str = "") -> str:
    return (
        f"apiVersion: helm.cattle.io/v1\nkind: {kind}\n"
        "metadata: {name: traefik, namespace: kube-system}\n"
        f"spec: {{chart: traefik, targetNamespace: traefik, values: {{{values}}}{more}}}\n"
    )


def route(spec: str, *, kind: str = "IngressRoute", metadata: str = "") -> str:
    return (
        f"apiVersion: traefik.io/v1alpha1\nkind: {kind}\n"
        f"metadata: {{name: web, namespace: whoami{metadata}}}\n"
        f"spec: {{{spec}, routes: [{{match: 'Host(`a.festival.example`)'}}]}}\n"
    )


# --- entry points ------------------------------------------------------------------------------


def test_a_misspelt_entry_point_is_told_with_the_one_that_is_meant() -> None:
    text = route("ingressClassName: traefik, entryPoints: [websecrue]")
    assert told("T08", traefik(), text) == [
        (
            "/spec/entryPoints/0",
            (
                "Traefik has no entry point websecrue; it has metrics, traefik, web, websecure: "
                "did you mean websecure?"
            ),
        )
    ]


@pytest.mark.parametrize("kind", ["IngressRouteTCP", "IngressRouteUDP"])
def test_routes_of_every_kind_are_on_entry_points(kind: str) -> None:
    text = route("ingressClassName: traefik, entryPoints: [database]", kind=kind)
    assert [place for place, _ in told("T08", traefik(), text)] == ["/spec/entryPoints/0"]


@pytest.mark.parametrize(
    "values",
    [
        "ports: {database: {port: 5432}}",
        "additionalArguments: ['--entryPoints.database.address=:5432']",
        "env: [{name: TRAEFIK_ENTRYPOINTS_DATABASE_ADDRESS, value: ':5432'}]",
    ],
)
def test_an_entry_point_is_added_by_a_port_an_argument_or_a_variable(values: str) -> None:
    assert told("T08", traefik(values), route("entryPoints: [database]")) == []


def test_an_entry_point_whose_port_is_taken_away_is_gone() -> None:
    found = told("T08", traefik("ports: {metrics: null}"), route("entryPoints: [metrics]"))
    assert [place for place, _ in found] == ["/spec/entryPoints/0"]


@pytest.mark.parametrize(
    "installed",
    [
        [],
        [traefik(more=", valuesSecrets: [{name: more}]")],
        [traefik(), traefik("ports: {websecrue: {port: 1}}").replace("name: traefik,", "name: b,")],
    ],
)
def test_what_no_values_tell_may_be_there(installed: list[str]) -> None:
    text = route("ingressClassName: traefik, entryPoints: [websecrue]")
    assert told("T08", *installed, text) == []


# --- the class ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "spec", "metadata", "pointer"),
    [
        (COMPLETE, "ingressClassName: nginx", "", "/spec/ingressClassName"),
        (COMPLETE, "entryPoints: [web]", "", "/spec"),
        (
            COMPLETE,
            "entryPoints: [web]",
            ", annotations: {kubernetes.io/ingress.class: nginx}",
            "/metadata/annotations/kubernetes.io~1ingress.class",
        ),
        ("log: {level: INFO}", "ingressClassName: nginx", "", "/spec/ingressClassName"),
    ],
)
def test_a_route_of_another_class_is_found(
    values: str, spec: str, metadata: str, pointer: str
) -> None:
    found = told("T08", traefik(values), route(spec, metadata=metadata))
    assert [place for place, _ in found] == [pointer]


@pytest.mark.parametrize(
    ("values", "kind", "spec", "metadata"),
    [
        (COMPLETE, "HelmChart", "ingressClassName: traefik", ""),
        (
            COMPLETE,
            "HelmChart",
            "entryPoints: [web]",
            ", annotations: {kubernetes.io/ingress.class: traefik}",
        ),
        ("log: {level: INFO}", "HelmChart", "entryPoints: [web]", ""),
        ("log: {level: INFO}", "HelmChart", "ingressClassName: traefik", ""),
        # The distribution's own values, below these, may name any class.
        ("log: {level: INFO}", "HelmChartConfig", "ingressClassName: nginx", ""),
    ],
)
def test_a_route_that_is_read_or_may_be_is_not(
    values: str, kind: str, spec: str, metadata: str
) -> None:
    assert told("T08", traefik(values, kind=kind), route(spec, metadata=metadata)) == []


# --- T01: from web to websecure ----------------------------------------------------------------

ENCRYPTED = route("entryPoints: [websecure], tls: {}")
WEB = "/spec/values/ports/web"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("ports: {web: {port: 80}}", [WEB]),
        ("log: {level: INFO}", [WEB]),
        ("ports: {web: {http: {redirections: {entryPoint: {to: websecure}}}}}", []),
        ("ports: {web: {redirections: {entryPoint: {to: websecure}}}}", []),
        ("ports: {web: {redirectTo: {port: websecure}}}", []),
        ("ports: {web: null}", []),
        ("ports: {web: {expose: {default: false}}}", []),
        (
            "additionalArguments: ['--entrypoints.web.http.redirections.entrypoint.to=websecure']",
            [],
        ),
    ],
)
def test_something_sends_visitors_of_web_to_websecure(values: str, expected: list[str]) -> None:
    found = told("T01", ENCRYPTED, traefik(values), context=WHOLE)
    assert [place for place, _ in found] == expected


@pytest.mark.parametrize(
    ("texts", "context"),
    [
        ([traefik(), ENCRYPTED], None),
        ([traefik()], WHOLE),
        ([traefik(more=", valuesSecrets: [{name: more}]"), ENCRYPTED], WHOLE),
        ([traefik(), ENCRYPTED, route("entryPoints: [web, websecure], tls: {}")], WHOLE),
    ],
)
def test_who_else_may_redirect_is_not_missing(texts: list[str], context: Context | None) -> None:
    assert told("T01", *texts, context=context) == []
