"""A Kubernetes object written as plain Python values: what all our constructs are made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import cdk8s
import jsii

from lib import values
from lib.constructs.kernel import kernel
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct


class KubeObject(cdk8s.ApiObject, metaclass=jsii.JSIIMeta, jsii_type="yagura-objects.KubeObject"):
    """A real ``cdk8s.ApiObject`` that crosses into cdk8s whole, in one request.

    Everything that an ApiObject can do works: ``metadata.add_label``, ``add_json_patch``,
    dependencies, being found by ``node.find_all``.

    Args:
        scope: The construct it belongs to; its chart gives the namespace where none is given.
        id: Unique in ``scope``.
        api_version: Group and version, such as ``apps/v1``.
        kind: The kind, such as ``Deployment``.
        name: ``metadata.name``.
        namespace: ``metadata.namespace``; the chart's where it is None.
        labels: ``metadata.labels``.
        annotations: ``metadata.annotations``.
        body: All other top-level fields, such as ``{"spec": {...}}``.

    Raises:
        BuildError: A value that would not survive (see ``lib.values``); names its JSON pointer.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        api_version: str,
        kind: str,
        name: str,
        namespace: str | None = None,
        labels: Mapping[str, str] | None = None,
        annotations: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        metadata: dict[str, Any] = {"name": name}
        if namespace is not None:
            metadata["namespace"] = namespace
        if labels:
            metadata["labels"] = dict(labels)
        if annotations:
            metadata["annotations"] = dict(annotations)
        manifest = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **(body or {})}
        wrong = values.problems(manifest)
        if wrong:
            raise BuildError([f"{kind} {name}: {line}" for line in wrong])
        kernel.create(self, scope, id, json.dumps(manifest))


kernel.render_class = KubeObject
