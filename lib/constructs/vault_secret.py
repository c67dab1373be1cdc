"""A Secret whose values come from Vault: the one place that knows how a value is asked for.

argocd-vault-plugin replaces ``<path:KV/data/APP/NAME#KEY>`` when Argo CD renders the app. Another
backend (External Secrets, say) would replace ``VaultSecret`` and ``FromVault.placeholder`` alone.

Source: docs/howitworks.md and pkg/kube/util.go of argoproj-labs/argocd-vault-plugin v1.18.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lib.constructs.app_chart import AppChart
from lib.constructs.helm_values import SECRET_KEY
from lib.constructs.kube_object import KubeObject
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import Construct

# The one folder that two apps read: a login client's secret, by Dex and by that client.
SHARED = "oidc"
_PATH = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?(/[a-z0-9]([a-z0-9_-]*[a-z0-9])?)+")
# What the plugin's own check of paths lets through (apps/argocd/vault_plugin.py).
_CLIENT = re.compile(r"[a-z0-9-]+")
_KEY = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")
_DATA_KEY = re.compile(r"[A-Za-z0-9._-]{1,253}")
_CREDENTIAL = re.compile(
    r"-----BEGIN |://[^/\s:@]+:[^/\s@]+@|\b(?:gh[pousr]_|github_pat_|hvs\.|AKIA|xox[abp]-)\w"
    r"|^(?=[^ ]*[a-z])(?=[^ ]*[A-Z])(?=[^ ]*[0-9])[A-Za-z0-9+/=_-]{20,}$"
)


@dataclass(frozen=True)
class FromVault:
    """One value in Vault.

    Args:
        path: Below the KV engine's ``data/``: ``<app>/<name>``, or ``oidc/<client>``.
        key: The key in that secret.
        base64: Whether Vault holds it in base64 and the Secret shall hold it decoded.
    """

    path: str
    key: str
    base64: bool = False

    def placeholder(self, mount: str) -> str:
        """Write the plugin's inline placeholder, for KV version 2."""
        modifier = " | base64decode" if self.base64 else ""
        return f"<path:{mount}/data/{self.path}#{self.key}{modifier}>"


@dataclass(frozen=True)
class Literal:
    """A value that anyone may read, such as a user name or an address."""

    text: str


@dataclass(frozen=True)
class Template:
    """Literal text around values from Vault, such as a connection address."""

    parts: tuple[str | FromVault, ...]


SecretValue: TypeAlias = FromVault | Literal | Template


def vault(path: str, key: str, *, base64: bool = False) -> FromVault:
    """Take a value from Vault: ``vault("argocd/repository", "sshPrivateKey")``."""
    return FromVault(path, key, base64)


def literal(text: str) -> Literal:
    """Take ``text`` as it is; it will be readable in git."""
    return Literal(text)


def template(*parts: str | FromVault) -> Template:
    """Put literal text and values from Vault together."""
    return Template(parts)


class VaultSecret(KubeObject):
    """A Secret of placeholders; its app is then rendered by argocd-vault-plugin.

    Args:
        scope: A construct within an app.
        id: Unique in ``scope``.
        name: The Secret's name.
        data: Key in the Secret -> ``vault(...)``, ``template(...)`` or ``literal(...)``.
        type: The Secret's type.
        labels: Labels that its reader looks for.

    Raises:
        BuildError: A path outside the app's own folder in Vault, a path or key that the plugin
            would read otherwise, a plain value, or no value from Vault at all.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        name: str,
        data: Mapping[str, SecretValue],
        type: str = "Opaque",  # noqa: A002 - Kubernetes' own name
        labels: Mapping[str, str] | None = None,
    ) -> None:
        app = _app_of(scope)
        wrong = [f"VaultSecret {name}: {line}" for line in _problems(app, data)]
        if wrong:
            raise BuildError(wrong)
        app.uses_vault = True
        mount = app.cluster.vault.mount
        super().__init__(
            scope,
            id,
            api_version="v1",
            kind="Secret",
            name=name,
            labels=labels,
            body={
                "type": type,
                "stringData": {key: _text(value, mount) for key, value in data.items()},
            },
        )


def _app_of(scope: Construct) -> AppChart:
    for ancestor in reversed(scope.node.scopes):
        if isinstance(ancestor, AppChart):
            return ancestor
    raise BuildError(f"{scope.node.path}: a VaultSecret lies within an AppChart")


def _text(value: SecretValue, mount: str) -> str:
    if isinstance(value, Literal):
        return value.text
    parts = value.parts if isinstance(value, Template) else (value,)
    return "".join(part if isinstance(part, str) else part.placeholder(mount) for part in parts)


def _problems(app: AppChart, data: Mapping[str, SecretValue]) -> Iterator[str]:
    taken = 0
    for key, value in data.items():
        if not _DATA_KEY.fullmatch(key):
            yield f"{key!r} is no key of a Secret: use letters, digits, '.', '_' and '-'"
        if isinstance(value, Literal):
            yield from _literal_problems(key, value.text, needs_vault=True)
            continue
        if not isinstance(value, FromVault | Template):
            yield f'{key}: a plain {type_name(value)} would be in git: use vault("...", "...")'
            continue
        parts = value.parts if isinstance(value, Template) else (value,)
        inner = [part for part in parts if isinstance(part, FromVault)]
        taken += len(inner)
        if not inner:
            yield f"{key}: the template takes nothing from Vault: use literal(...)"
        for part in parts:
            if isinstance(part, FromVault):
                yield from _path_problems(app, key, part)
            else:
                yield from _literal_problems(key, part, needs_vault=False)
    if not taken:
        yield "nothing in it comes from Vault: use a ConfigMap for what anyone may read"


def type_name(value: object) -> str:
    """Name the type of ``value`` without ever showing the value itself."""
    return type(value).__name__


def _literal_problems(key: str, text: str, *, needs_vault: bool) -> Iterator[str]:
    if needs_vault and SECRET_KEY.search(key):
        yield f"{key}: the key says that it is a secret, the value is a literal: use vault(...)"
    elif _CREDENTIAL.search(text):
        yield f"{key}: the literal text looks like a credential: use vault(...)"
    if "<" in text or ">" in text:
        yield f"{key}: '<' and '>' in literal text could be read as a placeholder"


def _path_problems(app: AppChart, key: str, value: FromVault) -> Iterator[str]:
    where = f"{key}: Vault path {value.path!r}"
    if not _PATH.fullmatch(value.path):
        yield (
            f"{where} is not written as <app>/<name> in lower-case letters, digits, '-' and '_' "
            "(KV's mount and its /data/ are added here)"
        )
    elif value.path.startswith(f"{SHARED}/"):
        client = value.path.removeprefix(f"{SHARED}/")
        if not _CLIENT.fullmatch(client):
            yield f"{where} is not {SHARED}/<client>: lower-case letters, digits and '-' alone"
        elif app.name not in ("dex", client):
            yield f"{where} belongs to the client {client!r} and to dex, not to {app.name!r}"
    elif not value.path.startswith(f"{app.name}/"):
        yield f"{where} lies outside the app's own folder {app.name}/"
    if not _KEY.fullmatch(value.key):
        yield f"{where}: key {value.key!r} is not letters, digits, '_', '-' and '.'"
