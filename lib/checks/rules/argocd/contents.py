"""A09, A11, A12, A14: each object is applied by one Application, fits, and is not lost by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lib.checks.applications import (
    APPLICATION,
    contents,
    destination,
    is_own,
    namespace_of,
    options,
    owners,
    sources,
    sync_options,
)
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.argocd import examples
from lib.checks.rules.argocd.applications import PRECIOUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

# All annotations of an object together, one of which holds the object as it was last applied.
_LARGEST_ANNOTATION = 262144
_SAFE = {"confirm", "false"}


def _never_empty(application: Document, model: Model) -> Iterator[Problem]:
    allowed = application.at("spec", "syncPolicy", "automated", "allowEmpty")
    if allowed.value is True:
        yield allowed.problem("if nothing is rendered, everything is deleted")
    for source in sources(application):
        if contents(source, model) == () and is_own(source, model):
            path = source.at("path")
            yield path.problem(f"there is no object below {path.text()}")


def _fits_its_annotation(document: Document, model: Model) -> Iterator[Problem]:
    applying = model.derived(owners).get(document, [])
    if not any(_client_side(each, document) for each in applying) or _surely_small(document):
        return
    size = len(json.dumps(document.object, ensure_ascii=False, separators=(",", ":")).encode())
    if size > _LARGEST_ANNOTATION:
        yield document.root.problem(
            f"{size} bytes: with client-side apply at most {_LARGEST_ANNOTATION}"
        )


def _client_side(application: Document, document: Document) -> bool:
    own = options(document).get("ServerSideApply")
    return (own or sync_options(application).get("ServerSideApply")) != "true"


def _surely_small(document: Document) -> bool:
    """Whether a look at the file is enough; as JSON it is never three times as large."""
    content = document.file.content
    return len(content) * 3 <= _LARGEST_ANNOTATION and b"&" not in content


def _kept(document: Document, model: Model) -> Iterator[Problem]:
    if document.type not in PRECIOUS - {APPLICATION}:
        return
    pruning = [each for each in model.derived(owners).get(document, []) if _prunes(each)]
    given = options(document)
    for key in ("Prune", "Delete"):
        if pruning and given.get(key) not in _SAFE:
            place = document.at("metadata", "annotations", "argocd.argoproj.io/sync-options")
            yield place.problem(
                f"no {key}=confirm or {key}=false: the Application {pruning[0].name} deletes it "
                f"{'once it is not in git' if key == 'Prune' else 'with itself'}"
            )


def _prunes(application: Document) -> bool:
    automated = application.at("spec", "syncPolicy", "automated")
    return automated.get("prune") is True and automated.get("enabled") is not False


def _one_owner(document: Document, model: Model) -> Iterator[Problem]:
    if document.type == APPLICATION:
        given = document.at("spec", "syncPolicy", "syncOptions")
        if sync_options(document).get("FailOnSharedResource") != "true":
            yield given.problem("FailOnSharedResource=true is not among its options")
    applying = model.derived(owners).get(document, [])
    places: dict[Any, Document] = {}
    for each in applying:
        key = (*destination(each), namespace_of(document, each, model))
        first = places.setdefault(key, each)
        if first is not each:
            yield document.root.problem(
                f"the Applications {first.name} and {each.name} both apply it"
            )
    if not applying and model.context.complete and model.of(APPLICATION):
        yield document.root.problem("no Application applies it")


# Sixteen times sixteen times sixteen times sixty-four characters.
_BIG = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: cups.example}
spec:
  a: &a [0123456789abcdef, 0123456789abcdef, 0123456789abcdef, 0123456789abcdef]
  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
  d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="A09",
        title="An Application is never emptied by a folder that renders nothing",
        severity=Severity.P0,
        reason="A plugin that fails, or a folder that was moved, would delete the whole app.",
        source="Argo CD docs/user-guide/auto_sync.md; argocd-vault-plugin issue 477",
        fix="Remove allowEmpty, and point the path at the app's folder.",
        exempt=Exempt.NEVER,
        types=(APPLICATION,),
        subjects=documents(APPLICATION),
        check=_never_empty,
        good=f"{examples.HERE}  syncPolicy: {{automated: {{prune: true}}}}\n",
        bad=f"{examples.HERE}  syncPolicy: {{automated: {{prune: true, allowEmpty: true}}}}\n",
    ),
    Rule(
        id="A11",
        title="An object that no annotation could hold is applied by the server",
        severity=Severity.P1,
        reason="Client-side apply keeps the whole object in an annotation, and the API server "
        "refuses annotations of more than 256 KiB.",
        source="Argo CD docs/user-guide/sync-options.md, Server-Side Apply",
        fix="Add ServerSideApply=true to the Application's syncOptions.",
        exempt=Exempt.NEVER,
        types=(APPLICATION,),
        subjects=documents(),
        check=_fits_its_annotation,
        good=f"""\
{examples.HERE}\
  syncPolicy: {{syncOptions: [ServerSideApply=true]}}
---
{_BIG}""",
        bad=f"{examples.HERE}---\n{_BIG}",
    ),
    Rule(
        id="A12",
        title="What holds data or other apps is deleted by a person, never by Argo CD alone",
        severity=Severity.P0,
        reason="Renaming a namespace, a claim or a definition deletes the old one, and all that is "
        "in it.",
        source="Argo CD docs/user-guide/sync-options.md, No Prune Resources",
        fix="Annotate it with argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm.",
        exempt=Exempt.ANNOTATION,
        types=(APPLICATION,),
        subjects=documents(),
        check=_kept,
        good=f"""\
{examples.HERE}\
  syncPolicy: {{automated: {{prune: true}}}}
---
apiVersion: v1
kind: Namespace
metadata:
  name: whoami
  annotations: {{argocd.argoproj.io/sync-options: "Prune=confirm,Delete=confirm"}}
""",
        bad=f"""\
{examples.HERE}\
  syncPolicy: {{automated: {{prune: true}}}}
{examples.NAMESPACE}""",
    ),
    Rule(
        id="A14",
        title="An object belongs to one Application",
        severity=Severity.P0,
        reason="Two Applications undo each other's changes, and deleting one deletes the other's "
        "object; what none applies is not in the cluster.",
        source="Argo CD docs/user-guide/sync-options.md, Fail the sync if a shared resource is "
        "found",
        fix="Let one Application apply it, and give each FailOnSharedResource=true.",
        exempt=Exempt.NEVER,
        types=(APPLICATION,),
        subjects=documents(),
        check=_one_owner,
        good=f"{examples.HERE}  syncPolicy: {{syncOptions: [FailOnSharedResource=true]}}\n",
        bad=f"""\
{examples.HERE}\
---
{examples.HERE.replace("name: whoami", "name: other")}\
{examples.NAMESPACE}""",
    ),
)
