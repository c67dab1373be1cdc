"""A07, A08, A10, A13, A16: what an Application says of itself is plain, pinned, unforced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.checks.applications import (
    APPLICATION,
    applied_by,
    contents,
    is_own,
    options,
    sources,
    sync_options,
)
from lib.checks.charts import EXACT_VERSION, HELM_CHART
from lib.checks.kinds import CLAIM, DEFINITION, STORAGE_CLASS
from lib.checks.projects import PROJECT
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.argocd import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_TOOLS = ("helm", "kustomize", "directory", "plugin")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_RANGE = re.compile(r"[*<>=~^|\s]|(?:^|\.)[xX](?:\.|$)")
_FORCE = {
    "Validate": ("false", "a wrong field is dropped in silence"),
    "Replace": ("true", "the whole object is replaced, with what others wrote into it"),
    "Force": ("true", "the object is deleted and made anew, with its pods and volumes"),
}
_FINALIZER = "resources-finalizer.argocd.argoproj.io"
# What takes data, other apps or whole releases with it when it is deleted.
PRECIOUS = frozenset(
    {
        APPLICATION,
        CLAIM,
        DEFINITION,
        HELM_CHART,
        PROJECT,
        STORAGE_CLASS,
        "Namespace",
        "PersistentVolume",
    }
)
_BROAD = re.compile(
    r"/?|/(?:metadata|spec|data|stringData|binaryData|rules|webhooks)|/spec/template(?:/spec)?"
)
_BROAD_PATH = re.compile(
    r"\.?(?:\[\])?|\.(?:metadata|spec|data|stringData|rules|webhooks)(?:\[\])?"
    r"|\.spec\.template(?:\.spec)?"
)


def _plain(application: Document, _: Model) -> Iterator[Problem]:
    spec = application.at("spec")
    if spec.mapping("source") and spec.items("sources"):
        yield spec.at("source").problem("Argo CD reads sources, and never this source beside it")
    if not sources(application) and not spec.at("sourceHydrator"):
        yield spec.problem("no source: there is nothing to apply")
    for source in sources(application):
        yield from _plain_source(source)
    place = spec.at("destination")
    given = [key for key in ("server", "name") if place.text(key)]
    if len(given) != 1:
        said = "server and name both" if given else "neither server nor name"
        yield place.problem(f"{said} given: Argo CD wants exactly one of them")


def _plain_source(source: Place) -> Iterator[Problem]:
    given = [key for key in ("path", "chart") if source.text(key)]
    if len(given) > 1:
        yield source.problem("path and chart both given: it is one or the other")
    elif not given and not source.text("ref"):
        yield source.problem("neither path nor chart given")
    tools = [key for key in _TOOLS if isinstance(source.get(key), dict)]
    if len(tools) > 1:
        yield source.problem(f"{' and '.join(tools)} given: Argo CD takes one")


def _fixed_revision(application: Document, model: Model) -> Iterator[Problem]:
    for source in sources(application):
        revision, own = source.at("targetRevision"), is_own(source, model)
        text = revision.text()
        if source.text("chart"):
            continue  # P01
        if text in {"", "HEAD"} or _RANGE.search(text):
            yield revision.problem(f"{text or 'no revision'} is another one tomorrow")
        elif own is False and not (EXACT_VERSION.fullmatch(text) or _COMMIT.fullmatch(text)):
            yield revision.problem(f"{text} of another repository can move: name a version or sha")


def _no_force(document: Document, _: Model) -> Iterator[Problem]:
    if document.type == APPLICATION:
        own = document.at("spec", "syncPolicy", "syncOptions")
        yield from _forced(sync_options(document), own)
    annotation = document.at("metadata", "annotations", "argocd.argoproj.io/sync-options")
    yield from _forced(options(document), annotation)


def _forced(given: dict[str, str], place: Place) -> Iterator[Problem]:
    for key, (value, why) in _FORCE.items():
        if given.get(key) == value:
            option = f"{key}={value}"
            entry = next((each for each in place.each() if each.text().strip() == option), place)
            yield entry.problem(f"{option}: {why}")


def _keeps_what_it_made(application: Document, model: Model) -> Iterator[Problem]:
    known = all(contents(source, model) is not None for source in sources(application))
    precious = next(
        (each for each in applied_by(application, model) if each.type in PRECIOUS), None
    )
    for finalizer in application.each("metadata", "finalizers"):
        if not finalizer.text().startswith(_FINALIZER):
            continue
        if precious is not None:
            name = f"{precious.kind} {precious.name}"
            yield finalizer.problem(f"deleting this Application deletes {name} with it")
        elif model.context.complete and not known:
            yield finalizer.problem("deleting this Application deletes all that its chart has made")


def _narrow(application: Document, _: Model) -> Iterator[Problem]:
    for entry in application.each("spec", "ignoreDifferences"):
        for pointer in entry.each("jsonPointers"):
            if _BROAD.fullmatch(pointer.text()):
                yield pointer.problem(
                    f"{pointer.text() or 'the empty pointer'} is nearly all of it"
                )
        for path in entry.each("jqPathExpressions"):
            if _BROAD_PATH.fullmatch(path.text().strip()):
                yield path.problem(f"{path.text()} is nearly all of it")


RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="A07",
        title="An Application names one kind of source and one cluster",
        severity=Severity.P1,
        reason="Argo CD refuses it, or reads one and never the other.",
        source="Argo CD docs/operator-manual/application.yaml; kyverno/policies "
        "application-field-validation",
        fix="Give path or chart, server or name, and one of helm, kustomize, directory, plugin.",
        exempt=Exempt.NEVER,
        types=(APPLICATION,),
        subjects=documents(APPLICATION),
        check=_plain,
        good=examples.HERE,
        bad=examples.HERE.replace("path: .", "path: .\n    chart: whoami").replace(
            "{server:", "{name: in-cluster, server:"
        ),
    ),
    Rule(
        id="A08",
        title="An Application follows the branch of its own repository, and a fixed version of "
        "every other",
        severity=Severity.P1,
        reason="What others push, or release within a range, would be deployed without a review.",
        source="a judgement; Argo CD docs/user-guide/tracking_strategies.md",
        fix="Name a branch of this repository; of another one, a version or a commit.",
        exempt=Exempt.ANNOTATION,
        types=(APPLICATION,),
        subjects=documents(APPLICATION),
        check=_fixed_revision,
        good=f"{examples.HERE}    targetRevision: main\n",
        bad=f"{examples.HERE}    targetRevision: 1.*\n",
    ),
    Rule(
        id="A10",
        title="Nothing is applied without validation, or by replacing or deleting it first",
        severity=Severity.P1,
        reason="Force deletes the object and makes it anew, with its pods and volumes; Replace "
        "overwrites what others wrote into it; without validation a wrong field is dropped in "
        "silence.",
        source="Argo CD docs/user-guide/sync-options.md",
        fix="Remove the option and correct what it was there for.",
        exempt=Exempt.ANNOTATION,
        types=(APPLICATION,),
        subjects=documents(),
        check=_no_force,
        good=f"{examples.HERE}  syncPolicy: {{syncOptions: [ServerSideApply=true]}}\n",
        bad=f"""\
{examples.HERE}\
  syncPolicy: {{syncOptions: [Validate=false]}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  annotations: {{argocd.argoproj.io/sync-options: "Force=true, Replace=true"}}
""",
    ),
    Rule(
        id="A13",
        title="Deleting an Application does not delete other Applications or data",
        severity=Severity.P1,
        reason="With this finalizer all that the Application has made goes with it, and from the "
        "root Application that is everything.",
        source="Argo CD docs/user-guide/app_deletion.md",
        fix="Remove the finalizer.",
        exempt=Exempt.ANNOTATION,
        types=(APPLICATION,),
        subjects=documents(APPLICATION),
        check=_keeps_what_it_made,
        good=f"{examples.HERE}{examples.NAMESPACE}",
        bad=examples.HERE.replace(
            "namespace: argocd}", f"namespace: argocd, finalizers: [{_FINALIZER}]}}"
        )
        + examples.NAMESPACE,
    ),
    Rule(
        id="A16",
        title="What Argo CD is to overlook is named narrowly",
        severity=Severity.P2,
        reason="Whatever somebody changes by hand there stays as it is, and nobody sees it.",
        source="a judgement; Argo CD docs/user-guide/diffing.md",
        fix="Name the one field that something else writes.",
        exempt=Exempt.ANNOTATION,
        types=(APPLICATION,),
        subjects=documents(APPLICATION),
        check=_narrow,
        good=f"""\
{examples.HERE}\
  ignoreDifferences:
  - {{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}}
""",
        bad=f"""\
{examples.HERE}\
  ignoreDifferences:
  - {{group: apps, kind: Deployment, jsonPointers: [/spec], jqPathExpressions: [.metadata]}}
""",
    ),
)
