"""The cluster's own CA: signs what only the cluster itself has to trust, such as Vault's TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import INTERNAL_CA, KubeObject

if TYPE_CHECKING:
    from lib.constructs import AppChart

KEEP = {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"}


def internal_ca(app: AppChart) -> None:
    """Make the CA's certificate, which signs itself, and the issuer that signs with it.

    RKE2 tries each file again until cert-manager's definitions and webhook are there
    (pkg/deploy/controller.go of k3s-io/k3s).

    Ten years, renewed a year before, and always with the same key: what the old certificate has
    signed then holds under the new one too, and nobody has to change at the same moment.
    """
    KubeObject(
        app.bootstrap,
        "self-signed",
        api_version="cert-manager.io/v1",
        kind="Issuer",  # of this namespace alone: nobody else may sign for themselves
        name="self-signed",
        namespace="cert-manager",
        body={"spec": {"selfSigned": {}}},
    )
    KubeObject(
        app.bootstrap,
        "internal-ca-certificate",
        api_version="cert-manager.io/v1",
        kind="Certificate",
        name=INTERNAL_CA,
        namespace="cert-manager",
        annotations=KEEP,
        body={
            "spec": {
                "isCA": True,
                "commonName": f"{app.cluster.name} internal CA",
                "secretName": INTERNAL_CA,
                "duration": "87600h",
                "renewBefore": "8760h",
                "issuerRef": {"group": "cert-manager.io", "kind": "Issuer", "name": "self-signed"},
                "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Never"},
                "usages": ["cert sign", "crl sign", "digital signature"],
            }
        },
    )
    KubeObject(
        app.bootstrap,
        "internal-ca",
        api_version="cert-manager.io/v1",
        kind="ClusterIssuer",
        name=INTERNAL_CA,
        annotations=KEEP,
        body={"spec": {"ca": {"secretName": INTERNAL_CA}}},
    )
