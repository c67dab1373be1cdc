"""A StorageClass, and the two that every cluster has: one for data, one for what may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lib.constructs.kube_object import KubeObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

# A claim that names no class gets the cluster's default, whose volumes outlive their claims. This
# one's volumes go with their claims and are not backed up: for caches and the like.
SCRATCH = "scratch"
DEFAULT = {"storageclass.kubernetes.io/is-default-class": "true"}


class StorageClass(KubeObject):
    """A StorageClass. Kubernetes refuses changes of it: delete it first, volumes do not mind.

    Args:
        scope: The construct it belongs to.
        id: Unique in ``scope``.
        name: The object's name.
        provisioner: The CSI driver's name.
        parameters: The driver's own parameters.
        reclaim: ``Retain`` keeps a volume whose claim is gone, ``Delete`` removes both.
        default: Whether it serves claims that name no class; one in a cluster does.
        binding: ``WaitForFirstConsumer`` makes the volume when the first pod's node is known.
        mount_options: Options of the mount.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        name: str,
        provisioner: str,
        parameters: Mapping[str, str],
        reclaim: Literal["Retain", "Delete"],
        default: bool = False,
        binding: Literal["Immediate", "WaitForFirstConsumer"] = "Immediate",
        mount_options: Sequence[str] = (),
    ) -> None:
        keep = {"argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm"}
        super().__init__(
            scope,
            id,
            api_version="storage.k8s.io/v1",
            kind="StorageClass",
            name=name,
            annotations={**keep, **(DEFAULT if default else {})},
            body={
                "provisioner": provisioner,
                "parameters": dict(parameters),
                "reclaimPolicy": reclaim,
                "volumeBindingMode": binding,
                "allowVolumeExpansion": True,
                **({"mountOptions": list(mount_options)} if mount_options else {}),
            },
        )
