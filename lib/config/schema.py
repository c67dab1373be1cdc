"""Writes schemas/cluster.schema.json, which the first line of every cluster file names.

Run it after a change of the model: ``python -m lib.config.schema``.
"""

from __future__ import annotations

from pathlib import Path

from lib.config.json_schema import schema_text

SCHEMA_FILE = Path(__file__).parents[2] / "schemas" / "cluster.schema.json"


def main() -> None:
    """Write the schema's file."""
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
