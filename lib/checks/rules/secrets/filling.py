"""S08: who reads a folder, and whether the plugin fills in what stands there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lib.checks.applications import APPLICATION, below, sources
from lib.checks.rules.secrets.placeholders import Placeholders, is_ignored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

PLUGINS = frozenset(
    f"argocd-vault-plugin{suffix}" for suffix in ("", "-helm", "-kustomize", "-helm-inline")
)


def apps_of(model: Model, document: Document) -> frozenset[str]:
    """The Applications that read a document; its folder in dist/ where the set holds none."""
    found = model.derived(_readers).get(document, frozenset())
    return found or frozenset({document.folder} if document.folder else ())


def _readers(model: Model) -> Mapping[Document, frozenset[str]]:
    found: dict[Document, set[str]] = defaultdict(set)
    for application in model.of(APPLICATION):
        for source in _folders_of(application):
            for document in below(source, model):
                found[document].add(application.name)
    return {document: frozenset(names) for document, names in found.items()}


def _folders_of(application: Document) -> Iterator[Place]:
    """The folders that an Application reads."""
    for source in sources(application):
        if source.text("path") and not source.text("chart"):
            yield source


def readers_and_read(model: Model) -> Iterator[Document]:
    """The subjects of S08: Applications, and objects that hold placeholders."""
    yield from model.of(APPLICATION)
    yield from model.derived(Placeholders).documents


def filled_by_plugin(document: Document, model: Model) -> Iterator[Problem]:
    """S08."""
    if document.type == APPLICATION:
        for source in _folders_of(document):
            yield from _of_source(source, model)
    placeholders = model.derived(Placeholders).of(document)
    if not placeholders:
        return
    place = placeholders[0].text.place
    if is_ignored(document):
        if document.type == "Secret":
            yield place.problem("the plugin is told to ignore this object: nothing fills it in")
    elif model.context.complete and not model.derived(_readers).get(document):
        yield place.problem("no Application reads this folder: nothing fills the placeholder in")


def _of_source(source: Place, model: Model) -> Iterator[Problem]:
    known = model.derived(Placeholders)
    read = below(source, model)
    holding = next((document for document in read if known.of(document)), None)
    plugin, path = source.text("plugin", "name"), source.text("path")
    if holding is not None and not source.at("plugin"):
        yield source.at("path").problem(
            f"{holding.kind} {holding.name} in {path} holds a placeholder, and no plugin fills it",
            fix="Set source.plugin.name to argocd-vault-plugin.",
        )
    elif holding is not None and plugin not in PLUGINS and model.cluster is not None:
        yield source.at("plugin").problem(
            f"{holding.kind} {holding.name} in {path} holds a placeholder, and the plugin "
            f"{plugin!r} does not fill any",
            fix="Set source.plugin.name to argocd-vault-plugin.",
        )
    elif holding is None and read and plugin in PLUGINS:
        yield source.at("plugin").problem(
            f"nothing in {path} holds a placeholder: without Vault it could not be deployed",
            fix="Remove source.plugin.",
        )
