"""Helm values as Python dicts: what they may hold, and how they are written where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from lib import values, yaml_text
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HelmValues: TypeAlias = "Mapping[str, Any]"

# A key that holds a credential itself, unlike one that names where it lies (existingSecret,
# passwordSecretName, ...).
SECRET_KEY = re.compile(
    r"(?i)(?:password|passwd|passphrase|token|api_?key|access_?key|secret_?key|private_?key"
    r"|client_?secret|credentials?|^secrets?)$"
)
# The program itself looks it up in its environment, which a Secret gives.
_FROM_ENVIRONMENT = re.compile(r"\$[A-Z][A-Z0-9_]*")
_PLACEHOLDER = re.compile(r"<path:|\bvault:")


class Null:
    """Helm's ``null``, which deletes a chart's default. Use the one instance, ``NULL``."""

    def __repr__(self) -> str:
        return "NULL"


NULL = Null()


class Names(dict[str, Any]):
    """A map whose keys are names, so that a dot in a key is meant (``server.insecure``)."""


@dataclass(frozen=True)
class CheckedValues:
    """Values that may be written; ``NULL`` has become None."""

    values: dict[str, Any]
    has_null: bool

    def in_helm_chart(self, *, structured: bool) -> dict[str, Any]:
        """Render ``values`` where the helm-controller knows it, else ``valuesContent``.

        A null would be dropped from a structured field by the API server, not from a text.
        """
        if not self.values:
            return {}
        if structured and not self.has_null:
            return {"values": self.values}
        return {"valuesContent": yaml_text.dump(self.values)}

    def in_application(self) -> dict[str, Any]:
        """Render ``valuesObject``, or ``values`` where a null has to survive."""
        if not self.values:
            return {}
        if self.has_null:
            return {"values": yaml_text.dump(self.values)}
        return {"valuesObject": self.values}


def checked_values(given: HelmValues, *, where: str) -> CheckedValues:
    """Check a chart's values.

    Args:
        given: The values; ``NULL`` for Helm's null, ``Names`` where keys hold dots.
        where: Whose values they are, for the messages.

    Raises:
        BuildError: A dotted key (Helm would not read it as a path), a placeholder (it would stay as
            it is, readable in the cluster), a credential, or a value that YAML would not keep.
    """
    wrong = list(_problems(given, ""))
    nulls = _Nulls()
    plain = nulls.without(given)
    wrong += [line for line in values.problems(plain) if "None would be dropped" not in line]
    if wrong:
        raise BuildError([f"{where}: {line}" for line in wrong])
    return CheckedValues(plain, nulls.found)


class _Nulls:
    """Turn ``NULL`` into None and remember whether there was one."""

    def __init__(self) -> None:
        self.found = False

    def without(self, value: Any) -> Any:
        if isinstance(value, Null):
            self.found = True
            return None
        if isinstance(value, dict):
            return {key: self.without(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.without(item) for item in value]
        return value


def _is_credential(key: str, value: object) -> bool:
    if not isinstance(value, str) or not value or _FROM_ENVIRONMENT.fullmatch(value):
        return False
    return SECRET_KEY.search(key) is not None


def _problems(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            inner = f"{pointer}/{values.escape(str(key))}"
            if "." in str(key) and not isinstance(value, Names) and "/" not in str(key):
                yield (
                    f"{inner}: {key!r} has a dot, and Helm does not read it as a path: nest maps, "
                    "or wrap the map in Names(...) where the dot belongs to the name"
                )
            if _is_credential(str(key), item):
                yield f"{inner}: {key!r} looks like a credential: refer to a Secret instead"
            yield from _problems(item, inner)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _problems(item, f"{pointer}/{index}")
    elif value is None:
        yield f"{pointer}: None would be dropped: leave the key out, or use NULL for Helm's null"
    elif isinstance(value, str) and _PLACEHOLDER.search(value):
        yield f"{pointer}: a placeholder stays readable in values: refer to a VaultSecret"
