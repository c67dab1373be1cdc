"""A custom resource definition for tests to fill in."""

from __future__ import annotations

from typing import Any


def definition(spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "shop.example",
            "names": {"kind": "CoffeeCup"},
            "scope": "Namespaced",
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "schema": {
                        "openAPIV3Schema": {
                            "type": "object",
                            "description": "prose",
                            "required": ["spec"],
                            "properties": {
                                "apiVersion": {"type": "string", "description": "prose"},
                                "kind": {"type": "string"},
                                "metadata": {"type": "object"},
                                "spec": spec,
                            },
                        }
                    },
                }
            ],
            **more,
        },
    }
