"""What every part of the cluster file is made of: frozen strict sections and the kinds of text.

A text kind carries its ``patternErrorMessage`` in the JSON Schema, so that an editor and yagura
name the same expectation in the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

K = TypeVar("K")
V = TypeVar("V")


class Section(BaseModel):
    """A part of the cluster file: keyword-only, frozen, strict, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)


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


def one_of(*allowed: int) -> tuple[Callable[[int], int], Callable[[dict[str, object]], None]]:
    """Return a validator and a schema note for a whole number out of a short list.

    A ``Literal`` would take ``true`` for 1, because Python does; this runs after the strict
    integer check, which does not.
    """

    def check(value: int) -> int:
        if value not in allowed:
            raise PydanticCustomError(
                "bad-value", "{use}", {"use": "use one of " + ", ".join(map(str, allowed))}
            )
        return value

    def note(schema: dict[str, object]) -> None:
        schema["enum"] = list(allowed)

    return check, note


Label = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        max_length=63,
        json_schema_extra={
            "patternErrorMessage": "use lower-case letters, digits and inner hyphens, at most 63"
        },
    ),
]
"""One part of a host name, or a Kubernetes name (RFC 1123)."""

DomainName = Annotated[
    str,
    Field(
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
        max_length=200,
        json_schema_extra={
            "patternErrorMessage": "use a lower-case domain name such as festival.example"
        },
    ),
]

Email = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
        max_length=254,
        json_schema_extra={"patternErrorMessage": "use a mail address"},
    ),
]

BucketName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        json_schema_extra={
            "patternErrorMessage": "use 3 to 63 lower-case letters, digits and inner hyphens"
        },
    ),
]

GitHubName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9-]{0,37}[A-Za-z0-9])?$",
        json_schema_extra={
            "patternErrorMessage": "use GitHub's own name: letters, digits, hyphens"
        },
    ),
]

RepositoryName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._-]{1,100}$",
        json_schema_extra={
            "patternErrorMessage": "use the repository's name alone, without its owner"
        },
    ),
]

CpuQuantity = Annotated[
    str,
    Field(
        pattern=r"^[1-9][0-9]*m$",
        json_schema_extra={"patternErrorMessage": "use millicores such as 500m or 2000m"},
    ),
]

SizeQuantity = Annotated[
    str,
    Field(
        pattern=r"^[1-9][0-9]*(Mi|Gi|Ti)$",
        json_schema_extra={"patternErrorMessage": "use a size such as 512Mi or 4Gi"},
    ),
]

_check_disk, _note_disk = one_of(20, 40, 60, 80, 100, 250, 500, 750, 1024, 2048, 4096)

DiskSize = Annotated[int, AfterValidator(_check_disk), Field(json_schema_extra=_note_disk)]
"""A disk's size in GB, as Sakura Cloud sells them."""
