"""G13: a volume claim names a StorageClass that exists, and one class serves those without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.kinds import CLAIM, STORAGE_CLASS
from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity
from lib.checks.rules.references.lookup import missing
from lib.checks.storage_classes import is_default

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

# What clouds and small distributions bring, which no manifest of theirs shows.
_OF_CLOUDS = frozenset(
    {"default", "gp2", "gp3", "hostpath", "local-path", "managed-csi", "premium-rwo", "standard"}
)


def _subjects(model: Model) -> Iterable[Document]:
    return model.of(STORAGE_CLASS, CLAIM, *TEMPLATES)


def _exists(document: Document, model: Model) -> Iterator[Problem]:
    if document.type == STORAGE_CLASS:
        yield from _one_default(document, model)
        return
    for spec in _claims(document):
        name = spec.at("storageClassName")
        if not name.text() or (name.text() in _OF_CLOUDS and not model.context.complete):
            continue
        # A volume that was made by hand may name a class of its own, which needs no object.
        if spec.text("volumeName") or spec.at("selector"):
            continue
        yield from missing(name, model, STORAGE_CLASS, "", name.text())
    if model.context.complete and not model.derived(_defaults):
        for spec in _claims(document):
            if spec.get("storageClassName") is None:
                yield spec.problem(
                    "it names no storageClassName, and no StorageClass is the default"
                )


def _claims(document: Document) -> Iterator[Place]:
    """The specs of the volume claims that the object is or makes."""
    if document.type == CLAIM:
        yield document.at("spec")
    for template in document.each("spec", "volumeClaimTemplates"):
        yield template.at("spec")
    if document.type in TEMPLATES:
        pod = document.at(*TEMPLATES[document.type], "spec")
        for volume in pod.each("volumes"):
            claim = volume.at("ephemeral", "volumeClaimTemplate", "spec")
            if claim:
                yield claim


def _one_default(document: Document, model: Model) -> Iterator[Problem]:
    defaults = model.derived(_defaults)
    if any(each is document for each in defaults[1:]):
        first = defaults[0]
        model.used.update(each for each in defaults if each.provided_by)
        brought = f" of the chart {first.provided_by}" if first.provided_by else ""
        yield document.at("metadata", "annotations").problem(
            f"the StorageClass {first.name}{brought} is the default too"
        )
    elif model.context.complete and model.of(STORAGE_CLASS)[0] is document:
        model.used.update(each for each in defaults if each.provided_by)
        if not defaults:
            yield document.root.problem("no StorageClass is the default: some claim will wait")


def _defaults(model: Model) -> tuple[Document, ...]:
    """The default classes, those of charts first."""
    declared = [each for each in model.provided if each.type == STORAGE_CLASS]
    return tuple(each for each in (*declared, *model.of(STORAGE_CLASS)) if is_default(each))


CLASS: Rule[Any] = Rule(
    id="G13",
    title="A volume claim's StorageClass exists, and exactly one is the default",
    severity=Severity.P0,
    reason="A claim without its class waits forever, and its pod with it. Of two defaults the "
    "newer one wins, so that data may land where there are no copies and no backup.",
    source="Kubernetes: Storage classes, default StorageClass",
    fix="Correct storageClassName, and mark one StorageClass as the default.",
    exempt=Exempt.ANNOTATION,
    types=(STORAGE_CLASS, CLAIM, "StatefulSet.apps"),
    subjects=_subjects,
    check=_exists,
    good="""\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: longhorn
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: driver.longhorn.io
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: scratch}
provisioner: driver.longhorn.io
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: whoami}
spec: {storageClassName: scratch, accessModes: [ReadWriteOnce]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: more, namespace: whoami}
spec: {accessModes: [ReadWriteOnce]}
""",
    bad="""\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: longhorn
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: driver.longhorn.io
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: scratch
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: driver.longhorn.io
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: whoami}
spec: {storageClassName: scrach, accessModes: [ReadWriteOnce]}
""",
)
