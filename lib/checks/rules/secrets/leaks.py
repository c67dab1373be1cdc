"""S06: nothing anywhere looks like a credential, whatever kind of object or file it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.kinds import DEFINITION
from lib.checks.rules.secrets.assignments import assignments
from lib.checks.rules.secrets.credentials import (
    Credential,
    decoded,
    is_named,
    is_plain,
    opaque,
    shapes,
)
from lib.checks.rules.secrets.placeholders import VALUES
from lib.checks.rules.secrets.texts import HELM_TYPES, Text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem


def everything(model: Model) -> Iterator[Document]:
    """The subjects of S06: all objects, and the nodes' files."""
    yield from model.documents
    yield from model.node_files


def no_credential(document: Document, model: Model) -> Iterator[Problem]:
    """S06."""
    told: set[tuple[str, str]] = set()
    for text, credential in _found(document, is_node_file=document in model.node_files):
        place = text.place
        # A text and the text inside of it may tell the same.
        if (place.pointer, credential.fingerprint) not in told:
            told.add((place.pointer, credential.fingerprint))
            message = f"{text.where}{credential.what}"
            yield place.problem(message, fingerprint=credential.fingerprint)


def _found(document: Document, *, is_node_file: bool) -> Iterator[tuple[Text, Credential]]:
    if is_node_file and not document.object:
        yield from _of_raw_file(document)
        return
    for text in texts(document, settings=is_node_file):
        if document.type == "Secret" and text.top in VALUES:
            continue  # S01
        if document.type == DEFINITION:
            yield from ((text, each) for each in _of_definition(text))
            continue
        for credential in _of_text(text, is_chart=document.type in HELM_TYPES):
            yield text, credential


def _of_text(text: Text, *, is_chart: bool) -> Iterator[Credential]:
    shaped = list(_shapes(text.value))
    yield from shaped
    if text.is_read:
        return
    is_told_by_s05 = is_chart and text.is_setting
    named = is_named(text.key, anywhere=not text.is_setting) and not is_told_by_s05
    if named and is_plain(text.key, text.value):
        yield Credential(f"a plain value of {text.key}", text.value)
        return
    for name, value in assignments(text.key, text.value) if _assigns(text.value) else ():
        if is_named(name) and is_plain(name, value):
            yield Credential(f"a plain value of {name}", value)
        elif (found := opaque(name, value)) is not None:
            yield found
    if not shaped and (found := opaque(text.key, text.value)) is not None:
        yield found


def _assigns(value: str) -> bool:
    """Whether a text has lines of settings, or is one, or has options; a sentence has none."""
    return "\n" in value or "=" in value or " --" in value or " " not in value.strip()


def _shapes(value: str) -> Iterator[Credential]:
    yield from shapes(value)
    plain = decoded(value)
    if plain is not None:
        for found in shapes(plain):
            yield Credential(f"{found.what}, in base64", found.value)


def _of_definition(text: Text) -> Iterator[Credential]:
    """A definition describes fields in prose, with examples of addresses."""
    if text.key != "description":
        yield from _shapes(text.value)


def _of_raw_file(document: Document) -> Iterator[tuple[Text, Credential]]:
    """A file that is no map of YAML: its text as it is."""
    content = document.file.content.decode(errors="replace")
    for line in content.splitlines():
        text = Text.of_file(document, line)
        for credential in _of_text(text, is_chart=False):
            yield text, credential
