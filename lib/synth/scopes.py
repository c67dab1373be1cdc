"""Which kinds live in a namespace and which in the whole cluster, as the schemas say."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lib.manifests import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lib.manifests import Manifest

SCOPES = PROJECT / "schemas" / "scopes.json"


@dataclass(frozen=True)
class Scopes:
    """``<apiVersion>/<Kind>`` -> ``Namespaced`` or ``Cluster``."""

    known: Mapping[str, str]

    @classmethod
    def load(cls) -> Scopes:
        """Read the table that ``make schemas`` derives (schemas/scopes.json)."""
        return cls(json.loads(SCOPES.read_text(encoding="utf-8")))

    def with_definitions(self, manifests: Iterable[Manifest]) -> Scopes:
        """Add the kinds that CustomResourceDefinitions among ``manifests`` define."""
        found = dict(self.known)
        for manifest in manifests:
            if manifest.kind == "CustomResourceDefinition":
                spec = manifest.object.get("spec", {})
                for version in spec.get("versions", []):
                    api_version = f"{spec.get('group')}/{version.get('name')}"
                    found[f"{api_version}/{spec.get('names', {}).get('kind')}"] = spec.get("scope")
        return Scopes(found)

    def of(self, manifest: Manifest) -> str | None:
        """``Namespaced`` or ``Cluster``; None for a kind that no schema describes."""
        return self.known.get(f"{manifest.api_version}/{manifest.kind}")

    def nearest(self, manifest: Manifest) -> str | None:
        """The known apiVersion and kind that look most like the unknown one."""
        wanted = f"{manifest.api_version}/{manifest.kind}"
        same_kind = [name for name in self.known if name.rpartition("/")[2] == manifest.kind]
        close = difflib.get_close_matches(wanted, same_kind or self.known, n=1, cutoff=0.6)
        return close[0] if close else None

    @cached_property
    def ambiguous_kinds(self) -> frozenset[str]:
        """Kinds that more than one API group has, such as Event."""
        groups = {
            (name.rpartition("/")[2], name.rpartition("/")[0].rpartition("/")[0])
            for name in self.known
        }
        count = Counter(kind for kind, _ in groups)
        return frozenset(kind for kind, number in count.items() if number > 1)
