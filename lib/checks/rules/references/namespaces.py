"""G08: the namespace that an object lies in, or is to be installed into, exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.applications import APPLICATION, IN_CLUSTER, Destination, destination, sync_options
from lib.checks.charts import HELM_CHART
from lib.checks.nearest import did_you_mean
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.references.lookup import SURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem


def _exists(document: Document, model: Model) -> Iterator[Problem]:
    for place in _places(document):
        name = place.text()
        if not name or name in model.namespaces or name in model.derived(_made_on_the_way):
            continue
        # Of a part of a cluster another part may make it, unless it is nearly one of this part.
        meant = did_you_mean(name, [each.name for each in model.of("Namespace")], cutoff=SURE)
        if model.context.complete or meant:
            yield place.problem(f"there is no Namespace {name!r}{meant}")


def _places(document: Document) -> Iterator[Place]:
    yield document.at("metadata", "namespace")
    if document.type == APPLICATION and destination(document) == Destination(*IN_CLUSTER):
        yield document.at("spec", "destination", "namespace")
    if document.type == HELM_CHART:
        yield document.at("spec", "targetNamespace")


def _made_on_the_way(model: Model) -> frozenset[str]:
    """The namespaces that Argo CD or Helm make where they are not there."""
    found = {
        each.text("spec", "destination", "namespace")
        for each in model.of(APPLICATION)
        if sync_options(each).get("CreateNamespace") == "true"
    }
    found |= {
        each.text("spec", "targetNamespace")
        for each in model.of(HELM_CHART)
        if each.root.get("spec", "createNamespace") is True
    }
    return frozenset(found)


NAMESPACE: Rule[Document] = Rule(
    id="G08",
    title="The namespace of an object exists",
    severity=Severity.P0,
    reason="The API server refuses an object whose namespace is not there, and with it the whole "
    "sync.",
    source="Kubernetes: Namespaces; Argo CD: CreateNamespace",
    fix="Make the Namespace in the app that owns it, with its Pod Security labels, or correct the "
    "name.",
    exempt=Exempt.ANNOTATION,
    subjects=documents(),
    check=_exists,
    good="""\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: whoami}
---
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: web, namespace: kube-system}
spec: {chart: web, targetNamespace: made, createNamespace: true}
""",
    bad="""\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: whoam}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: default}
spec: {destination: {server: "https://kubernetes.default.svc", namespace: whoami2}}
""",
)
