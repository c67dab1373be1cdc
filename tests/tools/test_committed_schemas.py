from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tools.schema_conversion import DRAFT
from tools.schema_sources import DEFINITIONS, KUBERNETES

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
COMMITTED = sorted(SCHEMAS.glob("*/*.json"))


def keywords(node: dict[str, Any]) -> set[str]:
    """Collect the keywords of a schema and of all below it, without the names of fields."""
    found = set(node)
    below = [*node.get("properties", {}).values(), *node.get("definitions", {}).values()]
    for key in ("additionalProperties", "items", "not"):
        below += [node[key]] if isinstance(node.get(key), dict) else []
    for key in ("allOf", "anyOf", "oneOf"):
        below += node.get(key, [])
    return found.union(*map(keywords, below))


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.relative_to(SCHEMAS).as_posix())
def test_a_committed_schema_compiles_and_holds_structure_only(path: Path) -> None:
    schema = json.loads(path.read_bytes())
    assert schema["$schema"] == DRAFT
    Draft7Validator.check_schema(schema)
    list(Draft7Validator(schema).iter_errors({"apiVersion": "a", "spec": {}, "status": {}}))
    words = keywords(schema)
    assert not words & {"description", "title", "default", "example", "examples", "$comment"}
    assert not {word for word in words if word.startswith("x-")}
    for reference in set(json.dumps(schema).split('"$ref": "')[1:]):
        name = reference.partition('"')[0].removeprefix("#/definitions/")
        assert name in schema["definitions"]


def test_the_folder_holds_what_its_sources_say() -> None:
    modules = json.loads((SCHEMAS / "sources.json").read_bytes())["modules"]
    named = {schema for module in modules for file in module["files"] for schema in file["schemas"]}
    assert named - {"scopes.json"} == {path.relative_to(SCHEMAS).as_posix() for path in COMMITTED}


def test_the_folder_was_made_from_the_pins() -> None:
    modules = json.loads((SCHEMAS / "sources.json").read_bytes())["modules"]
    made = {(module["module"], module["version"]) for module in modules if module["version"]}
    assert made == {(source.module, source.version) for source in (*DEFINITIONS, KUBERNETES)}


def test_the_folder_stays_small_and_names_no_host() -> None:
    files = [*COMMITTED, SCHEMAS / "scopes.json", SCHEMAS / "sources.json"]
    assert sum(path.stat().st_size for path in files) < 4_000_000
    for path in files:
        assert "://" not in path.read_text(encoding="utf-8").replace(DRAFT, "")


@pytest.mark.parametrize(
    ("key", "scope"),
    [
        ("v1/Namespace", "Cluster"),
        ("v1/Node", "Cluster"),
        ("v1/PersistentVolume", "Cluster"),
        ("v1/PersistentVolumeClaim", "Namespaced"),
        ("v1/Secret", "Namespaced"),
        ("v1/ServiceAccount", "Namespaced"),
        ("apps/v1/Deployment", "Namespaced"),
        ("batch/v1/CronJob", "Namespaced"),
        ("networking.k8s.io/v1/NetworkPolicy", "Namespaced"),
        ("networking.k8s.io/v1/IngressClass", "Cluster"),
        ("rbac.authorization.k8s.io/v1/ClusterRole", "Cluster"),
        ("rbac.authorization.k8s.io/v1/RoleBinding", "Namespaced"),
        ("storage.k8s.io/v1/StorageClass", "Cluster"),
        ("scheduling.k8s.io/v1/PriorityClass", "Cluster"),
        ("apiextensions.k8s.io/v1/CustomResourceDefinition", "Cluster"),
        ("apiregistration.k8s.io/v1/APIService", "Cluster"),
        ("admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy", "Cluster"),
        ("cert-manager.io/v1/ClusterIssuer", "Cluster"),
        ("cert-manager.io/v1/Issuer", "Namespaced"),
        ("cert-manager.io/v1/Certificate", "Namespaced"),
        ("argoproj.io/v1alpha1/AppProject", "Namespaced"),
        ("argoproj.io/v1alpha1/Application", "Namespaced"),
        ("helm.cattle.io/v1/HelmChart", "Namespaced"),
        ("helm.cattle.io/v1/HelmChartConfig", "Namespaced"),
        ("traefik.io/v1alpha1/IngressRoute", "Namespaced"),
        ("externaldns.k8s.io/v1alpha1/DNSEndpoint", "Namespaced"),
        ("longhorn.io/v1beta2/RecurringJob", "Namespaced"),
        ("actions.github.com/v1alpha1/AutoscalingRunnerSet", "Namespaced"),
    ],
)
def test_the_scope_table_agrees_with_known_facts(key: str, scope: str) -> None:
    assert json.loads((SCHEMAS / "scopes.json").read_bytes())[key] == scope


@pytest.mark.parametrize(
    "key",
    [
        "authentication.k8s.io/v1/TokenReview",
        "authorization.k8s.io/v1/SubjectAccessReview",
        "autoscaling/v1/Scale",
        "v1/Binding",
        "v1/ComponentStatus",
    ],
)
def test_the_scope_table_holds_no_kind_that_is_not_kept(key: str) -> None:
    assert key not in json.loads((SCHEMAS / "scopes.json").read_bytes())
