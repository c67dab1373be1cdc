"""Finds who brings a thing: the object itself, the certificate that fills it, or a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.applications import APPLICATION
from lib.checks.certificates import by_secret
from lib.checks.charts import charts
from lib.checks.kinds import DEFINITION, STORAGE_CLASS
from lib.checks.ordering.need import Unit
from lib.checks.ordering.upstream import CLASSES, DEFINITIONS, DRIVERS, KINDS
from lib.checks.storage_classes import is_default

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.model import Model


def of_chart(chart: Chart) -> Unit:
    """The unit that is a chart's content."""
    return Unit(chart.document, content=chart.document.type == APPLICATION)


class Providers:
    """Look-ups in one model; ask for ``model.derived(Providers)``."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.charts = model.derived(charts)
        self._by_name: dict[str, Chart] = {}
        for chart in self.charts:
            self._by_name.setdefault(chart.name, chart)
        self._certificates = model.derived(by_secret)
        self._definitions = dict(self._definitions_of(model))

    def chart(self, *names: str) -> Unit | None:
        """A chart of one of these names."""
        found = next((self._by_name[name] for name in names if name in self._by_name), None)
        return of_chart(found) if found is not None else None

    def object(self, type_: str, namespace: str, name: str) -> Unit | None:
        """An object of the set, or of a chart that it is declared for."""
        document = self._model.get(type_, namespace, name)
        if document is None or not name:
            return None
        if not document.provided_by:
            return Unit(document)
        chart = self._by_name.get(document.provided_by.partition(" ")[0])
        return of_chart(chart) if chart is not None else None

    def secret(self, namespace: str, name: str) -> Unit | None:
        """A Secret, or the Certificate that cert-manager fills it for."""
        found = self.object("Secret", namespace, name)
        certificate = self._certificates.get((namespace, name))
        if found is None and certificate is not None and name:
            return Unit(certificate)
        return found

    def definition(self, group: str, kind: str = "") -> Unit | None:
        """The definition of a kind; of the group as a whole without ``kind``."""
        found = self._definitions.get((group, kind))
        if found is not None or (group in KINDS and kind and kind not in KINDS[group]):
            return found
        return self.chart(*DEFINITIONS.get(group, ()))

    def storage_class(self, name: str) -> Unit | None:
        """The StorageClass of a name; the default one where it is empty."""
        if name:
            made_by = (chart for chart, (made, _) in CLASSES.items() if made == name)
            return self.object(STORAGE_CLASS, "", name) or self.chart(*made_by)
        classes = [each for each in self._model.of(STORAGE_CLASS) if is_default(each)]
        if classes:
            return Unit(classes[0])
        for chart in self.charts:
            _, way = CLASSES.get(chart.name, ("", ()))
            if way and chart.values.get(*way) is not False:
                return of_chart(chart)
        return None

    def driver(self, provisioner: str) -> Unit | None:
        """The chart that runs a CSI driver."""
        return self.chart(DRIVERS[provisioner]) if provisioner in DRIVERS else None

    def _definitions_of(self, model: Model) -> Iterator[tuple[tuple[str, str], Unit]]:
        declared = [each for each in model.provided if each.type == DEFINITION]
        for document in (*declared, *model.of(DEFINITION)):
            unit = self.object(DEFINITION, "", document.name)
            if unit is not None:
                group = document.text("spec", "group")
                yield (group, document.text("spec", "names", "kind")), unit
