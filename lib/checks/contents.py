"""The keys of Secrets and ConfigMaps, whoever makes them: the manifests, or a controller.

A Certificate, say, is no Secret, but there will be one, with keys that are known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.certificates import CERTIFICATE, ISSUERS, issuer_namespace
from lib.checks.kinds import INGRESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model

    # What there is, by namespace and name: its keys, or None where nobody can tell them.
    Contents = Mapping[tuple[str, str], frozenset[str] | None]
    Found = Iterator[tuple[str, str, frozenset[str] | None]]

# Beside these, a Certificate makes what its keystores and additionalOutputFormats ask for.
_CERTIFICATE_KEYS = frozenset({"ca.crt", "tls.crt", "tls.key"})
_TOKEN = frozenset({"ca.crt", "namespace", "token"})
TOKEN_TYPE = "kubernetes.io/service-account-token"  # noqa: S105 - the name of a type
# Kubernetes puts it into every namespace.
_ROOT_CA = "kube-root-ca.crt"


def secrets(model: Model) -> Contents:
    """All Secrets that there will be; ask for ``model.derived(secrets)``."""
    return _collected(model, "Secret", _made_secrets(model))


def config_maps(model: Model) -> Contents:
    """All ConfigMaps that there will be; ask for ``model.derived(config_maps)``."""
    return _collected(model, "ConfigMap", iter(()))


def keys_of(
    model: Model, type_: str, namespace: str, name: str
) -> tuple[bool, frozenset[str] | None]:
    """Whether a Secret or ConfigMap will be there, and its keys where they are known."""
    model.get(type_, namespace, name)  # marks what charts bring as used
    if type_ == "ConfigMap" and name == _ROOT_CA:
        return True, frozenset({"ca.crt"})
    found = model.derived(secrets if type_ == "Secret" else config_maps)
    return (namespace, name) in found, found.get((namespace, name))


def _collected(model: Model, type_: str, made: Found) -> Contents:
    found: dict[tuple[str, str], frozenset[str] | None] = {}
    for namespace, name, keys in made:
        found[namespace, name] = keys
    declared = (each for each in model.provided if each.type == type_)
    for document in (*declared, *model.of(type_)):
        found[document.namespace, document.name] = _own_keys(document)
    return found


def _own_keys(document: Document) -> frozenset[str] | None:
    fields = ("data", "stringData", "binaryData")
    keys = frozenset(key for field in fields for key in document.root.mapping(field))
    if document.text("type") == TOKEN_TYPE:
        return keys | _TOKEN
    # A Secret that is there empty is filled by someone.
    return keys or None


def _made_secrets(model: Model) -> Found:
    for certificate in model.of(CERTIFICATE):
        yield certificate.namespace, certificate.text("spec", "secretName"), _of(certificate)
    for issuer in model.of(*ISSUERS):
        namespace = issuer.namespace or issuer_namespace(model)
        name = issuer.text("spec", "acme", "privateKeySecretRef", "name")
        yield namespace, name, frozenset({"tls.key"})
    yield from _for_ingresses(model)
    yield from _by_operators(model)


def _of(certificate: Document) -> frozenset[str] | None:
    spec = certificate.at("spec")
    more = spec.at("keystores") or spec.at("additionalOutputFormats")
    return None if more else _CERTIFICATE_KEYS


def _for_ingresses(model: Model) -> Found:
    """cert-manager makes the certificates that an annotated Ingress or Gateway names."""
    for ingress in model.of(INGRESS, "Gateway.gateway.networking.k8s.io"):
        if not any(key.startswith("cert-manager.io/") for key in ingress.annotations):
            continue
        for each in ingress.each("spec", "tls"):
            yield ingress.namespace, each.text("secretName"), _CERTIFICATE_KEYS
        for listener in ingress.each("spec", "listeners"):
            for each in listener.each("tls", "certificateRefs"):
                yield ingress.namespace, each.text("name"), _CERTIFICATE_KEYS


def _by_operators(model: Model) -> Found:
    for sealed in model.of("SealedSecret.bitnami.com"):
        template = sealed.root.mapping("spec", "template", "data")
        keys = frozenset((*sealed.root.mapping("spec", "encryptedData"), *template))
        yield sealed.namespace, sealed.name, keys
    for external in model.of("ExternalSecret.external-secrets.io"):
        name = external.text("spec", "target", "name") or external.name
        yield external.namespace, name, None
    for vault in model.of(
        "VaultDynamicSecret.secrets.hashicorp.com",
        "VaultPKISecret.secrets.hashicorp.com",
        "VaultStaticSecret.secrets.hashicorp.com",
    ):
        yield vault.namespace, vault.text("spec", "destination", "name"), None
    for item in model.of("OnePasswordItem.onepassword.com"):
        yield item.namespace, item.name, None
