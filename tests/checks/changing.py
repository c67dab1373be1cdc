"""Changes one value of an example, or takes it away."""

from __future__ import annotations

from typing import Any

import yaml

DELETE = object()


def changed(text: str, document: int, *way: Any, to: Any = DELETE) -> str:
    """The YAML documents with the value at one place changed, or without it."""
    documents = list(yaml.safe_load_all(text))
    place: Any = documents[document]
    for step in way[:-1]:
        place = place[step] if isinstance(step, int) else place.setdefault(step, {})
    if to is DELETE:
        place.pop(way[-1])
    else:
        place[way[-1]] = to
    return yaml.safe_dump_all(documents)
