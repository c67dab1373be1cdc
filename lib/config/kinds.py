"""The kinds of text, numbers, lists and mappings that the cluster file's keys hold.

Each is a type with a mark that tells pydantic, when it asks, what it demands. A kind of text
carries its ``patternErrorMessage`` into the JSON Schema, so that an editor and yagura name the same
expectation in the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from lib.config.declaration import frozen

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Text:
    """Marks a text of a pattern.

    Args:
        pattern: A regular expression.
        expected: What to write instead of what does not match; the pattern itself when empty.
        max_length: Characters at most.
    """

    def __init__(self, pattern: str, expected: str = "", *, max_length: int | None = None) -> None:
        self._limits: dict[str, Any] = {"pattern": pattern}
        if max_length is not None:
            self._limits["max_length"] = max_length
        self._note = {"patternErrorMessage": expected} if expected else {}

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        limited = handler(source)  # the key's own limits; they may be narrower than the kind's
        return {**self._limits, **limited}

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), **self._note}


class NotEmpty:
    """Marks a list inside a mapping that has at least one entry."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return {**handler(source), "min_length": 1}


class Frozen:
    """Marks a mapping that refuses every change after it was read."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema  # noqa: PLC0415 - pydantic is there already

        return core_schema.no_info_after_validator_function(frozen, handler(source))


class OneOf:
    """Marks a whole number out of a short list.

    A ``Literal`` would take ``true`` for 1, because Python does; this runs after the strict
    integer check, which does not.
    """

    def __init__(self, *allowed: int) -> None:
        self._allowed = allowed

    def _check(self, value: int) -> int:
        from pydantic_core import PydanticCustomError  # noqa: PLC0415 - pydantic is there already

        if value not in self._allowed:
            use = "use one of " + ", ".join(map(str, self._allowed))
            raise PydanticCustomError("bad-value", "{use}", {"use": use})
        return value

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema  # noqa: PLC0415 - pydantic is there already

        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "enum": list(self._allowed)}


Label = Annotated[
    str,
    Text(
        r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        "use lower-case letters, digits and inner hyphens, at most 63",
        max_length=63,
    ),
]
"""One part of a host name, or a Kubernetes name (RFC 1123)."""

DomainName = Annotated[
    str,
    Text(
        r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
        "use a lower-case domain name such as festival.example",
        max_length=200,
    ),
]

Email = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", "use a mail address", max_length=254
    ),
]

BucketName = Annotated[
    str,
    Text(
        r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        "use 3 to 63 lower-case letters, digits and inner hyphens",
    ),
]

GitHubName = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9]([A-Za-z0-9-]{0,37}[A-Za-z0-9])?$",
        "use GitHub's own name: letters, digits, hyphens",
    ),
]

RepositoryName = Annotated[
    str, Text(r"^[A-Za-z0-9._-]{1,100}$", "use the repository's name alone, without its owner")
]

CpuQuantity = Annotated[str, Text(r"^[1-9][0-9]*m$", "use millicores such as 500m or 2000m")]

SizeQuantity = Annotated[str, Text(r"^[1-9][0-9]*(Mi|Gi|Ti)$", "use a size such as 512Mi or 4Gi")]

DiskSize = Annotated[int, OneOf(20, 40, 60, 80, 100, 250, 500, 750, 1024, 2048, 4096)]
"""A disk's size in GB, as Sakura Cloud sells them."""
