"""A certificate that cert-manager keeps in a Secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lib.constructs.kube_object import KubeObject
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct


# The ClusterIssuer of the cluster's own CA (apps/cert_manager): for names inside the cluster. Each
# Secret that it fills holds the CA's certificate too, as ca.crt.
INTERNAL_CA = "internal-ca"


class Certificate(KubeObject):
    """A cert-manager Certificate.

    Args:
        scope: The construct it belongs to.
        id: Unique in ``scope``.
        name: The object's name.
        secret_name: The Secret that cert-manager writes key and certificate to.
        dns_names: What it is valid for; a wildcard needs an issuer that solves by DNS.
        issuer: The issuer's name: ``cluster.certificates.issuer``, or ``INTERNAL_CA``.
        issuer_kind: Whether that issuer is the cluster's or the namespace's.
        namespace: Where it lies; the app's own namespace where it is None.

    Source: pkg/apis/certmanager/v1/types_certificate.go of cert-manager/cert-manager.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        name: str,
        secret_name: str,
        dns_names: Sequence[str],
        issuer: str,
        issuer_kind: Literal["ClusterIssuer", "Issuer"] = "ClusterIssuer",
        namespace: str | None = None,
    ) -> None:
        if not dns_names:
            raise BuildError(f"Certificate {name}: dns_names is empty: say what it is valid for")
        super().__init__(
            scope,
            id,
            api_version="cert-manager.io/v1",
            kind="Certificate",
            name=name,
            namespace=namespace,
            body={
                "spec": {
                    "secretName": secret_name,
                    "dnsNames": list(dns_names),
                    "issuerRef": {"group": "cert-manager.io", "kind": issuer_kind, "name": issuer},
                    "privateKey": {
                        "algorithm": "ECDSA",
                        "size": 256,
                        "rotationPolicy": "Always",
                    },
                }
            },
        )
