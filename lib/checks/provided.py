"""What charts bring: objects that are not in dist/, declared so that references to them hold.

``policy/provided.yaml`` says what the charts make when they are installed, as far as our own
objects name it; each entry is for one version of a chart, so that an upgrade asks to look again::

    provided:
    - chart: argo-cd
      version: 10.2.1
      objects:
      - apiVersion: v1
        kind: Service
        metadata: {name: argocd-server, namespace: argocd}
        spec: {ports: [{name: http, port: 80}], selector: {app: argocd-server}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.model import Model

FILE = "policy/provided.yaml"


def provided(document: Document) -> Iterator[Document]:
    """The declared objects; ``provided_by`` is ``<chart> <version>``."""
    for chart in document.each("provided"):
        for place in chart.each("objects"):
            yield Document(
                document.file,
                document.index,
                place.value,
                base=place.pointer,
                provided_by=f"{chart.get('chart')} {chart.get('version')}",
            )


def installed(model: Model) -> frozenset[str]:
    """The charts of the set, by name and version: those of HelmCharts and of Applications."""
    charts = {
        f"{chart.text('spec', 'chart').rpartition('/')[2]} {chart.text('spec', 'version')}"
        for chart in model.of("HelmChart.helm.cattle.io")
    }
    for application in model.of("Application.argoproj.io"):
        sources = [application.at("spec", "source"), *application.each("spec", "sources")]
        for source in sources:
            if source.text("chart"):
                charts.add(f"{source.text('chart')} {source.text('targetRevision')}")
    return frozenset(charts)
