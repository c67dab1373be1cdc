"""The Helm charts that a set installs, each with its values, whatever kind of object installs it.

``charts(model)`` gives all of them, for every rule that is about a chart's settings::

    for chart in model.derived(charts):
        if chart.name == "vault" and not chart.values.get("global", "tlsDisable") is False:
            yield chart.values.at("global", "tlsDisable").problem(...)

They come from RKE2's HelmChart (``set`` over ``values`` over ``valuesContent``, all of them under
its HelmChartConfig), from a HelmChartConfig alone (a chart that RKE2 packages), and from each
source of an Application that names a chart (``parameters`` over ``valuesObject`` or ``values``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.checks import applications
from lib.checks.chart_values import Layer, Values, parameter, written

if TYPE_CHECKING:
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place

HELM_CHART = "HelmChart.helm.cattle.io"
APPLICATION = applications.APPLICATION
HELM_CHART_CONFIG = "HelmChartConfig.helm.cattle.io"
# What a rule about charts names as its ``types``.
TYPES = (HELM_CHART, HELM_CHART_CONFIG, APPLICATION)

EXACT_VERSION = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?")
# <name>-<version>.tgz, of which a name may hold dashes too.
_ARCHIVE = re.compile(r"(?P<name>.+?)-(?P<version>v?[0-9]+\.[0-9].*)\.tgz")


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """One use of a chart.

    Attributes:
        name: The chart's own name: ``argo-cd``; empty where it cannot be told.
        version: As it is given: exact, a range, or empty.
        repo: ``https://...``, or ``oci://...`` without the chart's name; empty where there is none.
        release: The name that it is installed as.
        namespace: Where it is installed.
        document: The object that installs it.
        source: The place of ``chart`` and what stands beside it: a HelmChart's ``spec``, an
            Application's source; a HelmChartConfig's ``spec`` for a packaged chart.
        packaged: Whether it is a chart that RKE2 packages, of which only the values are here.
        values: Its values put together; pointers lead to where each is written. For values in a
            text of YAML the pointer is the text's own.
        complete: Whether ``values`` are all that are given: no files, Secrets or templates beside
            them, nothing unreadable. Else what is not in them may be elsewhere: a rule about a
            chart's default then says nothing.
        unreadable: The texts that are no map of YAML.
    """

    name: str
    version: str
    repo: str
    release: str
    namespace: str
    document: Document
    source: Place
    packaged: bool
    values: Place
    complete: bool
    unreadable: tuple[Place, ...]


def charts(model: Model) -> tuple[Chart, ...]:
    """All charts that the set installs; ask for ``model.derived(charts)``."""
    configs = {(each.namespace, each.name): each for each in model.of(HELM_CHART_CONFIG)}
    found = [
        _of_helm_chart(document, configs.pop((document.namespace, document.name), None))
        for document in model.of(HELM_CHART)
    ]
    found += [_of_helm_chart(document) for document in configs.values()]
    for document in model.of(APPLICATION):
        found += [
            _of_application(each) for each in applications.sources(document) if each.text("chart")
        ]
    return tuple(found)


class _Collected:
    """Layers of values, strongest first, and what about them is not known."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.unreadable: list[Place] = []
        self.complete = True

    def add(self, *places: Place) -> None:
        for place in places:
            layer = written(place)
            if layer is None:
                self.unreadable.append(place)
                self.complete = False
            elif layer.value is not None:
                self.layers.append(layer)

    def set(self, name: str, place: Place, *, text: bool = False) -> None:
        layer = parameter(name, place, text=text)
        if layer is None:
            self.complete = False
        else:
            self.layers.append(layer)

    def values(self, default: Place) -> Values:
        none = Layer(default.document, default.pointer, None)
        return Values.of(self.layers or [none])


def _of_helm_chart(document: Document, config: Document | None = None) -> Chart:
    """Of a HelmChart and what configures it, or of what configures a packaged chart."""
    spec = document.at("spec")
    collected = _Collected()
    for name, place in spec.fields("set"):
        collected.set(name, place)
    for each in filter(None, (config, document)):
        _spec_values(collected, each.at("spec"))
    packaged = document.type == HELM_CHART_CONFIG
    name, version, repo = (document.name, "", "") if packaged else _named(spec)
    return Chart(
        name=name,
        version=version,
        repo=repo,
        release=document.name,
        namespace=spec.text("targetNamespace") or document.namespace,
        document=document,
        source=spec,
        packaged=packaged,
        values=collected.values(spec.at("values")),
        complete=collected.complete,
        unreadable=tuple(collected.unreadable),
    )


def _spec_values(collected: _Collected, spec: Place) -> None:
    collected.add(*(spec.at(key) for key in ("values", "valuesContent") if spec.at(key)))
    if spec.items("valuesSecrets"):
        collected.complete = False


def _named(spec: Place) -> tuple[str, str, str]:
    """Name, version and repository of a HelmChart's chart."""
    chart, version = spec.text("chart"), spec.text("version")
    folder, _, last = chart.rpartition("/")
    if spec.text("repo"):
        return chart, version, spec.text("repo")
    if archive := _ARCHIVE.fullmatch(last):
        return archive["name"], version or archive["version"], folder
    name, _, tag = last.partition("@")[0].partition(":")
    return name, version or tag, folder


def _of_application(source: Place) -> Chart:
    application, helm = source.document, source.at("helm")
    collected = _Collected()
    # The last parameter of a name is the one that counts.
    for each in reversed(list(helm.each("parameters"))):
        collected.set(each.text("name"), each.at("value"), text=each.get("forceString") is True)
    # Argo CD reads the text only where there is no map.
    given = next((helm.at(key) for key in ("valuesObject", "values") if helm.at(key)), None)
    if given is not None:
        collected.add(given)
    if helm.items("valueFiles") or helm.items("fileParameters"):
        collected.complete = False
    repo = source.text("repoURL")
    return Chart(
        name=source.text("chart").rpartition("/")[2],
        version=source.text("targetRevision"),
        repo=repo if "://" in repo or not repo else f"oci://{repo}",
        release=helm.text("releaseName") or application.name,
        namespace=application.text("spec", "destination", "namespace"),
        document=application,
        source=source,
        packaged=False,
        values=collected.values(helm.at("valuesObject")),
        complete=collected.complete,
        unreadable=tuple(collected.unreadable),
    )


def installed_by(document: Document, model: Model) -> tuple[Chart, ...]:
    """The charts that one object installs; none where it installs none."""
    return model.derived(_by_document).get(document, ())


def _by_document(model: Model) -> dict[Document, tuple[Chart, ...]]:
    found: dict[Document, tuple[Chart, ...]] = {}
    for chart in model.derived(charts):
        found[chart.document] = (*found.get(chart.document, ()), chart)
    return found
