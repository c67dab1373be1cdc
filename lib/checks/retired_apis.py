"""API versions that are gone, or will go: a table of facts, and how to look one up.

Sources: Kubernetes, Deprecated API Migration Guide, and the API's own OpenAPI documents from 1.26
to 1.37; cert-manager, Migrating Deprecated API Resources; Traefik, Migration v2 to v3; Longhorn
1.10, release notes. FairwindsOps/pluto keeps a list of the same kind (versions.yaml).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# apiVersion, kinds (* is all), the versions of Kubernetes that deprecate and remove it, and
# what to use instead: an apiVersion, or a version of the same group; - is never, or nothing.
_KUBERNETES = """
extensions/v1beta1 Deployment,DaemonSet,ReplicaSet 1.9 1.16 apps/v1
extensions/v1beta1 NetworkPolicy 1.9 1.16 networking.k8s.io/v1
extensions/v1beta1 PodSecurityPolicy 1.10 1.16 -
extensions/v1beta1 Ingress 1.14 1.22 networking.k8s.io/v1
apps/v1beta1 * 1.9 1.16 v1
apps/v1beta2 * 1.9 1.16 v1
scheduling.k8s.io/v1alpha1 PriorityClass 1.14 1.22 v1
scheduling.k8s.io/v1beta1 PriorityClass 1.14 1.22 v1
apiextensions.k8s.io/v1beta1 * 1.16 1.22 v1
apiregistration.k8s.io/v1beta1 * 1.19 1.22 v1
admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration 1.16 1.22 v1
admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration 1.16 1.22 v1
rbac.authorization.k8s.io/v1alpha1 * 1.17 1.22 v1
rbac.authorization.k8s.io/v1beta1 * 1.17 1.22 v1
networking.k8s.io/v1beta1 Ingress,IngressClass 1.19 1.22 v1
storage.k8s.io/v1beta1 CSINode,CSIDriver,StorageClass,VolumeAttachment 1.19 1.22 v1
certificates.k8s.io/v1beta1 CertificateSigningRequest 1.19 1.22 v1
coordination.k8s.io/v1beta1 Lease 1.14 1.22 v1
authentication.k8s.io/v1beta1 TokenReview 1.19 1.22 v1
authorization.k8s.io/v1beta1 * 1.19 1.22 v1
batch/v1beta1 CronJob 1.21 1.25 v1
discovery.k8s.io/v1beta1 EndpointSlice 1.21 1.25 v1
events.k8s.io/v1beta1 Event 1.19 1.25 v1
policy/v1beta1 PodDisruptionBudget 1.21 1.25 v1
policy/v1beta1 PodSecurityPolicy 1.21 1.25 -
node.k8s.io/v1beta1 RuntimeClass 1.22 1.25 v1
autoscaling/v2beta1 HorizontalPodAutoscaler 1.22 1.25 v2
autoscaling/v2beta2 HorizontalPodAutoscaler 1.23 1.26 v2
flowcontrol.apiserver.k8s.io/v1beta1 * 1.23 1.26 v1
flowcontrol.apiserver.k8s.io/v1beta2 * 1.26 1.29 v1
flowcontrol.apiserver.k8s.io/v1beta3 * 1.29 1.32 v1
storage.k8s.io/v1beta1 CSIStorageCapacity 1.24 1.27 v1
admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicy 1.28 1.32 v1
admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicyBinding 1.28 1.32 v1
admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicy 1.31 1.34 v1
admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicyBinding 1.31 1.34 v1
resource.k8s.io/v1alpha1 * 1.27 1.27 v1
resource.k8s.io/v1alpha2 * 1.31 1.31 v1
resource.k8s.io/v1alpha3 DeviceClass,ResourceSlice 1.32 1.34 v1
resource.k8s.io/v1alpha3 ResourceClaim,ResourceClaimTemplate 1.32 1.34 v1
networking.k8s.io/v1alpha1 ClusterCIDR 1.29 1.29 -
networking.k8s.io/v1alpha1 IPAddress,ServiceCIDR 1.31 1.31 v1
networking.k8s.io/v1beta1 IPAddress,ServiceCIDR 1.34 1.37 v1
storage.k8s.io/v1alpha1 VolumeAttributesClass 1.31 1.35 v1
storage.k8s.io/v1beta1 VolumeAttributesClass 1.34 1.37 v1
storagemigration.k8s.io/v1alpha1 StorageVersionMigration 1.35 1.35 v1beta1
certificates.k8s.io/v1alpha1 PodCertificateRequest 1.35 1.35 v1beta1
certificates.k8s.io/v1alpha1 ClusterTrustBundle 1.33 1.37 v1beta1
v1 Endpoints 1.33 - discovery.k8s.io/v1
v1 ComponentStatus 1.19 - -
"""
# apiVersion, what removed it, what to use instead; the same in every version of Kubernetes.
_OTHERS = """
traefik.containo.us/v1alpha1 Traefik-3.0 traefik.io/v1alpha1
certmanager.k8s.io/v1alpha1 cert-manager-0.11 cert-manager.io/v1
cert-manager.io/v1alpha2 cert-manager-1.6 v1
cert-manager.io/v1alpha3 cert-manager-1.6 v1
cert-manager.io/v1beta1 cert-manager-1.6 v1
acme.cert-manager.io/v1alpha2 cert-manager-1.6 v1
acme.cert-manager.io/v1alpha3 cert-manager-1.6 v1
acme.cert-manager.io/v1beta1 cert-manager-1.6 v1
longhorn.io/v1beta1 Longhorn-1.10 v1beta2
"""
_NUMBER = re.compile(r"v?([0-9]+)\.([0-9]+)")


class Retired(NamedTuple):
    """An API version that goes away.

    Attributes:
        by: What deprecates and removes it: ``Kubernetes``, or a product and its version.
        deprecated: The version of Kubernetes since which it is; empty where Kubernetes has no say.
        removed: The version in which it is gone; empty for never.
        replacement: The apiVersion to use instead, or empty.
    """

    by: str
    deprecated: str
    removed: str
    replacement: str


def retired(api_version: str, kind: str) -> Retired | None:
    """What is known of a kind's API version; None where it stays."""
    return _TABLE.get((api_version, kind)) or _TABLE.get((api_version, "*"))


def reached(version: str, kubernetes: str) -> bool:
    """Whether a cluster's version is this one or newer."""
    one, other = _NUMBER.match(version), _NUMBER.match(kubernetes)
    if one is None or other is None:
        return False
    return (int(other[1]), int(other[2])) >= (int(one[1]), int(one[2]))


def _table() -> Mapping[tuple[str, str], Retired]:
    found: dict[tuple[str, str], Retired] = {}
    for line in _KUBERNETES.strip().splitlines():
        api_version, kinds, *facts = line.split()
        deprecated, removed, replacement = ("" if fact == "-" else fact for fact in facts)
        for kind in kinds.split(","):
            instead = _instead(api_version, replacement)
            found[api_version, kind] = Retired("Kubernetes", deprecated, removed, instead)
    for line in _OTHERS.strip().splitlines():
        api_version, by, replacement = line.split()
        name, _, version = by.rpartition("-")
        found[api_version, "*"] = Retired(name, "", version, _instead(api_version, replacement))
    return found


def _instead(api_version: str, replacement: str) -> str:
    group = api_version.partition("/")[0]
    return replacement if "/" in replacement or not replacement else f"{group}/{replacement}"


_TABLE = _table()
