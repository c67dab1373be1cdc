"""cert-manager's certificates, by the Secret that they fill, and the Secrets of its issuers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.charts import charts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place

GROUP = "cert-manager.io"
CERTIFICATE = f"Certificate.{GROUP}"
ISSUERS = (f"ClusterIssuer.{GROUP}", f"Issuer.{GROUP}")
# cert-manager makes it itself: the key of the account.
_MADE = "privateKeySecretRef"


def by_secret(model: Model) -> Mapping[tuple[str, str], Document]:
    """Namespace and name of a Secret -> the first Certificate that fills it; for ``derived``."""
    return {
        (each.namespace, each.text("spec", "secretName")): each
        for each in reversed(model.of(CERTIFICATE))
    }


def issuer_namespace(model: Model) -> str:
    """Where cert-manager looks for the Secrets that a ClusterIssuer names."""
    homes = (chart.namespace for chart in model.derived(charts) if chart.name == "cert-manager")
    return next(homes, "") or "cert-manager"


def secret_references(issuer: Document) -> Iterator[Place]:
    """Where it names Secrets and keys in them, as cert-manager and its DNS solvers write that."""
    for here in issuer.at("spec").maps():
        for key, below in here.fields():
            names_one = key.endswith("SecretRef") or (key.endswith("Ref") and below.at("key"))
            if names_one and key != _MADE and below.text("name"):
                yield below
