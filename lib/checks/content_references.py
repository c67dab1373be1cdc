"""Where a pod, or a chart's values, name Secrets, ConfigMaps and volume claims.

Both write them in the same words, so that one walk finds them, however deep they lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lib.checks.kinds import CLAIM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.checks.place import Place


class ContentReference(NamedTuple):
    """One object that is named.

    Attributes:
        type: Its type, such as ``Secret``.
        place: Where its name stands.
        keys: Where keys in it are named.
        optional: Whether the pod starts without it.
    """

    type: str
    place: Place
    keys: tuple[Place, ...] = ()
    optional: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.place.text()


# Key of a map -> type of what the map names, and the key under which it names it.
_MAPS = {
    "secretKeyRef": ("Secret", "name"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "secretRef": ("Secret", "name"),
    "configMapRef": ("ConfigMap", "name"),
    "nodePublishSecretRef": ("Secret", "name"),
    "secret": ("Secret", "secretName"),
    "configMap": ("ConfigMap", "name"),
    "persistentVolumeClaim": (CLAIM, "claimName"),
}
_SECRET_KEYS = frozenset(
    {"backupTargetCredentialSecret", "existingSecret", "githubConfigSecret", "secretName"}
)


def content_references(place: Place) -> Iterator[ContentReference]:
    """All that is named below ``place``, in the file's order."""
    for here in place.maps():
        for key, below in here.fields():
            if key in _MAPS:
                yield from _named(key, below)
            elif key == "imagePullSecrets":
                yield from _plain(ContentReference("Secret", e.at("name")) for e in below.each())


def secret_names(values: Place) -> Iterator[ContentReference]:
    """The Secrets that a chart's values name by keys of the chart's own."""
    stack = [("", values)]
    while stack:
        above, here = stack.pop()
        stack += [(above, item) for item in here.each() if isinstance(item.value, dict | list)]
        for key, below in here.fields():
            if isinstance(below.value, dict | list):
                stack.append((key, below))
            # A volume's is found by the other walk.
            elif key in _SECRET_KEYS and above != "secret" and here.get("optional") is not True:
                yield from _plain([ContentReference("Secret", below)])


def pod_specs(values: Place) -> Iterator[Place]:
    """The pod specs that stand in a chart's values as they are: what holds ``containers``."""
    return (here for here in values.maps() if here.items("containers"))


def _named(key: str, place: Place) -> Iterator[ContentReference]:
    type_, field = _MAPS[key]
    # In a projected volume a Secret is named like everything else.
    name = place.at(field) or place.at("name")
    items = tuple(item.at("key") for item in place.each("items"))
    single = (place.at("key"),) if key.endswith("KeyRef") else ()
    optional = place.get("optional") is True
    yield from _plain([ContentReference(type_, name, (*single, *items), optional)])


def _plain(found: Iterable[ContentReference]) -> Iterator[ContentReference]:
    """Those whose name is written out, not left to a template."""
    return (each for each in found if each.name and "{{" not in each.name)
