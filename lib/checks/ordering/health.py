"""Whether Argo CD knows when an Application, or a HelmChart, is healthy: else no wave waits for it.

Argo CD has no check of its own for either (docs/operator-manual/health.md of argoproj/argo-cd);
one is given in the ConfigMap argocd-cm, or in the values of the chart argo-cd that make it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lib.checks.charts import charts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.model import Model
    from lib.checks.place import Place

_PREFIX = "resource.customizations"


class Settings(NamedTuple):
    """What configures an Argo CD.

    Attributes:
        place: The keys of argocd-cm, wherever they are written.
        complete: Whether they are all that is given.
    """

    place: Place
    complete: bool

    def checks(self, type_: str) -> bool:
        """Whether there is a check of a type's health, and it looks at the object."""
        kind, _, group = type_.partition(".")
        own = self.place.text(f"{_PREFIX}.health.{group}_{kind}")
        old = self.place.text(_PREFIX)
        return "obj" in own or f"{group}/{kind}:" in old


def settings(model: Model) -> tuple[Settings, ...]:
    """The Argo CD of a set; none where it is set up elsewhere. ``model.derived(settings)``."""
    return tuple(_settings(model))


def _settings(model: Model) -> Iterator[Settings]:
    for chart in model.derived(charts):
        if chart.name == "argo-cd":
            yield Settings(chart.values.at("configs", "cm"), chart.complete)
    for document in model.of("ConfigMap"):
        if document.name == "argocd-cm":
            yield Settings(document.at("data"), complete=True)


def waits_for(model: Model, type_: str) -> bool:
    """Whether Argo CD is known to wait until objects of this type are healthy."""
    return any(each.checks(type_) for each in model.derived(settings))
