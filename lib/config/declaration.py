"""How a part of the cluster file is declared: a frozen dataclass, one ``key`` per key of the file.

A declaration says all that there is to say about a key, and needs nothing but the standard library:
importing pydantic takes longer than building a cluster's apps. pydantic reads it once a file has to
be validated (``lib.config.validation``).
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypedDict, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

K = TypeVar("K")
V = TypeVar("V")


class Limits(TypedDict, total=False):
    """What a value has to keep to, in the words of pydantic's ``Field``."""

    ge: int
    le: int
    multiple_of: int
    min_length: int
    max_length: int
    discriminator: str


def key(
    description: str,
    *,
    default: Any = MISSING,
    default_factory: Any = MISSING,
    **limits: Unpack[Limits],
) -> Any:
    """Declare a key of the cluster file.

    Args:
        description: What it means, for the JSON Schema and for the message when it is missing.
        default: Its value when it is left out; a key without a default is required.
        default_factory: Makes that value, where the JSON Schema shall name none.
        limits: What its value has to keep to, besides its type.
    """
    metadata = {"description": description, **limits}
    return field(default=default, default_factory=default_factory, metadata=metadata)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(key,))
class Section:
    """A part of the cluster file: a dataclass that is frozen, strict, and closed to unknown keys.

    Only validation makes one; there is no ``__init__`` that could be given anything else. What a
    dataclass would generate for each of its subclasses stands here once: every run makes them all.
    """

    __pydantic_config__: ClassVar = {"strict": True, "extra": "forbid"}

    def __init_subclass__(cls) -> None:
        dataclass(init=False, repr=False, eq=False, kw_only=True)(cls)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), frozenset(vars(self).items())))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({values})"

    def __setattr__(self, name: str, _value: object) -> NoReturn:
        raise FrozenInstanceError(f"{type(self).__name__}.{name} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"{type(self).__name__}.{name} is frozen")


class FrozenMapping(dict[K, V]):
    """A mapping that stays as it was read, and can be hashed like the rest of a Cluster."""

    def __hash__(self) -> int:  # type: ignore[override]  # dict itself has none
        return hash(frozenset(self.items()))

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("a cluster file's mapping cannot be changed after it was read")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[FrozenMapping[K, V]], tuple[dict[K, V]]]:
        return (type(self), (dict(self),))


def frozen(mapping: Mapping[K, V]) -> FrozenMapping[K, V]:
    """Return the mapping in a form that refuses every change."""
    return FrozenMapping(mapping)
