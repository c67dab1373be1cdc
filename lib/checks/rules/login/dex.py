"""Dex as it is configured: its issuer, its clients, and where each client's secret comes from.

Source: cmd/dex/config.go and storage/storage.go of dexidp/dex, and charts/dex of
dexidp/helm-charts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lib.checks.chart_values import Layer, Values, written
from lib.checks.charts import charts
from lib.checks.place import Place
from lib.checks.rules.secrets.credentials import decoded
from lib.checks.rules.secrets.placeholders import INLINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model


class FromVault(NamedTuple):
    """A value in Vault: the whole path, and the key there."""

    path: str
    key: str


class Dex(Place):
    """Dex's configuration.

    Attributes:
        config: The place of its configuration, which may be put together from several.
        namespace: Where it runs.
        environment: Its containers, or what stands for them in its chart's values.
        clients: Its static clients.
    """

    __slots__ = ("clients", "config", "environment", "namespace")

    def __init__(self, config: Place, namespace: str, environment: Iterable[Place]) -> None:
        super().__init__(config.document, config.pointer, config.value)
        self.config = config
        self.namespace = namespace
        self.environment = tuple(environment)
        self.clients = tuple(Client(self, each) for each in config.each("staticClients"))

    @property
    def issuer(self) -> str:
        """The address that it calls itself; empty where it is not given, or looked up."""
        issuer = self.text("issuer")
        return "" if "$" in issuer or "{{" in issuer else issuer


class Client(Place):
    """A static client of Dex.

    Attributes:
        dex: Dex.
        settings: The place of its settings.
        id: Empty where it is not given here.
        redirects: The places of its redirect addresses.
        is_public: Whether it has no secret.
    """

    __slots__ = ("dex", "id", "is_public", "redirects", "settings")

    def __init__(self, dex: Dex, place: Place) -> None:
        super().__init__(place.document, place.pointer, place.value)
        self.dex = dex
        self.settings = place
        self.id = place.text("id")
        self.redirects = tuple(
            each for each in place.each("redirectURIs") if isinstance(each.value, str)
        )
        self.is_public = place.get("public") is True

    @property
    def addresses(self) -> frozenset[str]:
        """Its redirect addresses."""
        return frozenset(each.text() for each in self.redirects)

    @property
    def variable(self) -> str:
        """The variable of Dex's environment that holds its secret; empty where none does."""
        secret = self.text("secret")
        return self.text("secretEnv") or (secret.strip("${}") if secret.startswith("$") else "")

    def secret(self, model: Model) -> FromVault | None:
        """Where in Vault its secret lies; None where that cannot be told."""
        dex = self.dex
        value = in_environment(model, dex.namespace, dex.environment, self.variable)
        return from_vault(value or "")


def dexes(model: Model) -> tuple[Dex, ...]:
    """Every Dex of the set; ask for ``model.derived(dexes)``."""
    found = [
        Dex(chart.values.at("config"), chart.namespace, [chart.values])
        for chart in model.derived(charts)
        if chart.name == "dex"
    ]
    for document in model.of("ConfigMap", "Secret"):
        containers = [each for pod in model.pods_in(document.namespace) for each in pod.containers]
        found += [Dex(each, document.namespace, containers) for each in _in_files(document)]
    return tuple(dex for dex in found if dex)


def clients(model: Model) -> tuple[Client, ...]:
    """All clients of every Dex."""
    return tuple(client for dex in model.derived(dexes) for client in dex.clients)


def by_id(model: Model) -> Mapping[tuple[str, str], Client]:
    """Issuer and id -> client; ask for ``model.derived(by_id)``."""
    return {(client.dex.issuer, client.id): client for client in reversed(clients(model))}


def _in_files(document: Document) -> Iterator[Place]:
    """The configurations of Dex that a ConfigMap or a Secret holds."""
    for field in ("data", "stringData"):
        for _, place in document.root.fields(field):
            text = place.text()
            if document.kind == "Secret" and field == "data":
                text = decoded(text) or ""
            if "issuer" not in text or not ("staticClients" in text or "connectors" in text):
                continue
            layer = written(Place(document, place.pointer, text))
            if layer is not None and _is_dex(layer.value):
                yield Values.of([Layer(document, place.pointer, layer.value, whole=True)])


def _is_dex(config: Any) -> bool:
    return (
        isinstance(config, dict)
        and isinstance(config.get("issuer"), str)
        and any(isinstance(config.get(key), list) for key in ("staticClients", "connectors"))
    )


# --- where a program's values come from ---------------------------------------------------------


def in_environment(
    model: Model, namespace: str, environments: Iterable[Place], variable: str
) -> str | None:
    """A variable of containers, as a Secret gives it; None where no Secret of the set does.

    Args:
        model: The set.
        namespace: The containers' own.
        environments: Containers, or a chart's values: whatever has ``env`` and ``envFrom``.
        variable: The variable's name.
    """
    for place in environments:
        for each in (*place.each("env"), *place.each("envVars")):
            if each.text("name") == variable:
                reference = each.at("valueFrom", "secretKeyRef")
                return value_in(model, namespace, reference.text("name"), reference.text("key"))
        for each in place.each("envFrom"):
            prefix = each.text("prefix")
            if variable.startswith(prefix):
                key = variable.removeprefix(prefix)
                found = value_in(model, namespace, each.text("secretRef", "name"), key)
                if found is not None:
                    return found
    return None


def value_in(model: Model, namespace: str, name: str, key: str) -> str | None:
    """A Secret's value, or the placeholder for it; None where it is not in the set."""
    secret = model.get("Secret", namespace, name) if name and key else None
    if secret is None:
        return None
    text = secret.text("data", key)
    return secret.text("stringData", key) or (text if "<" in text else decoded(text)) or None


def from_vault(value: str) -> FromVault | None:
    """Where in Vault a value comes from; None where it is no single placeholder."""
    match = INLINE.fullmatch(value)
    return FromVault(match["path"], match["key"]) if match else None
