"""All needs of a model: of each object, of each pod, of each chart, and of logins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.applications import APPLICATION
from lib.checks.certificates import CERTIFICATE, ISSUERS
from lib.checks.kinds import CLAIM, STORAGE_CLASS
from lib.checks.ordering import of_objects
from lib.checks.ordering.need import Unit
from lib.checks.ordering.of_charts import needs_of_chart
from lib.checks.ordering.of_logins import Logins
from lib.checks.ordering.providers import Providers
from lib.checks.traefik_objects import MIDDLEWARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.ordering.need import Need


def needs(model: Model) -> tuple[Need, ...]:
    """Every need whose provider is in the set, in the order of the documents."""
    providers = model.derived(Providers)
    logins = Logins(model, providers)
    found = [
        need
        for document in model.documents
        for need in (
            *of_objects.of_every(document, model, providers),
            *_of_type(document, model, providers, logins),
        )
    ]
    for pod in model.pods:
        found += of_objects.of_pod(pod, providers)
    for chart in providers.charts:
        found += needs_of_chart(chart, model, providers)
        found += logins.of_chart(chart)
    return tuple(found)


def _of_type(
    document: Document, model: Model, providers: Providers, logins: Logins
) -> Iterator[Need]:
    type_ = document.type
    if type_ == APPLICATION:
        yield from of_objects.of_application(document, providers)
    elif type_ in {CLAIM, of_objects.STATEFUL_SET}:
        yield from of_objects.of_claims(document, providers)
    elif type_ == STORAGE_CLASS:
        yield from of_objects.of_storage_class(document, providers)
    elif type_ == CERTIFICATE:
        yield from of_objects.of_certificate(document, providers)
    elif type_ in ISSUERS:
        yield from of_objects.of_issuer(document, model, providers)
    elif type_ == MIDDLEWARE:
        yield from logins.of_middleware(document)
    elif type_ == "ConfigMap":
        yield from logins.of_texts(Unit(document), document.at("data"))
