from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lib.checks.kubeconform import (
    Problem,
    Report,
    find_kubeconform,
    kubernetes_schemas,
    validate,
)
from lib.checks.kubeconform import run as running
from lib.errors import ConfigError, EnvironmentFault, FindingsError
from tests.checks.objects import BAD, GOOD

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[..., Report]

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"


@pytest.fixture(scope="session")
def binary() -> Path:
    try:
        return find_kubeconform(ROOT)
    except EnvironmentFault as error:
        pytest.fail(f"this test needs kubeconform: {error}", pytrace=False)


@pytest.fixture(scope="session")
def kubernetes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kubernetes_schemas("1.36", tmp_path_factory.mktemp("cache"))


@pytest.fixture
def check(tmp_path: Path, binary: Path, kubernetes: Path) -> Check:
    def run(*objects: dict[str, Any], count: int | None = None, schemas: Path = SCHEMAS) -> Report:
        files = []
        for number, one in enumerate(objects):
            file = tmp_path / f"{number:04}.yaml"
            file.write_text(json.dumps(one), encoding="utf-8")
            files.append(file)
        expected = len(objects) if count is None else count
        return validate(
            files, objects=expected, schemas=schemas, kubernetes=kubernetes, binary=binary
        )

    return run


def changed(good: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    bad = copy.deepcopy(good)
    place: Any = bad
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return bad


def test_good_objects_are_valid(check: Check) -> None:
    assert check(*GOOD.values()) == Report(valid=len(GOOD))


@pytest.mark.parametrize(("kind", "path", "value", "pointer"), BAD)
def test_a_bad_object_is_invalid_and_its_place_is_named(
    check: Check, kind: str, path: tuple[str | int, ...], value: object, pointer: str
) -> None:
    report = check(changed(GOOD[kind], path, value))
    assert (report.valid, report.invalid, report.errors) == (0, 1, 0)
    assert report.problems[0].kind == kind
    assert pointer in report.problems[0].pointers


def test_all_causes_of_one_object_are_told_in_one_line(check: Check, tmp_path: Path) -> None:
    bad = changed(GOOD["Deployment"], ("spec", "replicas"), "2")
    bad = changed(bad, ("spec", "template", "spec", "containers", 0, "imag"), "x")
    assert check(bad).problems == (
        Problem(
            file=tmp_path / "0000.yaml",
            kind="Deployment",
            name="web",
            version="apps/v1",
            message="/spec/replicas: got string, want null or integer; "
            "/spec/template/spec/containers/0: additional properties 'imag' not allowed",
            pointers=("/spec/replicas", "/spec/template/spec/containers/0"),
        ),
    )


def test_a_kind_without_schema_is_an_error_not_skipped(check: Check) -> None:
    report = check({"apiVersion": "nobody.example/v1", "kind": "Thing", "metadata": {"name": "a"}})
    assert (report.valid, report.errors, report.skipped) == (0, 1, 0)
    assert report.problems[0].message.startswith("no schema for nobody.example/v1 Thing:")


@pytest.mark.parametrize(
    ("version", "kind", "meant"),
    [
        ("traefik.io/v1alpha1", "Middelware", "did you mean Middleware?"),
        ("v1", "Servcie", "did you mean Service?"),
        ("traefik.io/v1beta1", "IngressRoute", "there is IngressRoute of traefik.io/v1alpha1"),
        ("apps/v1", "Middleware", "see docs/reference/schemas.md for how to add one"),
    ],
)
def test_a_kind_or_version_that_is_nearly_right_is_told(
    check: Check, version: str, kind: str, meant: str
) -> None:
    report = check({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}})
    assert report.problems[0].message == f"no schema for {version} {kind}: {meant}"


def test_a_built_in_kind_in_a_version_that_is_gone_is_an_error(check: Check) -> None:
    report = check(GOOD["Deployment"] | {"apiVersion": "extensions/v1beta1"})
    assert (report.errors, report.skipped) == (1, 0)


@pytest.mark.parametrize(
    "broken",
    ['{"type": "objekt"}', '{"properties": {"a": {"pattern": "("}}}', '{"$ref": "#/none"}', "{"],
)
def test_a_schema_that_does_not_compile_is_an_error(
    check: Check, tmp_path: Path, broken: str
) -> None:
    schemas = tmp_path / "schemas"
    (schemas / "argoproj.io").mkdir(parents=True)
    (schemas / "argoproj.io" / "application_v1alpha1.json").write_text(broken, encoding="utf-8")
    report = check(GOOD["Application"], schemas=schemas)
    assert (report.valid, report.errors, report.skipped) == (0, 1, 0)
    assert report.problems[0].message == (
        "its schema schemas/argoproj.io/application_v1alpha1.json does not compile"
    )


def test_kubeconform_compiles_every_committed_schema(check: Check) -> None:
    schemas = [json.loads(path.read_bytes()) for path in sorted(SCHEMAS.glob("*/*.json"))]
    objects = [
        {
            "apiVersion": schema["properties"]["apiVersion"]["const"],
            "kind": schema["properties"]["kind"]["const"],
            "metadata": {"name": "a", "nonsense": "so that each is judged, and none is valid"},
        }
        for schema in schemas
    ]
    report = check(*objects)
    assert (report.valid, report.invalid, report.errors) == (0, len(schemas), 0)


def test_every_built_in_kind_of_the_scope_table_has_a_schema(check: Check) -> None:
    scopes: dict[str, str] = json.loads((SCHEMAS / "scopes.json").read_bytes())
    # Kubernetes' own bookkeeping, which nobody writes.
    kinds = [key.rpartition("/") for key in scopes if not key.startswith("internal.")]
    report = check(
        *({"apiVersion": version, "kind": kind, "metadata": {}} for version, _, kind in kinds)
    )
    assert report.errors == 0
    assert report.valid + report.invalid == len(kinds)


