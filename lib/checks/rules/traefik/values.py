"""T07: the settings of Traefik itself, on which all other rules about routes stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib.checks.charts import charts
from lib.checks.rule import Exempt, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

CHARTS = frozenset({"traefik", "rke2-traefik"})
_PROVIDERS = ("kubernetesCRD", "kubernetesIngress", "kubernetesGateway", "kubernetesIngressNGINX")
_FROM_ELSEWHERE = ("allowCrossNamespace", "allowExternalNameServices")
_TRUSTING = ("forwardedHeaders", "proxyProtocol")
_ALL_ADDRESSES = frozenset({"0.0.0.0/0", "::/0"})
# As arguments or environment variables; Traefik heeds no case.
_SWITCH = re.compile(
    r"(?:--|traefik_)(?P<name>api[._]insecure|serverstransport[._]insecureskipverify"
    r"|providers[._]\w+?[._]allow(?:crossnamespace|externalnameservices)"
    r"|entrypoints[._][\w-]+?[._](?:forwardedheaders|proxyprotocol)[._](?:insecure|trustedips))"
    r"(?:[= ](?P<value>.*))?",
    re.IGNORECASE,
)


def traefik_values(model: Model) -> tuple[Place, ...]:
    """The values of each Traefik that the set installs."""
    return tuple(chart.values for chart in model.derived(charts) if chart.name in CHARTS)


def _subjects(model: Model) -> tuple[Place, ...]:
    return model.derived(traefik_values)


def _closed(values: Place, _: Model) -> Iterator[Problem]:
    for provider in _PROVIDERS:
        for key in _FROM_ELSEWHERE:
            place = values.at("providers", provider, key)
            if place.value is True:
                yield place.problem(f"{key} is on for {provider}")
    for name, port in values.fields("ports"):
        for key in _TRUSTING:
            insecure, trusted = port.at(key, "insecure"), port.each(key, "trustedIPs")
            everybody = (each for each in trusted if each.text() in _ALL_ADDRESSES)
            for place in (*([insecure] if insecure.value is True else ()), *everybody):
                yield place.problem(f"anyone may forge the client's address on {name} ({key})")
    yield from _switches(values)


def _switches(values: Place) -> Iterator[Problem]:
    for key in ("additionalArguments", "globalArguments"):
        for argument in values.each(key):
            match = _SWITCH.fullmatch(argument.text().strip())
            if match and _opens(match["value"] or "true"):
                yield argument.problem(f"{match['name']} is {match['value'] or 'on'}")
    for variable in values.each("env"):
        match = _SWITCH.fullmatch(variable.text("name"))
        if match and _opens(str(variable.get("value"))):
            place = variable.at("value")
            yield place.problem(f"{variable.text('name')} is {place.value}")


def _opens(value: str) -> bool:
    """Whether a switch is on, or a list of addresses holds all of them."""
    return value.lower() in {"true", "1", "t"} or not _ALL_ADDRESSES.isdisjoint(value.split(","))


CLOSED: Rule[Place] = Rule(
    id="T07",
    title="Traefik takes nothing from other namespaces, from outside, or on trust",
    severity=Severity.P0,
    reason="With allowCrossNamespace an app's route may lead to any Service; with an ExternalName, "
    "out of the cluster; with forwardedHeaders.insecure a visitor chooses the address that limits "
    "and logs see.",
    source="Traefik: Kubernetes CRD provider; EntryPoints, forwarded headers; API, insecure",
    fix="Leave these settings off, and list the load balancer's addresses in trustedIPs.",
    exempt=Exempt.ANNOTATION,
    subjects=_subjects,
    check=_closed,
    good="""\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: traefik, namespace: kube-system}
spec:
  chart: traefik
  repo: https://traefik.github.io/charts
  version: 41.3.0
  targetNamespace: traefik
  values:
    providers: {kubernetesCRD: {allowCrossNamespace: false, allowExternalNameServices: false}}
    ports: {websecure: {forwardedHeaders: {insecure: false, trustedIPs: [192.168.0.7/32]}}}
""",
    bad="""\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: traefik, namespace: kube-system}
spec:
  chart: traefik
  repo: https://traefik.github.io/charts
  version: 41.3.0
  targetNamespace: traefik
  values:
    additionalArguments: [--api.insecure]
    providers: {kubernetesCRD: {allowCrossNamespace: true}}
    ports: {websecure: {forwardedHeaders: {insecure: true, trustedIPs: [0.0.0.0/0]}}}
""",
)
