"""Placeholders: what argocd-vault-plugin replaces by a value from Vault, and where they stand.

Source: pkg/kube/util.go, pkg/kube/modifiers.go and docs/howitworks.md of
argoproj-labs/argocd-vault-plugin v1.18.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.checks.kinds import DEFINITION
from lib.checks.rules.secrets.credentials import decoded
from lib.checks.rules.secrets.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.rules.secrets.texts import Text

PATH_ANNOTATION = "avp.kubernetes.io/path"
_IGNORE_ANNOTATION = "avp.kubernetes.io/ignore"
# The values of a Secret, as Kubernetes calls them.
VALUES = ("data", "stringData")

_KEY = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?"
_MODIFIERS = r"(?P<{}>(?: *\| *[^|<>\n]+)*)"
_INLINE = (
    rf"<path:(?P<path>[^<>#|\s]+)#(?P<key>{_KEY})(?:#(?P<version>[0-9]+))?"
    rf"{_MODIFIERS.format('modifiers')} *>"
)
INLINE = re.compile(_INLINE)
# Filled only on an object that says where in Vault its keys are.
GENERIC = re.compile(rf"<(?P<name> *{_KEY}) *{_MODIFIERS.format('more')} *>")
ANY = re.compile(rf"{_INLINE}|{GENERIC.pattern}")
# Whoever writes this means a placeholder; so does "<path:" at each of base64's three offsets.
_MEANT = re.compile(r"<\s*path\s*:", re.IGNORECASE)
_ENCODED = re.compile(r"PHBhdGg6|xwYXRoO|8cGF0aD")
# A file without any of these, however its texts are written in it, holds no placeholder.
_TRACE = re.compile(
    rb"(?i:<\s*path|\\(?:u003c|x3c))|PHBhdGg6|xwYXRoO|8cGF0aD|avp\.kubernetes\.io/path"
)
# Modifier -> whether it takes an argument.
MODIFIERS = {
    "base64encode": False,
    "base64decode": False,
    "jsonPath": True,
    "jsonParse": False,
    "yamlParse": False,
    "indent": True,
    "sha256sum": False,
}


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """One placeholder.

    Attributes:
        text: Where it stands.
        path: The whole path in Vault; empty where it could not be read.
        key: The key there.
        version: Of the secret in Vault; empty for the latest.
        modifiers: What is done with the value, in order, each with its arguments.
        wrong: Why it is not read as one; empty where it is.
        encoded: Whether it stands there in base64.
    """

    text: Text
    path: str
    key: str
    version: str = ""
    modifiers: tuple[str, ...] = ()
    wrong: str = ""
    encoded: bool = False

    @property
    def is_sum(self) -> bool:
        """Whether it gives a checksum, which shows nothing of the value."""
        return bool(self.modifiers) and self.modifiers[-1] == "sha256sum"

    @property
    def is_value_of_secret(self) -> bool:
        """Whether it stands where a Secret holds its values."""
        return self.text.document.type == "Secret" and self.text.top in VALUES


class Placeholders:
    """The placeholders of a model; ask for ``model.derived(Placeholders)``."""

    def __init__(self, model: Model) -> None:
        holding = {
            file for file in {each.file for each in model.documents} if _TRACE.search(file.content)
        }
        self._of = {
            document: found
            for document in model.documents
            if document.file in holding and (found := tuple(_of_document(document)))
        }
        self.documents = tuple(self._of)

    def of(self, document: Document) -> tuple[Placeholder, ...]:
        """The placeholders of one document, malformed ones too."""
        return self._of.get(document, ())


def is_ignored(document: Document) -> bool:
    """Whether the plugin is told to leave the object as it is."""
    return document.annotations.get(_IGNORE_ANNOTATION) in {"1", "t", "T", "TRUE", "true", "True"}


def in_text(text: Text, *, generic_path: str = "") -> Iterator[Placeholder]:
    """The placeholders of one text.

    Args:
        text: The text.
        generic_path: The path that the object's annotation gives to generic ones.
    """
    plain = decoded(text.value) if _may_be_encoded(text, generic_path) else None
    value, encoded = (text.value, False) if plain is None else (plain, True)
    for match in INLINE.finditer(value):
        yield Placeholder(
            text=text,
            path=match["path"],
            key=match["key"],
            version=match["version"] or "",
            modifiers=_split(match["modifiers"]),
            encoded=encoded,
        )
    if generic_path:
        for match in GENERIC.finditer(value):
            yield Placeholder(
                text=text,
                path=generic_path,
                key=match["name"].strip(),
                modifiers=_split(match["more"]),
                encoded=encoded,
            )
    for match in _MEANT.finditer(value):
        if INLINE.match(value, match.start()) is None:
            wrong = _why_not(value[match.start() :])
            yield Placeholder(text=text, path="", key="", wrong=wrong, encoded=encoded)


def _of_document(document: Document) -> Iterator[Placeholder]:
    if document.type == DEFINITION:
        return
    path = document.annotations.get(PATH_ANNOTATION, "")
    for text in texts(document, inner=False):
        if "<" in text.value or _may_be_encoded(text, path):
            yield from in_text(text, generic_path=path)


def _may_be_encoded(text: Text, path: str) -> bool:
    return _ENCODED.search(text.value) is not None or (bool(path) and text.top == "data")


def _split(modifiers: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in modifiers.split("|")[1:])


def _why_not(rest: str) -> str:
    whole = rest.partition(">")[0]
    if not rest.startswith("<path:"):
        return "it does not begin with '<path:', in small letters and without spaces"
    if ">" not in rest or "\n" in whole:
        return "it does not end with '>' on its own line"
    if "#" not in whole:
        return "it names no key: <path:PATH#KEY>"
    return "it is not <path:PATH#KEY>, or <path:PATH#KEY | MODIFIER>"
