"""G31: a Secret has the keys that its type asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

# ValidateSecret in pkg/apis/core/validation/validation.go of kubernetes/kubernetes: of each tuple
# one key is enough.
_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "kubernetes.io/basic-auth": (("username", "password"),),
    "kubernetes.io/dockercfg": ((".dockercfg",),),
    "kubernetes.io/dockerconfigjson": ((".dockerconfigjson",),),
    "kubernetes.io/ssh-auth": (("ssh-privatekey",),),
    "kubernetes.io/tls": (("tls.crt",), ("tls.key",)),
}


def _has_its_keys(secret: Document, _: Model) -> Iterator[Problem]:
    type_ = secret.at("type")
    has = [key for field in ("data", "stringData") for key in secret.root.mapping(field)]
    # One without any is part of a patch, or is filled by somebody.
    for any_of in _KEYS.get(type_.text(), ()) if has else ():
        if not any(key in has for key in any_of):
            wanted = " or ".join(any_of)
            yield type_.problem(f"{type_.text()} asks for {wanted}; there is {', '.join(has)}")


_GOOD = """\
apiVersion: v1
kind: Secret
metadata: {name: registry, namespace: whoami}
type: kubernetes.io/dockerconfigjson
stringData: {.dockerconfigjson: '{"auths":{"ghcr.io":{"auth":"<path:kv/data/whoami/r#auth>"}}}'}
"""

KEYS: Rule[Document] = Rule(
    id="G31",
    title="A Secret has the keys of its type",
    severity=Severity.P0,
    reason="The API server refuses it, and the pods that need it never start.",
    source="Kubernetes: Secrets, types of Secret",
    fix="Name the key as the type wants it, or leave the type out.",
    exempt=Exempt.NEVER,
    types=("Secret",),
    subjects=documents("Secret"),
    check=_has_its_keys,
    good=_GOOD,
    bad=_GOOD.replace("{.docker", "{docker"),
)
