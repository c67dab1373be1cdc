"""Which kinds live in a namespace: what the kept schemas say, and the definitions in the set."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from lib.checks.kinds import DEFINITION, type_of
from lib.manifests import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model

_SCOPES = PROJECT / "schemas" / "scopes.json"


def is_namespaced(document: Document, model: Model) -> bool | None:
    """Whether an object of this kind lives in a namespace; None where nothing here says so."""
    found = model.derived(_defined).get(document.type, _known().get(document.type))
    if found is None and document.namespace:
        return True
    return None if found is None else found == "Namespaced"


@cache
def _known() -> Mapping[str, str]:
    """``Kind.group`` -> ``Namespaced`` or ``Cluster``, from the table that `make schemas` makes."""
    table = json.loads(_SCOPES.read_bytes())
    names = ((name.rpartition("/"), scope) for name, scope in table.items())
    return {type_of(api_version, kind): scope for (api_version, _, kind), scope in names}


def _defined(model: Model) -> Mapping[str, str]:
    return {
        f"{each.text('spec', 'names', 'kind')}.{each.text('spec', 'group')}": each.text(
            "spec", "scope"
        )
        for each in model.of(DEFINITION)
    }
