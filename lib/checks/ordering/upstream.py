"""What the charts of well-known projects bring and ask for, as far as it decides an order.

Definitions that lie in the set itself, or are declared as a chart's, go before what is said here.

Sources: the folders ``crds`` and ``templates`` and the file values.yaml of each chart.
"""

from __future__ import annotations

from typing import NamedTuple

# API group -> charts that bring its definitions.
DEFINITIONS: dict[str, tuple[str, ...]] = {
    "acme.cert-manager.io": ("cert-manager",),
    "actions.github.com": ("gha-runner-scale-set-controller",),
    "argoproj.io": ("argo-cd",),
    "cert-manager.io": ("cert-manager",),
    "external-secrets.io": ("external-secrets",),
    "longhorn.io": ("longhorn", "longhorn-crd"),
    "monitoring.coreos.com": ("prometheus-operator-crds", "kube-prometheus-stack"),
    "traefik.io": ("traefik-crds", "traefik", "rke2-traefik-crd"),
}
# Projects that share a group: these kinds alone are of the chart above.
KINDS: dict[str, frozenset[str]] = {
    "argoproj.io": frozenset({"Application", "ApplicationSet", "AppProject"}),
}
# Chart -> groups of which it makes objects, whose definitions another chart brings.
MAKES: dict[str, tuple[str, ...]] = {
    "gha-runner-scale-set": ("actions.github.com",),
}
# CSI driver -> the chart that runs it.
DRIVERS: dict[str, str] = {
    "driver.longhorn.io": "longhorn",
    "nfs.csi.k8s.io": "csi-driver-nfs",
}
# Chart -> the StorageClass that it makes, and the value that makes it the default (true if absent).
CLASSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "longhorn": ("longhorn", ("persistence", "defaultClass")),
}
# Charts that are a Vault, for argocd-vault-plugin to ask.
VAULTS = ("vault", "openbao")


class Claim(NamedTuple):
    """A volume that a chart claims: the values that describe it, and whether it does by default."""

    values: tuple[str, ...]
    by_default: bool


CLAIMS: dict[str, tuple[Claim, ...]] = {
    "vault": (
        Claim(("server", "dataStorage"), by_default=True),
        Claim(("server", "auditStorage"), by_default=False),
    ),
    "openbao": (
        Claim(("server", "dataStorage"), by_default=True),
        Claim(("server", "auditStorage"), by_default=False),
    ),
}
