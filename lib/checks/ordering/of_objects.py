"""What plain objects need: namespace, definition, project, Secrets, accounts, classes, issuers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.applications import sources
from lib.checks.certificates import GROUP, issuer_namespace, secret_references
from lib.checks.kinds import CLAIM, PRIORITY_CLASS, STORAGE_CLASS
from lib.checks.ordering.need import Need, Strength, Unit
from lib.checks.ordering.references import references
from lib.checks.ordering.upstream import VAULTS
from lib.checks.projects import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.content_references import ContentReference
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.ordering.providers import Providers
    from lib.checks.place import Place
    from lib.checks.pods import Pod

STATEFUL_SET = "StatefulSet.apps"
UNSEAL = "Vault, initialised, unsealed and filled by hand"


def of_every(document: Document, model: Model, providers: Providers) -> Iterator[Need]:
    """The namespace and the definition, which every object needs to be applied at all."""
    consumer = Unit(document)
    place = document.at("metadata", "namespace")
    namespace = model.get("Namespace", "", document.namespace) if document.namespace else None
    if namespace is not None and not namespace.provided_by:
        yield _need(consumer, place, Unit(namespace), "its namespace", Strength.APPLY)
    definition = providers.definition(document.group, document.kind)
    if definition is not None:
        what = f"the definition of {document.kind}"
        yield _need(consumer, document.at("kind"), definition, what, Strength.APPLY)


def of_application(application: Document, providers: Providers) -> Iterator[Need]:
    """Its project; and Vault, where argocd-vault-plugin renders it: it logs in before all else."""
    consumer = Unit(application)
    place = application.at("spec", "project")
    project = providers.object(PROJECT, application.namespace, place.text())
    if project is not None:
        yield _need(consumer, place, project, "its project", Strength.START)
    vault = providers.chart(*VAULTS)
    for source in sources(application):
        plugin = source.at("plugin", "name")
        if vault is not None and "vault" in plugin.text():
            yield Need(
                consumer=consumer,
                place=plugin,
                provider=vault,
                what="an unsealed Vault, for its placeholders",
                strength=Strength.START,
                by_hand=UNSEAL,
            )


def of_pod(pod: Pod, providers: Providers) -> Iterator[Need]:
    """What its containers, volumes and account name."""
    for reference in references(pod):
        yield from named_by(Unit(pod.document), pod.namespace, reference, providers)


def named_by(
    consumer: Unit, namespace: str, reference: ContentReference, providers: Providers
) -> Iterator[Need]:
    """The need of a reference, where what it names is in the set."""
    if reference.type == "Secret":
        provider = providers.secret(namespace, reference.name)
    elif reference.type == STORAGE_CLASS:
        provider = providers.storage_class(reference.name)
    else:
        inside = "" if reference.type == PRIORITY_CLASS else namespace
        provider = providers.object(reference.type, inside, reference.name)
    if provider is not None:
        what = f"{reference.type.partition('.')[0]} {reference.name}"
        refused = reference.type in {PRIORITY_CLASS, "ServiceAccount"}
        strength = Strength.APPLY if refused else Strength.START
        strength = Strength.LATER if reference.optional else strength
        yield _need(consumer, reference.place, provider, what, strength)


def of_claims(document: Document, providers: Providers) -> Iterator[Need]:
    """The StorageClass of a claim, or of the claims that a StatefulSet makes."""
    templates = document.each("spec", "volumeClaimTemplates")
    for claim in [document.root] if document.type == CLAIM else templates:
        place = claim.at("spec", "storageClassName")
        if place.value == "" or claim.text("spec", "volumeName"):
            continue  # a volume that is there already
        yield from of_class(Unit(document), place or claim.at("spec"), place, providers)


def of_class(
    consumer: Unit, place: Place, class_name: Place, providers: Providers
) -> Iterator[Need]:
    """A StorageClass, or the default one."""
    name = class_name.text()
    provider = providers.storage_class(name)
    if provider is not None:
        what = f"StorageClass {name}" if name else "the default StorageClass"
        yield _need(consumer, place, provider, what, Strength.START)


def of_storage_class(document: Document, providers: Providers) -> Iterator[Need]:
    """The driver that makes its volumes."""
    place = document.at("provisioner")
    driver = providers.driver(place.text())
    if driver is not None:
        yield _need(Unit(document), place, driver, f"the driver {place.text()}", Strength.START)


def of_certificate(document: Document, providers: Providers) -> Iterator[Need]:
    """Its issuer."""
    reference = document.at("spec", "issuerRef")
    kind, name = reference.text("kind") or "Issuer", reference.text("name")
    namespace = "" if kind == "ClusterIssuer" else document.namespace
    issuer = providers.object(f"{kind}.{GROUP}", namespace, name)
    if issuer is not None:
        place = reference.at("name")
        yield _need(Unit(document), place, issuer, f"{kind} {name}", Strength.START)


def of_issuer(document: Document, model: Model, providers: Providers) -> Iterator[Need]:
    """The Secrets that it signs or proves with; a ClusterIssuer's lie where cert-manager does."""
    namespace = document.namespace or issuer_namespace(model)
    ca = document.at("spec", "ca", "secretName")
    places = [ca] if ca.text() else []
    places += [each.at("name") for each in secret_references(document)]
    for place in places:
        secret = providers.secret(namespace, place.text())
        if secret is not None:
            what = f"Secret {place.text()}"
            yield _need(Unit(document), place, secret, what, Strength.START)


def _need(consumer: Unit, place: Place, provider: Unit, what: str, strength: Strength) -> Need:
    return Need(consumer=consumer, place=place, provider=provider, what=what, strength=strength)