def test_a_key_that_is_given_twice_is_an_error(
    tmp_path: Path, binary: Path, kubernetes: Path
) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, name: b}\n")
    report = validate([file], objects=1, schemas=SCHEMAS, kubernetes=kubernetes, binary=binary)
    assert report.errors == 1
    assert "already set" in report.problems[0].message


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_run_that_judged_another_number_of_objects_is_refused(check: Check, count: int) -> None:
    with pytest.raises(FindingsError, match=f"judged 2 of {count} objects"):
        check(GOOD["Deployment"], GOOD["Certificate"], count=count)


def test_a_file_that_kubeconform_does_not_look_at_is_noticed(
    tmp_path: Path, binary: Path, kubernetes: Path
) -> None:
    (tmp_path / "a.txt").write_text(json.dumps(GOOD["Deployment"]))
    with pytest.raises(FindingsError, match="judged 0 of 1 objects"):
        validate(
            [tmp_path / "a.txt"], objects=1, schemas=SCHEMAS, kubernetes=kubernetes, binary=binary
        )


def test_a_file_that_is_missing_is_noticed_by_name(
    tmp_path: Path, binary: Path, kubernetes: Path
) -> None:
    report = validate(
        [tmp_path / "gone.yaml"], objects=1, schemas=SCHEMAS, kubernetes=kubernetes, binary=binary
    )
    assert report.errors == 1
    assert report.problems[0].file.name == "gone.yaml"


def test_no_file_and_no_object_is_an_empty_report(check: Check) -> None:
    assert check() == Report()


def test_no_file_but_objects_is_refused(check: Check) -> None:
    with pytest.raises(FindingsError, match="judged 0 of 5 objects"):
        check(count=5)


def test_a_folder_stands_for_its_files(tmp_path: Path, binary: Path, kubernetes: Path) -> None:
    (tmp_path / "below").mkdir()
    for number, one in enumerate(GOOD.values()):
        (tmp_path / "below" / f"{number}.json").write_text(json.dumps(one))
    report = validate(
        [tmp_path], objects=len(GOOD), schemas=SCHEMAS, kubernetes=kubernetes, binary=binary
    )
    assert report.valid == len(GOOD)


def test_more_files_than_one_command_line_holds_are_all_judged(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_ARGUMENT_BYTES", 500)
    bad = changed(GOOD["Deployment"], ("spec", "replicas"), "2")
    report = check(*[GOOD["Deployment"], bad] * 20)
    assert (report.valid, report.invalid) == (20, 20)
    assert [problem.file.name for problem in report.problems] == [
        f"{number:04}.yaml" for number in range(1, 40, 2)
    ]


def test_the_report_is_the_same_every_time(check: Check) -> None:
    bad = [changed(GOOD[kind], path, value) for kind, path, value, _ in BAD]
    first = check(*bad)
    assert all(check(*bad) == first for _ in range(3))


def test_a_program_that_is_not_kubeconform_is_a_fault_of_the_machine(
    tmp_path: Path, kubernetes: Path
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("{}")
    for program in (tmp_path / "none", Path("/bin/true"), Path("/bin/false")):
        with pytest.raises(EnvironmentFault):
            validate([file], objects=1, schemas=SCHEMAS, kubernetes=kubernetes, binary=program)


def test_the_checkouts_own_kubeconform_comes_before_the_one_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / ".yagura" / "bin" / "kubeconform"
    other = tmp_path / "path" / "kubeconform"
    for place in (own, other):
        place.parent.mkdir(parents=True)
        place.write_text("#!/bin/sh\n")
        place.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert find_kubeconform(tmp_path) == own
    own.unlink()
    assert find_kubeconform(tmp_path) == other


def test_without_kubeconform_the_error_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault, match="run `make setup`") as error:
        find_kubeconform(tmp_path)
    assert len(error.value.problems) == 1


def test_kubernetes_schemas_are_made_once_and_found_again(tmp_path: Path) -> None:
    first = kubernetes_schemas("1.36", tmp_path)
    (first / "mark").touch()
    assert kubernetes_schemas("v1.36.3+rke2r1", tmp_path) == first
    assert (first / "mark").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [first.name]


def test_a_schema_of_kubernetes_holds_the_definitions_that_it_needs_and_no_others(
    kubernetes: Path,
) -> None:
    text = (kubernetes / "configmap-v1.json").read_text()
    schema = json.loads(text)
    meta = "io.k8s.apimachinery.pkg.apis.meta.v1"
    assert sorted(schema["$defs"]) == [
        f"{meta}.{name}" for name in ("FieldsV1", "ManagedFieldsEntry", "ObjectMeta")
    ] + [f"{meta}.OwnerReference", f"{meta}.Time"]
    assert schema["properties"]["metadata"] == {"$ref": f"#/$defs/{meta}.ObjectMeta"}
    assert "_definitions.json" not in text
    assert "$id" not in schema


def test_kubernetes_schemas_that_another_run_made_first_are_taken(
    tmp_path: Path, kubernetes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / kubernetes.name

    def overtaken(_: Path, made: Path) -> Path:
        shutil.copytree(kubernetes, target)
        raise FileExistsError(made)

    monkeypatch.setattr(Path, "rename", overtaken)
    assert kubernetes_schemas("1.36", tmp_path) == target
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("version", ["1.99", "", "latest", "2", "1.360"])
def test_a_kubernetes_version_without_schemas_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(ConfigError, match=r"there are schemas for 1\.25 to"):
        kubernetes_schemas(version, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_cache_that_cannot_be_written_is_a_fault_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match="cannot write"):
        kubernetes_schemas("1.36", tmp_path / "file" / "cache")
