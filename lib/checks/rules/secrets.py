"""S: no credential stands in git, and what stands for one is read by its own app alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_TOKEN_TYPE = "kubernetes.io/service-account-token"  # noqa: S105 - the name of a type


def _no_lasting_token(secret: Document, _: Model) -> Iterator[Problem]:
    type_ = secret.at("type")
    if type_.value == _TOKEN_TYPE:
        yield type_.problem("a token of a ServiceAccount that never ends")


RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="S10",
        title="No Secret holds a lasting token of a ServiceAccount",
        severity=Severity.P1,
        reason="Kubernetes fills it with a token that never ends, and whoever once read it keeps "
        "all that the ServiceAccount may do.",
        source="Kubernetes: Service account token Secrets; kyverno/policies "
        "deny-secret-service-account-token-type",
        fix="Remove the Secret; a pod gets a short token from a projected volume, a person from "
        "kubectl create token.",
        exempt=Exempt.ANNOTATION,
        types=("Secret",),
        subjects=documents("Secret"),
        check=_no_lasting_token,
        good="""\
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: whoami}
type: Opaque
stringData: {password: <path:kv/data/whoami/web#password>}
""",
        bad="""\
apiVersion: v1
kind: Secret
metadata:
  name: robot
  namespace: whoami
  annotations: {kubernetes.io/service-account.name: robot}
type: kubernetes.io/service-account-token
""",
    ),
)
