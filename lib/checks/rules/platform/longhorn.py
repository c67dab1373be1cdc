"""P03: Longhorn's chart and its page: behind a login, and with data that outlives mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.charts import TYPES, installed_by
from lib.checks.kinds import INGRESS, STORAGE_CLASS
from lib.checks.middlewares import may_ask_for_login
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.platform.recurring import jobs_are_there
from lib.checks.storage_classes import is_default
from lib.checks.traefik_objects import HTTP_ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_PAGE = "longhorn-frontend"
# An Ingress's annotations that may bring a login.
_MAY_ASK = ("router.middlewares", "auth-url", "auth-type", "auth-signin", "auth-secret")


def _longhorn(document: Document, model: Model) -> Iterator[Problem]:
    for chart in installed_by(document, model):
        if chart.name == "longhorn":
            yield from _page_of_chart(chart.values)
            yield from _lasting(chart, model)
            yield from _limited(chart)
            yield from _one_default(chart, model)
            selector = chart.values.at("persistence", "recurringJobSelector")
            if selector.get("enable") is True:
                yield from jobs_are_there(selector.at("jobList"), model)
    if document.type == STORAGE_CLASS:
        selector = document.at("parameters", "recurringJobSelector")
        yield from jobs_are_there(selector, model)
    elif document.type in HTTP_ROUTES:
        yield from _route(document, model)
    elif document.type == INGRESS:
        yield from _ingress(document)


def _page_of_chart(values: Place) -> Iterator[Problem]:
    ingress, type_ = values.at("ingress"), values.at("service", "ui", "type")
    if ingress.get("enabled") is True and not _may_ask(ingress.texts("annotations")):
        yield ingress.at("enabled").problem("the page, which can delete every volume, has no login")
    if type_.text() in {"NodePort", "LoadBalancer"}:
        yield type_.problem(f"{type_.text()} opens the page without a login: ClusterIP")


def _lasting(chart: Chart, model: Model) -> Iterator[Problem]:
    if not chart.complete:
        return
    persistence = chart.values.at("persistence")
    policy = persistence.at("reclaimPolicy")
    if persistence.get("createStorageClass") is not False and policy.value != "Retain":
        given = policy.text() or "Delete, the default,"
        yield policy.problem(f"{given} removes a volume with its claim: Retain")
    copies = persistence.at("defaultClassReplicaCount")
    nodes = len(model.cluster.workload_nodes) if model.cluster else None
    if str(copies.value) == "1" and nodes != 1:
        yield copies.problem("one replica: the node that holds it takes the volume with it")
    target = chart.values.at("defaultBackupStore", "backupTarget")
    old = chart.values.text("defaultSettings", "backupTarget")
    own = model.get("BackupTarget.longhorn.io", chart.namespace, "default")
    if not target.text() and not old and own is None:
        yield target.problem("no backup target: what the nodes lose is lost")


def _limited(chart: Chart) -> Iterator[Problem]:
    policies = chart.values.at("networkPolicies")
    # Since 1.12 the components' own policies are on unless they are turned off.
    older = _is_before_1_12(chart.version)
    if policies.get("restrictInternalTraffic") is False:
        yield policies.at("restrictInternalTraffic").problem("any pod reaches the volumes' engines")
    elif older and policies.get("enabled") is not True and chart.complete:
        yield policies.at("enabled").problem("any pod reaches the volumes' engines")
    if policies.get("enabled") is True and policies.get("type") != "rke2":
        yield policies.at("type").problem("type rke2 is what fits the ingress of RKE2")


def _is_before_1_12(version: str) -> bool:
    numbers = version.removeprefix("v").split(".")
    known = len(numbers) > 1 and all(each.isdecimal() for each in numbers[:2])
    return known and (int(numbers[0]), int(numbers[1])) < (1, 12)


def _one_default(chart: Chart, model: Model) -> Iterator[Problem]:
    default = chart.values.at("persistence", "defaultClass")
    if default.value is False or not chart.complete:
        return
    for other in model.of(STORAGE_CLASS):
        if is_default(other):
            yield default.problem(f"longhorn and {other.name} are both the default StorageClass")


def _route(route: Document, model: Model) -> Iterator[Problem]:
    for rule in route.each("spec", "routes"):
        for service in rule.each("services"):
            login = may_ask_for_login(rule, route, model, by=("plugin",))
            if service.text("name") == _PAGE and not login:
                yield service.problem("the page, which can delete every volume, has no login")


def _ingress(ingress: Document) -> Iterator[Problem]:
    for rule in ingress.each("spec", "rules"):
        for path in rule.each("http", "paths"):
            name = path.at("backend", "service", "name")
            if name.text() == _PAGE and not _may_ask(ingress.annotations):
                yield name.problem("the page, which can delete every volume, has no login")


def _may_ask(annotations: dict[str, str]) -> bool:
    return any(key.endswith(_MAY_ASK) for key in annotations)


_GOOD = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: longhorn, namespace: kube-system}
spec:
  chart: longhorn
  version: 1.12.1
  values:
    persistence: {reclaimPolicy: Retain}
    defaultBackupStore: {backupTarget: "s3://backup@jp-north-1/"}
    networkPolicies: {restrictInternalTraffic: true}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: longhorn-system}
spec: {forwardAuth: {address: "http://oauth2-proxy.oauth2-proxy.svc/"}}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: longhorn, namespace: longhorn-system}
spec:
  routes:
  - match: Host(`longhorn.festival.example`)
    services: [{name: longhorn-frontend, port: http}]
    middlewares: [{name: login}]
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="P03",
        title="Longhorn's page has a login, and its volumes outlive their claims and nodes",
        severity=Severity.P0,
        reason="Its page knows no login and can delete every volume; its chart deletes a volume "
        "with its claim and makes no backups.",
        source="longhorn/longhorn chart/values.yaml; Longhorn, Accessing the UI",
        fix="Put a login before the page; set reclaimPolicy Retain, a backup target and the "
        "network policies, one default StorageClass, and recurring jobs that exist.",
        exempt=Exempt.ANNOTATION,
        types=TYPES,
        subjects=documents(*TYPES, STORAGE_CLASS, *HTTP_ROUTES, INGRESS),
        check=_longhorn,
        good=_GOOD,
        bad=_GOOD.replace("reclaimPolicy: Retain", "reclaimPolicy: Delete")
        .replace("backupTarget:", "pollInterval:")
        .replace("Traffic: true", "Traffic: false")
        .replace("forwardAuth", "headers"),
    ),
)
