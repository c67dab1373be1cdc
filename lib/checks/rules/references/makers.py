"""Who else makes objects in a namespace: charts, operators, and accounts that are allowed to.

In a part of a cluster, what such a maker may bring is not missing because no manifest shows it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lib.checks.charts import charts
from lib.checks.kinds import BINDINGS, CLAIM, RBAC
from lib.checks.pods import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model

# Custom resources of these groups make nothing that others select or name.
_PLAIN_GROUPS = frozenset(
    {
        "argoproj.io",
        "cert-manager.io",
        "externaldns.k8s.io",
        "gateway.networking.k8s.io",
        "helm.cattle.io",
        "snapshot.storage.k8s.io",
        "traefik.io",
    }
)
_PODS = frozenset({"daemonsets", "deployments", "jobs", "pods", "replicasets", "statefulsets"})
_RESOURCES = {
    "ConfigMap": frozenset({"configmaps"}),
    CLAIM: frozenset({"persistentvolumeclaims"}),
    "Pod": _PODS,
    "Secret": frozenset({"secrets"}),
    "Service": frozenset({"services"}),
    "ServiceAccount": frozenset({"serviceaccounts"}),
}


def may_bring(model: Model, type_: str, namespace: str) -> bool:
    """Whether something in the namespace may make such an object when it runs."""
    if namespace in model.derived(_filled):
        return True
    made = model.derived(_makers).get(namespace, frozenset())
    return "*" in made or not made.isdisjoint(_RESOURCES.get(type_, frozenset()))


def _filled(model: Model) -> frozenset[str]:
    """The namespaces that a chart is installed into, or that hold an operator's resources."""
    namespaces = {chart.namespace for chart in model.derived(charts)}
    for each in model.documents:
        custom = "." in each.group and not each.group.endswith(".k8s.io")
        if custom and each.type not in TEMPLATES and each.group not in _PLAIN_GROUPS:
            namespaces.add(each.namespace)
    return frozenset(namespaces)


def _makers(model: Model) -> Mapping[str, frozenset[str]]:
    """By namespace: the resources that the accounts of its pods may create."""
    accounts = {(pod.namespace, pod.service_account) for pod in model.pods}
    found: dict[str, set[str]] = defaultdict(set)
    for binding in model.of(*BINDINGS):
        created = {*_created(binding, model)}
        for subject in binding.each("subjects") if created else ():
            namespace = subject.text("namespace") or binding.namespace
            if (namespace, subject.text("name")) in accounts:
                found[namespace] |= created
    return {namespace: frozenset(created) for namespace, created in found.items()}


def _created(binding: Document, model: Model) -> Iterator[str]:
    kind, name = binding.text("roleRef", "kind"), binding.text("roleRef", "name")
    namespace = binding.namespace if kind == "Role" else ""
    role = model.get(f"{kind}.{RBAC}", namespace, name)
    if name == "cluster-admin":
        yield "*"
    for rule in role.each("rules") if role is not None else ():
        if {"*", "create"}.intersection(each.text() for each in rule.each("verbs")):
            yield from (each.text() for each in rule.each("resources"))
