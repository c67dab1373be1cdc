"""A pod as YAML text, with what a test is about put into it."""

from __future__ import annotations


def pod(container: str = "", spec: str = "", *, kind: str = "Pod") -> str:
    """A pod with one container, in flow style."""
    return (
        f"apiVersion: v1\nkind: {kind}\n"
        "metadata: {name: web, namespace: whoami, labels: {app: web}}\n"
        f"spec: {{containers: [{{name: web{container and ', '}{container}}}]"
        f"{spec and ', '}{spec}}}\n"
    )
