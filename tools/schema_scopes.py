"""Reads from Kubernetes' own discovery files which built-in kinds live in a namespace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A kind that can be made and found again is kept by the API server. A TokenReview, say, is not:
# it is answered and forgotten, and has no place in a repository.
_PERSISTED = {"create", "delete", "list"}


def built_in_scopes(discovery: Iterable[str]) -> dict[str, str]:
    """Map ``<apiVersion>/<Kind>`` to ``Namespaced`` or ``Cluster`` for all persisted kinds.

    Args:
        discovery: The texts of APIResourceList documents (``/api/v1``, ``/apis/apps/v1``, ...).
    """
    scopes: dict[str, str] = {}
    for text in discovery:
        document = json.loads(text)
        for resource in document["resources"]:
            if "/" in resource["name"] or not set(resource["verbs"]) >= _PERSISTED:
                continue
            key = f"{document['groupVersion']}/{resource['kind']}"
            scopes[key] = "Namespaced" if resource["namespaced"] else "Cluster"
    return scopes
