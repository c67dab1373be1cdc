"""S09 and S10: how a pod gets its credentials, and how long they last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.contents import TOKEN_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.pods import Container


def by_file(container: Container, _: Model) -> Iterator[Problem]:
    """S09."""
    for variable in container.each("env"):
        reference = variable.at("valueFrom", "secretKeyRef")
        if reference:
            name, key = reference.text("name"), reference.text("key")
            yield reference.problem(
                f"{variable.text('name')} holds {key!r} of the Secret {name} in the environment"
            )
    for source in container.each("envFrom"):
        reference = source.at("secretRef")
        if reference:
            name = reference.text("name")
            yield reference.problem(f"the environment holds all of the Secret {name}")


def no_lasting_token(secret: Document, _: Model) -> Iterator[Problem]:
    """S10."""
    type_ = secret.at("type")
    if type_.value == TOKEN_TYPE:
        yield type_.problem("a token of a ServiceAccount that never ends")
