"""What a chart needs: a namespace, what its values name, volumes, and definitions of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.applications import APPLICATION, sync_options
from lib.checks.ordering.need import Need, Strength, Unit
from lib.checks.ordering.of_objects import named_by, of_class
from lib.checks.ordering.providers import of_chart
from lib.checks.ordering.references import references
from lib.checks.ordering.upstream import CLAIMS, MAKES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.model import Model
    from lib.checks.ordering.providers import Providers
    from lib.checks.place import Place


def needs_of_chart(chart: Chart, model: Model, providers: Providers) -> Iterator[Need]:
    """All needs of one chart."""
    consumer = of_chart(chart)
    namespace = model.get("Namespace", "", chart.namespace)
    if namespace is not None and not namespace.provided_by and not _makes_namespace(chart):
        yield Need(
            consumer=consumer,
            place=_namespace(chart),
            provider=Unit(namespace),
            what="its namespace",
            strength=Strength.APPLY,
        )
    for reference in references(chart.values):
        yield from named_by(consumer, chart.namespace, reference, providers)
    for group in MAKES.get(chart.name, ()):
        definition = providers.definition(group)
        if definition is not None:
            yield Need(
                consumer=consumer,
                place=chart.source.at("chart"),
                provider=definition,
                what=f"the definitions of {group}",
                strength=Strength.APPLY,
            )
    yield from _of_claims(chart, providers)


def _of_claims(chart: Chart, providers: Providers) -> Iterator[Need]:
    """The StorageClasses of the volumes that it claims."""
    consumer = of_chart(chart)
    for claim in CLAIMS.get(chart.name, ()):
        values = chart.values.at(*claim.values)
        enabled = values.get("enabled")
        if claim.by_default if enabled is None else enabled is True:
            name = values.at("storageClass")
            place = name or chart.source.at("chart")
            yield from of_class(consumer, place, name, providers)


def _makes_namespace(chart: Chart) -> bool:
    """Whether whoever installs it makes the namespace too, where it is not there."""
    if chart.document.type == APPLICATION:
        return sync_options(chart.document).get("CreateNamespace") == "true"
    return chart.source.get("createNamespace") is True


def _namespace(chart: Chart) -> Place:
    if chart.document.type == APPLICATION:
        return chart.document.at("spec", "destination", "namespace")
    return chart.source.at("targetNamespace")
