"""What a pod names, wherever it stands: in a workload, or in the values of a chart.

A chart's values hold pieces of pods under keys of the chart's own (``extraVolumes``, ``envFrom``,
``template.spec``). The pieces themselves are written as Kubernetes writes them, and so found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib.checks.content_references import ContentReference, content_references
from lib.checks.kinds import PRIORITY_CLASS, STORAGE_CLASS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.place import Place

_IN_TEXTS = {
    "serviceAccountName": "ServiceAccount",
    "priorityClassName": PRIORITY_CLASS,
    "storageClassName": STORAGE_CLASS,
    "storageClass": STORAGE_CLASS,
}
# A chart's own key for a Secret that it is given: existingSecret, backupTargetCredentialSecret.
_NAMES_A_SECRET = re.compile(r"secret(name)?$", re.IGNORECASE)


def references(place: Place) -> Iterator[ContentReference]:
    """All that is named below a place; optional is also what nobody but the chart can tell."""
    yield from content_references(place)
    for here in place.maps():
        for key, item in here.fields():
            if not item.text():
                continue
            if key in _IN_TEXTS:
                yield ContentReference(_IN_TEXTS[key], item)
            elif _NAMES_A_SECRET.search(key):
                yield ContentReference("Secret", item, optional=True)
