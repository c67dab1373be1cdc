"""A state as an apply would leave it: what was planned, with made-up ids for what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.terraform.schemas import PROVIDER_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PUBLIC_ADDRESSES = [f"203.0.113.{host}" for host in (4, 5, 6, 10, 11, 12, 13, 14)]

Json = dict[str, Any]


def with_new(state: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> Json:
    """Return the state with those of the planned resources that wait for no other."""
    found: Json = {
        "version": 4,
        "terraform_version": "1.11.0",
        "serial": 1,
        "lineage": "11111111-1111-1111-1111-111111111111",
        "outputs": {},
        "resources": list(state.get("resources", [])),
    }
    for change in changes:
        schema = PROVIDER_SCHEMA["resource"].get(change["type"], {})
        if change["mode"] == "managed" and not _waits(schema, change["change"]["after_unknown"]):
            _add(found["resources"], change, schema)
    return found


def _waits(attributes: Json, unknown: Json) -> bool:
    """Whether the value of another resource is needed first: what is unknown is not computed."""
    return any(_argument_waits(attributes[name], value) for name, value in unknown.items())


def _argument_waits(attribute: Json, unknown: Any) -> bool:
    if unknown is True:
        return not attribute.get("computed")
    parts = unknown if isinstance(unknown, list) else [unknown]
    if "attributes" in attribute:
        return any(_waits(attribute["attributes"], part) for part in parts if part)
    return any(part is True for part in parts)


def _add(resources: list[Json], change: Mapping[str, Any], schema: Json) -> None:
    key = {"mode": "managed", "type": change["type"], "name": change["name"]}
    known = [each for each in resources if each.items() >= key.items()]
    number = 100000000001 + sum(len(each["instances"]) for each in resources)
    planned = change["change"]
    instance: Json = {
        "schema_version": 0,
        "attributes": _object(schema, planned["after"], planned["after_unknown"], str(number)),
        "sensitive_attributes": [
            [{"type": "get_attr", "value": name}]
            for name in schema
            if schema[name].get("sensitive") or planned["after_sensitive"].get(name) is True
        ],
    }
    if "index" in change:
        instance["index_key"] = change["index"]
    if known:
        known[0]["instances"].append(instance)
    else:
        provider = f'provider["{change["provider_name"]}"]'
        resources.append({**key, "provider": provider, "instances": [instance]})


def _object(attributes: Json, planned: Json, unknown: Json, id_: str) -> Json:
    return {
        name: _value(name, attribute, planned.get(name), unknown.get(name, False), id_)
        for name, attribute in attributes.items()
    }


def _value(name: str, attribute: Json, planned: Any, unknown: Any, id_: str) -> Any:
    if unknown is True:
        return _made_up(name, attribute, id_)
    if "attributes" not in attribute or not planned or not unknown:
        return planned
    inner = attribute["attributes"]
    if attribute["nesting"] == "single":
        return _object(inner, planned, unknown, id_)
    return [_object(inner, *each, id_) for each in zip(planned, unknown, strict=True)]


def _made_up(name: str, attribute: Json, id_: str) -> Any:
    if name == "ip_addresses":
        return PUBLIC_ADDRESSES
    if name == "id" or name.endswith("_id"):
        return id_
    if "attributes" in attribute:
        inner = attribute["attributes"]
        single = attribute["nesting"] == "single"
        return _object(inner, {}, dict.fromkeys(inner, True), id_) if single else []
    if attribute.get("sensitive"):
        return "EXAMPLEKEY"
    empty: dict[Any, Any] = {"string": "", "number": 0, "bool": False}
    return empty.get(str(attribute["type"]), [])
