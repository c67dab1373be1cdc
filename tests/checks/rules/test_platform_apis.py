"""P06 and P07: API versions that are gone, or will be."""

from __future__ import annotations

import importlib.resources
import json

import pytest

from lib.checks.model import Context
from lib.checks.retired_apis import reached, retired
from tests.checks.rules.places import places

SCHEMAS = importlib.resources.files("kubernetes_validate") / "kubernetes-json-schema"


def object_(api_version: str, kind: str) -> str:
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: x}}\n"


@pytest.mark.parametrize(
    ("api_version", "kind", "kubernetes", "removed", "deprecated"),
    [
        ("policy/v1beta1", "PodDisruptionBudget", "1.24", False, True),
        ("policy/v1beta1", "PodDisruptionBudget", "1.25", True, False),
        ("policy/v1beta1", "PodDisruptionBudget", "1.20", False, False),
        ("policy/v1", "PodDisruptionBudget", "1.36", False, False),
        ("apps/v1beta2", "Deployment", "1.9", False, True),
        ("apps/v1beta2", "Deployment", "1.36", True, False),
        ("v1", "Endpoints", "1.36", False, True),
        ("v1", "Endpoints", "1.32", False, False),
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass", "1.36", False, True),
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass", "1.37", True, False),
        ("traefik.containo.us/v1alpha1", "Middleware", "1.36", True, False),
        ("cert-manager.io/v1alpha2", "Certificate", "1.20", True, False),
        ("cert-manager.io/v1", "Certificate", "1.36", False, False),
        ("longhorn.io/v1beta1", "Volume", "1.36", True, False),
        ("rbac.authorization.k8s.io/v1beta1", "Role", "1.36", True, False),
    ],
)
def test_an_api_version_is_judged_at_the_clusters_version(
    api_version: str, kind: str, kubernetes: str, *, removed: bool, deprecated: bool
) -> None:
    context = Context(kubernetes=kubernetes)
    text, place = object_(api_version, kind), [f"{kind}/x /apiVersion"]
    assert places("P06", text, context) == (place if removed else [])
    assert places("P07", text, context) == (place if deprecated else [])


def test_the_replacement_is_named() -> None:
    known = retired("networking.k8s.io/v1beta1", "Ingress")
    assert known is not None
    assert known.replacement == "networking.k8s.io/v1"
    known = retired("extensions/v1beta1", "Deployment")
    assert known is not None
    assert known.replacement == "apps/v1"
    known = retired("policy/v1beta1", "PodSecurityPolicy")
    assert known is not None
    assert known.replacement == ""


@pytest.mark.parametrize("version", ["1.25", "1.31", "1.36", "1.37"])
def test_the_table_agrees_with_the_api_of_each_version(version: str) -> None:
    folder = SCHEMAS / f"v{version}.0-local-strict"
    served = {
        (f"{each['group']}/{each['version']}".removeprefix("/"), each["kind"])
        for file in folder.iterdir()
        for each in json.loads(file.read_bytes()).get("x-kubernetes-group-version-kind", ())
        if each["kind"] not in {"DeleteOptions", "WatchEvent", "Status"}
    }
    wrong = {
        key
        for key in served
        if (known := retired(*key)) and known.removed and reached(known.removed, version)
    }
    assert served
    assert wrong == set()


def test_what_is_no_version_is_never_reached() -> None:
    assert not reached("", "1.36")
    assert not reached("1.25", "latest")
