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

What only some clusters need carries the annotation ``policy.yagura/some-clusters``, which says
which: in others it is not there in vain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.charts import charts
from lib.checks.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.model import Model

FILE = "policy/provided.yaml"
SOME_CLUSTERS = "policy.yagura/some-clusters"


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
    return frozenset(f"{chart.name} {chart.version}" for chart in model.derived(charts))
