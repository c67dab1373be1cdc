"""G11: what a pod needs in order to start is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.checks.charts import charts
from lib.checks.content_references import content_references, pod_specs, secret_names
from lib.checks.kinds import CLAIM, PRIORITY_CLASS
from lib.checks.pods import TEMPLATES, Pod
from lib.checks.rule import Exempt, Rule, Severity
from lib.checks.rules.references.lookup import missing, missing_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

# Kubernetes makes these itself.
_GIVEN_PRIORITIES = frozenset({"system-cluster-critical", "system-node-critical"})
# Their controllers add volumes of their own.
_ADDED_TO = (".actions.github.com", ".serving.knative.dev")
# Argo CD's own way to name a Secret's key within its settings.
_DOLLAR = re.compile(r"\$(?P<name>[a-z0-9][a-z0-9.-]*):(?P<key>[A-Za-z0-9._-]+)")


def _subjects(model: Model) -> Iterable[Place]:
    yield from model.pods
    yield from (chart.values for chart in model.derived(charts))


def _starts(subject: Place, model: Model) -> Iterator[Problem]:
    if isinstance(subject, Pod):
        yield from _contents(subject, model, subject.namespace)
        yield from _identity(subject, model, subject.namespace)
        yield from _mounts(subject)
        return
    for chart in model.derived(charts):
        if chart.values is subject:
            yield from _contents(subject, model, chart.namespace)
            yield from _values(subject, model, chart.namespace)


def _contents(place: Place, model: Model, namespace: str) -> Iterator[Problem]:
    for each in content_references(place):
        if each.optional or (each.type == CLAIM and each.name in _own_claims(place)):
            continue
        if each.type == CLAIM:
            yield from missing(each.place, model, CLAIM, namespace, each.name)
        else:
            keys = [(key, (key.text(),)) for key in each.keys if key.text()]
            what = (each.type, namespace, each.name)
            yield from missing_content(each.place, model, what, keys)


def _own_claims(place: Place) -> set[str]:
    """The names of volumeClaimTemplates, which stand in for volumes of the same name."""
    templates = place.document.each("spec", "volumeClaimTemplates")
    return {each.text("metadata", "name") for each in templates}


def _identity(spec: Place, model: Model, namespace: str) -> Iterator[Problem]:
    for key in ("serviceAccountName", "serviceAccount"):
        account = spec.at(key)
        if account.text() not in {"", "default"}:
            yield from missing(account, model, "ServiceAccount", namespace, account.text())
            break
    priority = spec.at("priorityClassName")
    if priority.text() and priority.text() not in _GIVEN_PRIORITIES:
        yield from missing(priority, model, PRIORITY_CLASS, "", priority.text())


def _mounts(pod: Pod) -> Iterator[Problem]:
    document = pod.document
    if document.type.endswith(_ADDED_TO):
        return
    volumes = {each.text("name") for each in pod.each("volumes")} | _own_claims(pod)
    for container in pod.containers:
        for key in ("volumeMounts", "volumeDevices"):
            for mount in container.each(key):
                name = mount.at("name")
                if name.text() and name.text() not in volumes:
                    yield name.problem(f"the pod has no volume {name.text()!r}")


def _values(values: Place, model: Model, namespace: str) -> Iterator[Problem]:
    for each in secret_names(values):
        yield from missing_content(each.place, model, ("Secret", namespace, each.name))
    for spec in pod_specs(values):
        yield from _identity(spec, model, namespace)
    for leaf in values.leaves():
        for match in _DOLLAR.finditer(leaf.text()):
            what = ("Secret", namespace, match["name"])
            yield from missing_content(leaf, model, what, [(leaf, (match["key"],))])


POD: Rule[Any] = Rule(
    id="G11",
    title="What a pod needs is there: account, Secrets, ConfigMaps with their keys, volumes",
    severity=Severity.P0,
    reason="The pod waits for it and never starts; what replaces a running pod waits as well.",
    source="Kubernetes: Secrets, ConfigMaps, Volumes, Service accounts, Priority classes",
    fix="Correct the name or the key, or make what is named.",
    exempt=Exempt.ANNOTATION,
    types=tuple(TEMPLATES),
    subjects=_subjects,
    check=_starts,
    good="""\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: whoami}
---
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: whoami}
stringData: {password: <path:kv/data/whoami/web#password>}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami}
spec:
  serviceAccountName: web
  priorityClassName: system-cluster-critical
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    env:
    - {name: PASSWORD, valueFrom: {secretKeyRef: {name: web, key: password}}}
    - {name: EXTRA, valueFrom: {secretKeyRef: {name: extra, key: any, optional: true}}}
    volumeMounts: [{name: password, mountPath: /etc/password}]
  volumes: [{name: password, secret: {secretName: web}}]
""",
    bad="""\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: whoami}
stringData: {password: <path:kv/data/whoami/web#password>}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami}
spec:
  serviceAccountName: wbe
  containers:
  - name: web
    image: docker.io/traefik/whoami:v1.11.0
    env:
    - {name: PASSWORD, valueFrom: {secretKeyRef: {name: web, key: passwrd}}}
    volumeMounts: [{name: data, mountPath: /data}]
""",
)
