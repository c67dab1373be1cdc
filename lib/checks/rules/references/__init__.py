"""G08 to G15, G29 to G31: what an object names is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.rules.references import (
    applications,
    bindings,
    certificates,
    definitions,
    namespaces,
    pods,
    routes,
    secret_types,
    selectors,
    services,
    storage,
)

if TYPE_CHECKING:
    from lib.checks.rule import Rule

RULES: tuple[Rule[Any], ...] = (
    namespaces.NAMESPACE,
    applications.PATH,
    routes.BACKENDS,
    pods.POD,
    services.PODS,
    storage.CLASS,
    selectors.SELECTED,
    definitions.DEFINITION,
    bindings.BINDING,
    certificates.ISSUER,
    secret_types.KEYS,
)
