"""G09: what Argo CD reads is there, and what is there Argo CD reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.applications import APPLICATION, below, is_own, sources
from lib.checks.document import DIST
from lib.checks.ordering.carriers import BOOTSTRAP
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem


def _read(document: Document, model: Model) -> Iterator[Problem]:
    if document.type == APPLICATION:
        for source in sources(document):
            yield from _path(source, model)
    if model.context.complete and model.of(APPLICATION):
        yield from _applied(document, model)


def _path(source: Place, model: Model) -> Iterator[Problem]:
    path = source.at("path")
    text = path.text()
    if not text:
        if not source.text("chart") and not source.text("ref"):
            yield source.problem("the source has neither path nor chart: there is nothing to apply")
        return
    if text.startswith("/") or ".." in text.split("/"):
        yield path.problem(f"{text} leaves the repository: give a path from its top")
    elif model.context.complete and is_own(source, model) and not below(source, model):
        yield path.problem(f"there is no manifest in {text}")


def _applied(document: Document, model: Model) -> Iterator[Problem]:
    if id(document) not in model.derived(_all_applied):
        yield document.root.problem(
            f"no Application reads {document.file.folder_path}: nothing applies this object",
            fix="Add an Application for the folder, or move the object.",
        )


def _all_applied(model: Model) -> frozenset[int]:
    """The objects that some Application of the set reads, or RKE2 before Argo CD is there."""
    found = {
        id(document)
        for application in model.of(APPLICATION)
        for source in sources(application)
        if source.text("path")
        for document in below(source, model)
    }
    found |= {
        id(document)
        for name in {each.cluster for each in model.documents}
        for document in model.in_folder(f"{DIST}/{name}/{BOOTSTRAP}")
    }
    return frozenset(found)


PATH: Rule[Any] = Rule(
    id="G09",
    title="An Application's path holds manifests, and each manifest is in such a path",
    severity=Severity.P0,
    reason="An Application without manifests fails, or removes what it once made; a manifest that "
    "no Application reads is never applied, though it is committed.",
    source="Argo CD: Directory; Automated sync, allowEmpty",
    fix="Correct spec.source.path: the folder of the app in dist/, from the top of the repository.",
    exempt=Exempt.NEVER,
    types=(APPLICATION,),
    subjects=documents(),
    check=_read,
    good="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: whoami, namespace: argocd}
spec:
  source:
    repoURL: https://github.com/festival-example/infrastructure.git
    path: dist/production/whoami
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: dex, namespace: argocd}
spec:
  source: {repoURL: "https://charts.dexidp.io", chart: dex, targetRevision: 0.24.0}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: vault, namespace: argocd}
spec:
  sources:
  - repoURL: https://github.com/festival-example/infrastructure.git
    path: dist/production/vault
""",
    bad="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: whoami, namespace: argocd}
spec:
  source:
    repoURL: https://github.com/festival-example/infrastructure.git
    path: ../whoami
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: nothing, namespace: argocd}
spec:
  source: {repoURL: "https://github.com/festival-example/infrastructure.git"}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: vault, namespace: argocd}
spec:
  sources:
  - repoURL: https://github.com/festival-example/infrastructure.git
    path: /dist/production/vault
""",
)
