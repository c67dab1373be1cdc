"""P02: Vault's chart: encrypted, logged, kept on a disk, and not open to the world."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.checks.charts import TYPES, charts, installed_by
from lib.checks.kinds import NETWORK_POLICY
from lib.checks.network_policies import is_everybody, is_for
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

# OpenBao's chart has the same values.
_CHARTS = {"vault", "openbao"}
_NO_TLS = re.compile(r"""(?m)^[^#\n]*\btls_disable"?\s*[=:]\s*"?(?:1|true)\b""")
# As retry_join, and the server itself, name its addresses.
_CLEAR = re.compile(r"""(?m)^[^#\n]*\b(?:\w+_)?api_addr"?\s*[=:]\s*"http://""")
_OUTSIDE = {"LoadBalancer", "NodePort"}


def _vault(document: Document, model: Model) -> Iterator[Problem]:
    if document.type == NETWORK_POLICY:
        yield from _closed(document, model)
    for chart in installed_by(document, model):
        if chart.name in _CHARTS and _runs_a_server(chart.values):
            yield from _development(chart.values)
            yield from _encrypted(chart)
            yield from _logged(chart)
            yield from _inside(chart.values)


def _runs_a_server(values: Place) -> bool:
    elsewhere = (values.text(part, "externalVaultAddr") for part in ("global", "injector"))
    enabled = values.get("server", "enabled")
    if str(enabled).lower() in {"none", "-"}:
        enabled = values.get("global", "enabled")
    return not any(elsewhere) and str(enabled).lower() != "false"


def _is_on(place: Place) -> bool:
    return str(place.value).lower() == "true"


def _development(values: Place) -> Iterator[Problem]:
    dev = values.at("server", "dev", "enabled")
    if _is_on(dev):
        yield dev.problem("a development server keeps everything in memory, with a known password")


def _encrypted(chart: Chart) -> Iterator[Problem]:
    disabled = chart.values.at("global", "tlsDisable")
    if _is_on(disabled) or (disabled.value is None and chart.complete):
        default = "" if _is_on(disabled) else ", the default,"
        yield disabled.problem(f"tlsDisable true{default} sends credentials in clear text")
    if _is_on(chart.values.at("server", "dev", "enabled")):
        return
    config = _config(chart.values)
    text = config.value if isinstance(config.value, str) else str(config.value or "")
    if _NO_TLS.search(text):
        yield config.problem("tls_disable is on in the listener")
    elif _CLEAR.search(text):
        yield config.problem("http:// among the servers' addresses sends keys in clear text: https")
    elif config.value is None and chart.complete:
        yield config.problem("the chart's own configuration has a listener without TLS")


def _config(values: Place) -> Place:
    """Vault's own configuration, which the chart takes from one of three places."""
    ha = values.at("server", "ha")
    if not _is_on(ha.at("enabled")):
        return values.at("server", "standalone", "config")
    return ha.at("raft", "config") if _is_on(ha.at("raft", "enabled")) else ha.at("config")


def _logged(chart: Chart) -> Iterator[Problem]:
    enabled = chart.values.at("server", "auditStorage", "enabled")
    if not _is_on(enabled) and (enabled.value is not None or chart.complete):
        yield enabled.problem("no disk for the audit log: nobody can tell who read which secret")


def _inside(values: Place) -> Iterator[Problem]:
    for type_ in (values.at("ui", "serviceType"), values.at("server", "service", "type")):
        if type_.text() in _OUTSIDE:
            yield type_.problem(f"{type_.text()} opens Vault to whoever reaches a node: ClusterIP")


def _closed(policy: Document, model: Model) -> Iterator[Problem]:
    """The problems of a NetworkPolicy that lets everybody in to Vault's pods."""
    if not any(
        is_for(policy, labels) for labels in model.derived(_servers).get(policy.namespace, ())
    ):
        return
    for rule in policy.each("spec", "ingress"):
        if not rule.items("from"):
            yield rule.problem("whoever reaches the cluster's network is let in to Vault")
        for peer in filter(is_everybody, rule.each("from")):
            block = peer.at("ipBlock", "cidr")
            if block:
                yield block.problem(f"{block.text()} is everybody: name who asks Vault for secrets")
            else:
                yield peer.problem("every pod of every namespace is let in to Vault")


def _servers(model: Model) -> Mapping[str, list[dict[str, str]]]:
    """By namespace: the labels that the chart gives to the pods of Vault's servers."""
    found: dict[str, list[dict[str, str]]] = {}
    for chart in model.derived(charts):
        if chart.name in _CHARTS and _runs_a_server(chart.values):
            labels = {
                "app.kubernetes.io/instance": chart.release,
                "app.kubernetes.io/name": chart.name,
                "component": "server",
            }
            found.setdefault(chart.namespace, []).append(labels)
    return found


_GOOD = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: vault, namespace: kube-system}
spec:
  chart: vault
  values:
    global: {tlsDisable: false}
    server:
      auditStorage: {enabled: true}
      standalone:
        config: |
          listener "tcp" {
            tls_disable = 0
            tls_cert_file = "/vault/tls/tls.crt"
          }
    ui: {serviceType: ClusterIP}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="P02",
        title="Vault is encrypted, keeps an audit log, and is not open to the world",
        severity=Severity.P0,
        reason="It holds every credential. Its chart comes without TLS and without an audit log.",
        source="hashicorp/vault-helm values.yaml; Vault, Production Hardening",
        fix="Set global.tlsDisable to false, a listener with a certificate, https in "
        "retry_join, auditStorage.enabled to true and the services to ClusterIP; name in its "
        "NetworkPolicy who may ask.",
        exempt=Exempt.ANNOTATION,
        types=TYPES,
        subjects=documents(*TYPES, NETWORK_POLICY),
        check=_vault,
        good=_GOOD,
        bad=_GOOD.replace("tlsDisable: false", "tlsDisable: true")
        .replace("tls_disable = 0", "tls_disable = 1")
        .replace("auditStorage: {enabled: true}", "dev: {enabled: false}")
        .replace("ClusterIP", "LoadBalancer"),
    ),
)
