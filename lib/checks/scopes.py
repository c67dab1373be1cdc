"""Which kinds live in a namespace: what the kept schemas say, and the definitions in the set."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from lib.manifests import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model

_SCOPES = PROJECT / "schemas" / "scopes.json"
_DEFINITION = "CustomResourceDefinition.apiextensions.k8s.io"


def is_namespaced(document: Document, model: Model) -> bool | None:
    """Whether an object of this kind lives in a namespace; None where nothing here says so."""
    found = model.derived(_defined).get(document.type, _known().get(document.type))
    if found is None and document.namespace:
        return True
    return None if found is None else found == "Namespaced"


@cache
def _known() -> Mapping[str, str]:
    """``Kind.group`` -> ``Namespaced`` or ``Cluster``, from the table that `make schemas` makes."""
    found: dict[str, str] = {}
    for name, scope in json.loads(_SCOPES.read_bytes()).items():
        api_version, _, kind = name.rpartition("/")
        group = api_version.rpartition("/")[0]
        found[f"{kind}.{group}" if group else kind] = scope
    return found


def _defined(model: Model) -> Mapping[str, str]:
    return {
        f"{each.text('spec', 'names', 'kind')}.{each.text('spec', 'group')}": each.text(
            "spec", "scope"
        )
        for each in model.of(_DEFINITION)
    }
