"""Keep what Terraform's provider takes and gives, as structure only, for the tests of terraform/.

    terraform -chdir=terraform providers schema -json | .venv/bin/python -m tools.provider_schema

The tests then need neither the provider nor a network. Only what terraform/*.tf uses is kept.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(__file__).resolve().parent.parent
SCHEMAS = PROJECT / "schemas" / "terraform" / "sakura"
PROVIDER = "sacloud/sakura"

_FLAGS = ("required", "optional", "computed", "sensitive", "write_only")


def derive(provider: Mapping[str, Any], used: Mapping[str, set[str]]) -> dict[str, Any]:
    """Return the structure of the used resources and data sources.

    Args:
        provider: The provider's part of `terraform providers schema -json`.
        used: `resource` and `data`, each to the types that the configuration names.
    """
    return {
        kind: {name: _attributes(schemas[name]["block"]) for name in sorted(used[kind])}
        for kind, schemas in (
            ("data", provider["data_source_schemas"]),
            ("resource", provider["resource_schemas"]),
        )
    }


def _attributes(block: Mapping[str, Any]) -> dict[str, Any]:
    if block.get("block_types"):
        # The provider has attributes alone; a block would need a reader of its own here.
        raise ValueError(f"blocks are not expected: {sorted(block['block_types'])}")
    return {name: _attribute(block["attributes"][name]) for name in sorted(block["attributes"])}


def _attribute(attribute: Mapping[str, Any]) -> dict[str, Any]:
    kept = {flag: True for flag in _FLAGS if attribute.get(flag)}
    if "nested_type" not in attribute:
        return {"type": attribute["type"], **kept}
    nested = attribute["nested_type"]
    return {"nesting": nested["nesting_mode"], **kept, "attributes": _attributes(nested)}


def used_types(folder: Path) -> dict[str, set[str]]:
    """Return the types of the resources and data sources that the folder's files name."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.tf")))
    return {
        kind: set(re.findall(rf'^{kind} "(\w+)" ', text, re.MULTILINE))
        for kind in ("data", "resource")
    }


def pinned_version(folder: Path) -> str:
    """Return the version of the provider that the folder asks for."""
    text = (folder / "versions.tf").read_text(encoding="utf-8")
    (version,) = re.findall(r'^ +version = "([0-9.]+)"$', text, re.MULTILINE)
    return str(version)


def text(version: str, structure: Mapping[str, Any]) -> str:
    """Return the file's content: one type a line, so that a diff shows which one changed."""
    lines = ["{", f'"provider": {json.dumps({"source": PROVIDER, "version": version})},']
    for kind in sorted(structure):
        lines.append(f'"{kind}": {{')
        lines += [
            f"{json.dumps(name)}: {json.dumps(structure[kind][name], sort_keys=True)},"
            for name in sorted(structure[kind])
        ]
        lines[-1] = lines[-1].removesuffix(",")
        lines.append("},")
    lines[-1] = "}"
    return "\n".join([*lines, "}", ""])


def main() -> None:
    """Read the schema from standard input, and replace the file."""
    folder = PROJECT / "terraform"
    schemas = json.load(sys.stdin)["provider_schemas"]
    # Each key begins with the host that the provider came from.
    (provider,) = (schemas[key] for key in schemas if key.endswith(f"/{PROVIDER}"))
    version = pinned_version(folder)
    SCHEMAS.mkdir(parents=True, exist_ok=True)
    for old in SCHEMAS.glob("*.json"):
        old.unlink()
    file = SCHEMAS / f"{version}.json"
    file.write_text(text(version, derive(provider, used_types(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
