"""G15: the API server knows the kind of every object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks import kinds
from lib.checks.charts import installed_by
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

# Kubernetes' own.
_BUILT_IN = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "extensions",
        "flowcontrol.apiserver.k8s.io",
        "internal.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        "storagemigration.k8s.io",
    }
)
# RKE2 brings these itself: its own controllers and rke2-snapshot-controller-crd.
_OF_RKE2 = frozenset(
    {
        "groupsnapshot.storage.k8s.io",
        "helm.cattle.io",
        "k3s.cattle.io",
        "snapshot.storage.k8s.io",
    }
)


# Values that keep a chart from bringing its definitions.
_SWITCHES = (("crds", "enabled"), ("crds", "install"), ("installCRDs",))


def _defined(document: Document, model: Model) -> Iterator[Problem]:
    for chart in installed_by(document, model):
        yield from _brings_its_own(chart, model)
    if document.group in _BUILT_IN | _OF_RKE2:
        return
    definitions = model.derived(_definitions)
    found = definitions.get((document.group, document.kind))
    kind = document.at("kind")
    if found is None:
        groups = {group for group, _ in definitions}
        if model.context.complete or document.group in groups:
            yield kind.problem(
                f"nothing here defines {document.kind} of {document.group}: no definition, and no "
                "chart that brings one"
            )
        return
    if found.provided_by:
        model.used.add(found)
    served = {
        version.text("name")
        for version in found.each("spec", "versions")
        if version.get("served") is not False
    }
    if served and document.version not in served:
        yield document.at("apiVersion").problem(
            f"{found.name} has no version {document.version}; it has {', '.join(sorted(served))}"
        )


def _brings_its_own(chart: Chart, model: Model) -> Iterator[Problem]:
    """The problem that a chart is told not to bring what is declared of it."""
    declared = [
        each.name
        for each in model.provided
        if each.type == kinds.DEFINITION and each.provided_by.partition(" ")[0] == chart.name
    ]
    made = {each.name for each in model.of(kinds.DEFINITION)}
    missing = sorted({*declared} - made)
    for way in _SWITCHES if missing else ():
        switch = chart.values.at(*way)
        if switch.value is False:
            yield switch.problem(f"nothing else defines {', '.join(missing)}")
    skip = chart.source.at("helm", "skipCrds")
    if missing and skip.value is True:
        yield skip.problem(f"nothing else defines {', '.join(missing)}")


def _definitions(model: Model) -> Mapping[tuple[str, str], Document]:
    declared = (each for each in model.provided if each.type == kinds.DEFINITION)
    return {
        (each.text("spec", "group"), each.text("spec", "names", "kind")): each
        for each in (*declared, *model.of(kinds.DEFINITION))
    }


_DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: stages.festival.example}
spec:
  group: festival.example
  scope: Namespaced
  names: {kind: Stage, plural: stages}
  versions:
  - {name: v1, served: true, storage: true}
  - {name: v1alpha1, served: false, storage: false}
---
apiVersion: festival.example/v1
kind: Stage
metadata: {name: main, namespace: whoami}
"""

DEFINITION: Rule[Document] = Rule(
    id="G15",
    title="Every custom resource has its definition, in the version that it is written in",
    severity=Severity.P0,
    reason="The API server does not know the kind and refuses the object, and Argo CD the whole "
    "sync.",
    source="Kubernetes: Custom resources, versions",
    fix="Install the chart that brings the definition and declare it, or correct kind and version.",
    exempt=Exempt.FILE,
    subjects=documents(),
    check=_defined,
    good=_DEFINITION,
    bad=_DEFINITION.replace(
        "apiVersion: festival.example/v1\n", "apiVersion: festival.example/v2\n"
    )
    + """\
---
apiVersion: festival.example/v1
kind: Sound
metadata: {name: main, namespace: whoami}
""",
)
