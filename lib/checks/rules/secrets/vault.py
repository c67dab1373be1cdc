"""S01 to S05: values come from Vault, by placeholders of the app's own, and in Secrets alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib.checks.rules.secrets.assignments import assignments
from lib.checks.rules.secrets.credentials import (
    decoded,
    is_named,
    is_plain,
    opaque,
    shapes,
)
from lib.checks.rules.secrets.filling import apps_of
from lib.checks.rules.secrets.placeholders import (
    ANY,
    GENERIC,
    INLINE,
    MODIFIERS,
    PATH_ANNOTATION,
    VALUES,
    Placeholders,
    is_ignored,
)
from lib.checks.rules.secrets.texts import HELM_TYPES, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.rules.secrets.placeholders import Placeholder

# The folder of Vault that two apps read: a login client's secret, by Dex and by that client.
SHARED, LOGIN = "oidc", "dex"
# Names of values that anyone may read; every other value of a Secret is a credential.
_READABLE = re.compile(
    r"(?:type|url|urls|uri|name|user|username|project|hosts?|hostname|ports?|address|endpoints?"
    r"|region|bucket|database|db|client[_-]?id|server|namespace|insecure|enable\w*|issuer|email"
    r"|scheme|zone|organization|known_hosts)$",
    re.IGNORECASE,
)
# 1Password, vals, SOPS, Bank-Vaults, and what a template or a kustomization puts in.
_REFERENCE = re.compile(
    r"(?:op|ref\+[a-z]+|vault)(?:://|:)\S+|ENC\[AES256_GCM,.*\]|\$\{\w+\}|\{\{[^{}]+\}\}", re.DOTALL
)
_CERTIFICATES = re.compile(
    r"(?:\s*-----BEGIN (?P<what>CERTIFICATE|PUBLIC KEY)-----"
    r"[A-Za-z0-9+/=\s]+-----END (?P=what)-----)+\s*"
)
_PATH = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*")
_OWN = re.compile(r"[a-z0-9/_-]+")


# --- S01 ---------------------------------------------------------------------------------------


def no_plain_value(secret: Document, model: Model) -> Iterator[Problem]:
    """S01."""
    for field in VALUES:
        for key, place in secret.root.fields(field):
            if place.value is None or place.value == "":
                continue
            text = place.value if isinstance(place.value, str) else str(place.value)
            if field == "data" and "<" not in text:
                text = decoded(text) or text
            # Of others, whose tools we do not know; here nobody would fill it in.
            is_theirs = model.cluster is None and _REFERENCE.fullmatch(text.strip())
            why = "" if is_theirs else _why_plain(key, text)
            if why:
                yield place.problem(f"{key}: {why}")


def _why_plain(key: str, text: str) -> str:
    filled, count = ANY.subn("$FILLED", text)
    found = next(shapes(filled), None) or opaque(key, filled)
    if found is not None:
        return f"{found.what} stands in plain text"
    if any(is_named(name) and is_plain(name, value) for name, value in assignments(key, filled)):
        return "a setting in it is a credential in plain text"
    if count or _CERTIFICATES.fullmatch(text) or (_READABLE.search(key) and not is_named(key)):
        return ""
    return "the value stands in plain text; a placeholder belongs here"


# --- S02 ---------------------------------------------------------------------------------------


def generic_has_path(secret: Document, _: Model) -> Iterator[Problem]:
    """S02."""
    if secret.annotations.get(PATH_ANNOTATION):
        return
    for field in VALUES:
        for key, place in secret.root.fields(field):
            text = place.text()
            plain = text if "<" in text else decoded(text) or ""
            if GENERIC.search(INLINE.sub("", plain)):
                yield place.problem(f"{key}: a placeholder without a path stays as it is")


# --- S03 ---------------------------------------------------------------------------------------


def within_prefix(document: Document, model: Model) -> Iterator[Problem]:
    """S03."""
    for placeholder in model.derived(Placeholders).of(document):
        place = placeholder.text.place
        if placeholder.wrong:
            yield place.problem(f"this is no placeholder, and stays as it is: {placeholder.wrong}")
            continue
        yield from (place.problem(line) for line in _path_problems(placeholder, model))
        yield from (place.problem(line) for line in _modifier_problems(placeholder))


def _path_problems(placeholder: Placeholder, model: Model) -> Iterator[str]:
    path = placeholder.path
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        yield f"Vault path {path!r} is not written as names between single slashes"
        return
    apps = apps_of(model, placeholder.text.document)
    mount = model.cluster.vault.mount if model.cluster else None
    if mount is None and not apps:
        return
    given_mount, _, rest = path.partition("/data/")
    if not rest or "/" in given_mount or (mount and given_mount != mount):
        shown = f"{mount or '<mount>'}/data/<app>/<name>"
        yield f"Vault path {path!r} is not {shown}: KV version 2 has data/ after the mount"
        return
    for app in sorted(apps):
        if not _may_read(app, rest):
            yield f"Vault path {path!r} lies outside {given_mount}/data/{app}/, the app's own"


def _may_read(app: str, rest: str) -> bool:
    folder, _, name = rest.partition("/")
    if folder == SHARED:
        return name != "" and "/" not in name and app in (LOGIN, name)
    return folder == app and _OWN.fullmatch(name) is not None


def _modifier_problems(placeholder: Placeholder) -> Iterator[str]:
    for modifier in placeholder.modifiers:
        name, _, argument = modifier.partition(" ")
        if name not in MODIFIERS:
            known = ", ".join(MODIFIERS)
            yield f"{name!r} is no modifier: the plugin stops here; it knows {known}"
        elif bool(argument.strip()) is not MODIFIERS[name]:
            wants = "wants an argument" if MODIFIERS[name] else "takes no argument"
            yield f"the modifier {name} {wants}: the plugin stops here"


# --- S04 ---------------------------------------------------------------------------------------


def only_in_secrets(document: Document, model: Model) -> Iterator[Problem]:
    """S04."""
    if is_ignored(document):
        return
    for placeholder in model.derived(Placeholders).of(document):
        text = placeholder.text
        if placeholder.is_value_of_secret or (document.type in HELM_TYPES and text.top == "spec"):
            continue  # where they belong; S05
        place = text.place
        in_annotation = place.pointer.rpartition("/")[0].endswith("annotations")
        if not (placeholder.is_sum and in_annotation):
            encoded = ", in base64," if placeholder.encoded else ""
            yield place.problem(
                f"a placeholder{encoded} in a {document.kind}: whoever reads that reads the value"
            )


# --- S05 ---------------------------------------------------------------------------------------


def chart_values_by_secret(chart: Document, model: Model) -> Iterator[Problem]:
    """S05."""
    for placeholder in model.derived(Placeholders).of(chart):
        if placeholder.text.top == "spec":
            yield placeholder.text.place.problem("a placeholder in a chart's values")
    for text in texts(chart):
        if text.is_setting and is_named(text.key) and is_plain(text.key, text.value):
            yield text.place.problem(f"{text.where}{text.key} holds a credential")
