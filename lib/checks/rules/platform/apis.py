"""P06 and P07: no object is of an API version that the cluster no longer has, or soon will not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.retired_apis import Retired, reached, retired
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_SOURCE = "Kubernetes, Deprecated API Migration Guide; FairwindsOps/pluto versions.yaml"


def _not_removed(document: Document, model: Model) -> Iterator[Problem]:
    known = retired(document.api_version, document.kind)
    if known is not None and _is_removed(known, model):
        yield document.at("apiVersion").problem(
            f"{document.api_version} {document.kind} is gone since {known.by} {known.removed}",
            fix=_fix(known),
        )


def _not_deprecated(document: Document, model: Model) -> Iterator[Problem]:
    known = retired(document.api_version, document.kind)
    if known is None or _is_removed(known, model):
        return
    if reached(known.deprecated, model.context.kubernetes):
        end = f", gone with {known.removed}" if known.removed else ""
        yield document.at("apiVersion").problem(
            f"{document.api_version} {document.kind} is deprecated since {known.by} "
            f"{known.deprecated}{end}",
            fix=_fix(known),
        )


def _is_removed(known: Retired, model: Model) -> bool:
    by_kubernetes = known.by == "Kubernetes"
    return not by_kubernetes or reached(known.removed, model.context.kubernetes)


def _fix(known: Retired) -> str:
    return f"Use {known.replacement}." if known.replacement else "There is no replacement."


RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="P06",
        title="An object's API version is one that the cluster has",
        severity=Severity.P0,
        reason="Nothing can apply it, and an upgrade of the cluster stops there.",
        source=_SOURCE,
        fix="Use the version that replaces it.",
        exempt=Exempt.ANNOTATION,
        subjects=documents(),
        check=_not_removed,
        good="apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web, namespace: whoami}\n",
        bad="""\
apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: web, namespace: whoami}
---
apiVersion: traefik.containo.us/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
""",
    ),
    Rule(
        id="P07",
        title="An object's API version is not deprecated",
        severity=Severity.P2,
        reason="It goes away with one of the next upgrades, and then nothing can apply it.",
        source=_SOURCE,
        fix="Use the version that replaces it.",
        exempt=Exempt.ANNOTATION,
        subjects=documents(),
        check=_not_deprecated,
        good="""\
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web, namespace: whoami}
""",
        bad="apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: whoami}\n",
    ),
)
