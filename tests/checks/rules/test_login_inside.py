"""L01: the cluster's DNS leads pods to Dex by the issuer's own name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.login_loop import LOOP, WHOLE, messages

if TYPE_CHECKING:
    from lib.checks.model import Context

WRONG = (
    "within the cluster {} leads to traefik.traefik.svc.cluster.local, and Dex is "
    "dex.festival.example: what logs people in does not find it"
)


def dns(*parameters: str, chart: str = "rke2-coredns") -> str:
    plugins = ", ".join(f"{{name: rewrite, parameters: '{each}'}}" for each in parameters)
    return (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\n"
        f"metadata: {{name: {chart}, namespace: kube-system}}\n"
        f"spec: {{values: {{servers: [{{plugins: [{{name: errors}}, {plugins}]}}]}}}}\n"
    )


TO_TRAEFIK = "traefik.traefik.svc.cluster.local answer auto"


@pytest.mark.parametrize("way", ["name exact", "name", "stop name exact"])
def test_another_name_than_the_issuers_is_found(way: str) -> None:
    config = dns(f"{way} login.festival.example {TO_TRAEFIK}")
    assert messages("L01", *LOOP, config) == [WRONG.format("login.festival.example")]


@pytest.mark.parametrize(
    "parameters",
    [
        [f"name exact dex.festival.example {TO_TRAEFIK}"],
        [f"name DEX.festival.example. {TO_TRAEFIK}"],
        [f"name a.festival.example {TO_TRAEFIK}", f"name dex.festival.example {TO_TRAEFIK}"],
        # A pattern may be good for it too.
        [f"name a.festival.example {TO_TRAEFIK}", f"name suffix .festival.example {TO_TRAEFIK}"],
        ["name exact old.festival.example new.festival.example"],
        ["type ANY HINFO"],
        [""],
    ],
)
def test_the_issuers_name_or_none_at_all_is_not(parameters: list[str]) -> None:
    assert messages("L01", *LOOP, dns(*parameters)) == []


@pytest.mark.parametrize(
    ("chart", "context"), [("rke2-coredns", None), ("another-chart", WHOLE), ("coredns", None)]
)
def test_a_part_of_a_cluster_or_another_chart_tells_nothing(
    chart: str, context: Context | None
) -> None:
    config = dns(f"name exact login.festival.example {TO_TRAEFIK}", chart=chart)
    assert messages("L01", *LOOP, config, context=context) == []
