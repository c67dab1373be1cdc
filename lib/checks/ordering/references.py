"""The references of a pod, wherever they stand: in a workload, or in the values of a chart.

A chart's values hold pieces of pods under keys of the chart's own (``extraVolumes``, ``envFrom``,
``template.spec``). The pieces themselves are written as Kubernetes writes them, and so found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.place import Place

# Key -> (type, key of the name in the map below it); core/v1 of the Kubernetes API.
_IN_MAPS: dict[str, tuple[tuple[str, str], ...]] = {
    "secretKeyRef": (("Secret", "name"),),
    "secretRef": (("Secret", "name"),),
    "secret": (("Secret", "secretName"), ("Secret", "name")),
    "configMapKeyRef": (("ConfigMap", "name"),),
    "configMapRef": (("ConfigMap", "name"),),
    "configMap": (("ConfigMap", "name"),),
    "persistentVolumeClaim": (("PersistentVolumeClaim", "claimName"),),
}
_IN_TEXTS = {
    "serviceAccountName": "ServiceAccount",
    "priorityClassName": "PriorityClass.scheduling.k8s.io",
    "storageClassName": "StorageClass.storage.k8s.io",
    "storageClass": "StorageClass.storage.k8s.io",
}
_WITHOUT_NAMESPACE = frozenset({"PriorityClass.scheduling.k8s.io", "StorageClass.storage.k8s.io"})
# A chart's own key for a Secret that it is given: existingSecret, backupTargetCredentialSecret.
_NAMES_A_SECRET = re.compile(r"secret(name)?$", re.IGNORECASE)


class Reference(NamedTuple):
    """A name that a pod, or a chart, gives.

    Attributes:
        type: The type of what is named.
        name: Its name.
        place: Where it stands.
        optional: Whether the pod starts without it, or nobody but the chart can tell.
    """

    type: str
    name: str
    place: Place
    optional: bool

    def namespace(self, own: str) -> str:
        """The namespace of what is named, for a pod in the namespace ``own``."""
        return "" if self.type in _WITHOUT_NAMESPACE else own


def references(place: Place) -> Iterator[Reference]:
    """All references below a place, in the file's order."""
    stack = [place]
    while stack:
        here = stack.pop()
        below = [*here.each()]
        for key, item in here.fields():
            yield from _of_field(key, item)
            below.append(item)
        stack += reversed([each for each in below if isinstance(each.value, dict | list)])


def _of_field(key: str, item: Place) -> Iterator[Reference]:
    if isinstance(item.value, str):
        if key in _IN_TEXTS and item.value:
            yield Reference(_IN_TEXTS[key], item.value, item, optional=False)
        elif _NAMES_A_SECRET.search(key) and item.value:
            yield Reference("Secret", item.value, item, optional=True)
        return
    for type_, name in _IN_MAPS.get(key, ()):
        if item.text(name):
            optional = item.get("optional") is True
            yield Reference(type_, item.text(name), item.at(name), optional=optional)
            return
