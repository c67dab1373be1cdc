"""A15: Argo CD itself: who may log in, what they may do, and who reaches what holds secrets.

Its settings are in the values of the chart argo-cd, or in its ConfigMaps as they are applied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.charts import TYPES, installed_by
from lib.checks.kinds import NETWORK_POLICY
from lib.checks.network_policies import about
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.pods import Pod

_NAME = "app.kubernetes.io/name"
# What holds rendered manifests, and with them every filled-in secret.
_GUARDED = {"redis": "argocd-redis", "repoServer": "argocd-repo-server"}
_SERVER = "argocd-server"
_GENERAL, _ACCESS, _COMMAND_LINES = "argocd-cm", "argocd-rbac-cm", "argocd-cmd-params-cm"


def _argocd(document: Document, model: Model) -> Iterator[Problem]:
    for chart in installed_by(document, model):
        if chart.name == "argo-cd":
            yield from _of_chart(chart, model)
    if document.type == "ConfigMap":
        yield from _of_config_map(document, model)


def _of_chart(chart: Chart, model: Model) -> Iterator[Problem]:
    configs = chart.values.at("configs")
    yield from _general(configs.at("cm"), decided=chart.complete)
    yield from _access(configs.at("rbac"))
    yield from _command_lines(configs.at("params"))
    if not chart.complete:
        return
    for component, name in _GUARDED.items():
        if component == "redis" and not _runs_redis(chart.values):
            continue
        labels = {_NAME: name, "app.kubernetes.io/instance": chart.release}
        guarded = _chart_guards(chart.values, component) or about(model, chart.namespace, labels)
        if not guarded:
            yield chart.values.at("global", "networkPolicy", "create").problem(
                f"no NetworkPolicy limits who reaches {name}"
            )


def _runs_redis(values: Place) -> bool:
    own = values.get("redis", "enabled") is not False
    return own and values.get("redis-ha", "enabled") is not True


def _chart_guards(values: Place, component: str) -> bool:
    policies = (values.at(part, "networkPolicy", "create") for part in ("global", component))
    return any(policy.value is True for policy in policies)


def _of_config_map(config: Document, model: Model) -> Iterator[Problem]:
    data = config.at("data")
    if config.name == _GENERAL:
        yield from _general(data, decided=_is_all(config, model))
    elif config.name == _ACCESS:
        yield from _access(data)
    elif config.name == _COMMAND_LINES:
        yield from _command_lines(data)


def _is_all(config: Document, model: Model) -> bool:
    """Whether a setting that is not here is at its default: the server beside it has no other.

    Kustomize puts several ConfigMaps of one name together, and often from several folders.
    """
    said = (each.text("data", "admin.enabled") for each in model.same(config) if each is not config)
    servers = (pod for pod in model.pods_in(config.namespace) if pod.labels.get(_NAME) == _SERVER)
    beside = any(model.context.complete or pod.document.file is config.file for pod in servers)
    return beside and not any(said)


def _general(settings: Place, *, decided: bool) -> Iterator[Problem]:
    admin = settings.at("admin.enabled")
    if _is(admin, "true") or (admin.value is None and decided):
        yield admin.problem("the account admin is on, whose password no one person has")
    for key, what in (
        ("exec.enabled", "a shell in any pod, from the browser"),
        ("users.anonymous.enabled", "everybody may log in"),
    ):
        if _is(settings.at(key), "true"):
            yield settings.at(key).problem(what)


def _access(settings: Place) -> Iterator[Problem]:
    default = settings.at("policy.default")
    if default.text() == "role:admin":
        yield default.problem("whoever can log in is an administrator")


def _command_lines(settings: Place) -> Iterator[Problem]:
    disabled = settings.at("server.disable.auth")
    if _is(disabled, "true"):
        yield disabled.problem("nobody has to log in")


def _is(place: Place, wanted: str) -> bool:
    """Whether a value is this one, as a ConfigMap holds it (text) or a chart's values (bool)."""
    return str(place.value).lower() == wanted


def _of_pod(pod: Pod, model: Model) -> Iterator[Problem]:
    name = pod.labels.get(_NAME, "")
    if name not in _GUARDED.values():
        return
    decides = model.decides(NETWORK_POLICY, pod.namespace)
    if decides and not about(model, pod.namespace, pod.labels):
        yield pod.problem(f"no NetworkPolicy limits who reaches {name}")
    if name == "argocd-redis" and not any(map(_asks_for_password, pod.containers)):
        yield pod.problem("Redis asks for no password")


def _asks_for_password(container: Place) -> bool:
    words = [*container.items("command"), *container.items("args")]
    given = any(isinstance(each, str) and "requirepass" in each for each in words)
    return given or any("PASSWORD" in each.text("name").upper() for each in container.each("env"))


def _subjects(model: Model) -> list[Document | Pod]:
    return [*documents(*TYPES, "ConfigMap")(model), *model.pods]


def _check(subject: Any, model: Model) -> Iterator[Problem]:
    if hasattr(subject, "containers"):
        yield from _of_pod(subject, model)
    else:
        yield from _argocd(subject, model)


_CHART = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: argocd, namespace: kube-system}
spec:
  chart: argo-cd
  targetNamespace: argocd
  values:
    configs:
      cm: {admin.enabled: false, exec.enabled: false}
      rbac: {policy.default: ""}
    global: {networkPolicy: {create: true}}
"""
_CONFIG_MAPS = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
data: {admin.enabled: "false"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-rbac-cm, namespace: argocd}
data: {policy.default: role:readonly}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="A15",
        title="Argo CD has no account of its own, makes nobody an administrator by default, and "
        "shuts off its caches",
        severity=Severity.P0,
        reason="It may do everything in the cluster. A shared password, rights for everybody or a "
        "Redis that any pod reaches hand that on.",
        source="Argo CD docs/operator-manual/{user-management,rbac,secret-management}.md; "
        "CVE-2024-31989",
        fix="Set admin.enabled and exec.enabled to false, and policy.default to nothing or to a "
        "role that may only read; let a NetworkPolicy select Redis and the repo-server.",
        exempt=Exempt.ANNOTATION,
        subjects=_subjects,
        check=_check,
        good=f"{_CHART}{_CONFIG_MAPS}",
        bad=(_CHART + _CONFIG_MAPS)
        .replace("create: true", "create: false")
        .replace("exec.enabled: false", "exec.enabled: true")
        .replace('admin.enabled: "false"', 'admin.enabled: "true"')
        .replace("role:readonly", "role:admin"),
    ),
)
