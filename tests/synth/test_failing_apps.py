"""Whatever an app does wrong: its line is named, dist/ stays, and nobody sees a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.synth.project import FIRST, tree

if TYPE_CHECKING:
    from tests.synth.project import Project

OBJECT = 'KubeObject(self, "x", api_version="{}", kind="{}", name="{}"{})'


def test_an_app_without_fault_works(project: Project) -> None:
    project.add_app('configmap(self, "second", {"c": "d"})')
    project.synth()
    assert project.configmap("second").startswith("# yagura made this from apps/extra.py;")


def test_an_exception_names_the_line_that_raised_it(project: Project) -> None:
    project.add_app('\nraise ValueError("no such thing")')
    project.refuses_in_one_line(1, f"apps/extra.py:{FIRST + 1}: ValueError: no such thing")


def test_an_exception_in_a_function_names_the_innermost_line_of_the_apps(project: Project) -> None:
    project.add_app("configmap(self, missing)")
    project.refuses_in_one_line(1, f"apps/extra.py:{FIRST}: NameError", "missing")


def test_an_exception_of_many_lines_is_told_in_one(project: Project) -> None:
    project.add_app('raise ValueError("first\\nsecond")')
    project.refuses_in_one_line(1, "first")


@pytest.mark.parametrize("end", ["raise SystemExit(3)", "import sys; sys.exit()", "exit(7)"])
def test_an_app_that_ends_the_program_is_no_success(project: Project, end: str) -> None:
    project.add_app(end)
    project.refuses_in_one_line(1, f"apps/extra.py:{FIRST}")


def test_values_of_a_chart_that_are_refused_name_the_line_that_gave_them(project: Project) -> None:
    project.add_app(
        "from lib.constructs import HelmSource\n"
        'self.helm(HelmSource(repo="https://charts.example", chart="x", version="1.0.0",\n'
        '    release="x", values={"a.b": 1}))'
    )
    project.refuses_in_one_line(1, f"apps/extra.py:{FIRST + 1}: x's values: /a.b:")


def test_a_syntax_error_names_its_line(project: Project) -> None:
    project.add_app("this is no Python")
    project.refuses_in_one_line(1, f"apps/extra.py:{FIRST}: SyntaxError")


def test_a_syntax_error_in_main_names_its_line(project: Project) -> None:
    main = (project.root / "main.py").read_text(encoding="utf-8")
    project.write("main.py", f"this is no Python\n{main}")
    project.refuses_in_one_line(1, "main.py:1: SyntaxError")


def test_an_import_that_fails_names_its_line(project: Project) -> None:
    project.add_app()
    project.replace("apps/extra.py", "import subprocess", "import no_such_package")
    project.refuses_in_one_line(1, "apps/extra.py:5", "no_such_package")


def test_a_main_without_build_is_refused(project: Project) -> None:
    project.write("main.py", "")
    project.refuses_in_one_line(1, "main.py has no build(app, cluster)")


def test_a_missing_main_is_refused(project: Project) -> None:
    (project.root / "main.py").unlink()
    project.refuses_in_one_line(1, "main.py")


def test_a_wrong_keyword_names_the_line_and_the_keyword(project: Project) -> None:
    project.replace("apps/whoami.py", "port=80", "prt=80")
    project.refuses_in_one_line(1, "apps/whoami.py:", "prt")


def test_a_wrong_keyword_of_cdk8s_names_the_line_and_the_keyword(project: Project) -> None:
    project.add_app('cdk8s.ApiObject(self, "y", api_version="v1", knd="ConfigMap")')
    project.refuses_in_one_line(1, f"apps/extra.py:{FIRST}", "knd")


def test_a_construct_id_used_twice_names_the_line_and_the_id(project: Project) -> None:
    project.add_app('configmap(self, "first", {})')
    project.refuses_in_one_line(1, "apps/extra.py:", "first")


def test_an_app_id_used_twice_is_refused(project: Project) -> None:
    project.add_app()
    project.replace("apps/extra.py", '"extra"', '"whoami"')
    project.refuses_in_one_line(1, "whoami")


def test_an_app_outside_of_the_platform_is_refused(project: Project) -> None:
    project.add_app('AppChart(self, "inner", cluster=cluster)')
    project.refuses_in_one_line(1, f"apps/extra.py:{FIRST}", "inner")


def test_one_object_made_twice_names_both_lines(project: Project) -> None:
    one = OBJECT.replace('"x"', '"one"').format("v1", "ConfigMap", "same", "")
    two = OBJECT.replace('"x"', '"two"').format("v1", "ConfigMap", "same", "")
    project.add_app(f"{one}\n{two}")
    project.refuses_in_one_line(
        2, f"apps/extra.py:{FIRST}", f"apps/extra.py:{FIRST + 1}", "made twice"
    )


def test_one_object_in_two_versions_is_one_object(project: Project) -> None:
    lines = [
        OBJECT.replace('"x"', f'"{version}"').format(
            f"autoscaling/{version}", "HorizontalPodAutoscaler", "a", ', body={"spec": {}}'
        )
        for version in ("v1", "v2")
    ]
    project.add_app("\n".join(lines))
    project.refuses_in_one_line(2, "made twice")


def test_the_same_name_in_two_namespaces_is_no_conflict(project: Project) -> None:
    project.add_app(
        'configmap(self, "second", {})\n'
        'KubeObject(self, "other", api_version="v1", kind="ConfigMap", name="second", '
        'namespace="whoami", body={"data": {}})'
    )
    project.synth()
    files = [path for path in tree(project.dist) if path.endswith("configmap-second.yaml")]
    assert files == [
        "production/extra/configmap-second.yaml",
        "production/extra/whoami/configmap-second.yaml",
    ]


def test_names_that_differ_only_in_what_a_file_name_cannot_hold_get_two_files(
    project: Project,
) -> None:
    lines = [
        OBJECT.replace('"x"', f'"{name}"').format("rbac.authorization.k8s.io/v1", "Role", name, "")
        for name in ("system:a", "system_a")
    ]
    project.add_app("\n".join(lines))
    project.synth()
    assert len([path for path in tree(project.dist) if "/extra/role-" in path]) == 2


NAMES = ["../../evil", "UPPER", "日本", "a" * 300, "two\\nlines", "", ".", "-a", "a-", "a_b", "a b"]


def object_of_cdk8s(name: str, id: str = "x") -> str:  # noqa: A002 - cdk8s' own name
    return (
        f'cdk8s.ApiObject(self, "{id}", api_version="v1", kind="ConfigMap", '
        f'metadata=cdk8s.ApiObjectMetadata(name="{name}"))'
    )


@pytest.mark.parametrize("way", ["ours", "cdk8s"])
def test_every_name_that_kubernetes_refuses_is_refused_with_its_line(
    project: Project, way: str
) -> None:
    ours = OBJECT.replace('"x"', '"{}"')
    lines = [
        ours.format(number, "v1", "ConfigMap", name, "")
        if way == "ours"
        else object_of_cdk8s(name, str(number))
        for number, name in enumerate(NAMES)
    ]
    project.add_app("\n".join(lines))
    result = project.refuses(2)
    said = result.err.splitlines()
    assert len(said) == len(NAMES), result.err
    for number, line in enumerate(sorted(said, key=lambda line: int(line.split(":")[2]))):
        assert line.startswith(f"yagura: apps/extra.py:{FIRST + number}: ConfigMap"), line


def test_a_name_with_a_control_character_is_refused(project: Project) -> None:
    project.add_app(object_of_cdk8s("a\\0b"))
    project.refuses(2, f"apps/extra.py:{FIRST}: ConfigMap", "U+0000")


def test_an_unknown_kind_is_refused_and_the_nearest_is_named(project: Project) -> None:
    project.add_app(OBJECT.format("apps/v1", "Deploymnt", "a", ""))
    project.refuses_in_one_line(
        2, f"apps/extra.py:{FIRST}: Deploymnt a", "did you mean apps/v1/Deployment?"
    )


def test_a_kind_in_the_wrong_version_names_the_right_one(project: Project) -> None:
    project.add_app(OBJECT.format("extensions/v1beta1", "Deployment", "a", ""))
    project.refuses_in_one_line(2, "did you mean apps/v1/Deployment?")


def test_a_kind_that_resembles_nothing_says_how_to_add_it(project: Project) -> None:
    project.add_app(OBJECT.format("example.org/v1", "Zzyzx", "a", ""))
    project.refuses_in_one_line(2, "example.org/v1/Zzyzx", "docs/reference/schemas.md")


def test_a_namespaced_object_in_an_app_without_namespace_is_refused(project: Project) -> None:
    project.add_app()
    project.replace("apps/extra.py", "cluster=cluster)", "cluster=cluster, namespace=None)")
    project.refuses_in_one_line(2, "ConfigMap first: no namespace")


def test_a_cluster_wide_object_with_a_namespace_is_refused(project: Project) -> None:
    project.add_app(
        OBJECT.format("rbac.authorization.k8s.io/v1", "ClusterRole", "a", ', namespace="whoami"')
    )
    project.refuses_in_one_line(2, f"apps/extra.py:{FIRST}", "cluster-wide", "'whoami'")


def test_a_cluster_wide_object_has_no_namespace_in_dist(project: Project) -> None:
    project.add_app(OBJECT.format("rbac.authorization.k8s.io/v1", "ClusterRole", "a", ""))
    project.synth()
    text = (project.dist / "production" / "extra" / "clusterrole-a.yaml").read_text("utf-8")
    assert "namespace" not in text


def test_an_object_in_a_namespace_that_nothing_makes_is_refused(project: Project) -> None:
    project.add_app('configmap(self, "second", {}, namespace="nowhere")')
    project.refuses_in_one_line(2, "'nowhere'")


def test_an_object_larger_than_the_api_server_takes_is_refused(project: Project) -> None:
    project.add_app('configmap(self, "large", {"a": "x" * 1100000})')
    project.refuses_in_one_line(2, "ConfigMap/extra/large", "split it")


def test_an_object_just_below_the_limit_is_written(project: Project) -> None:
    project.add_app('configmap(self, "large", {"a": "x" * 1040000})')
    project.synth()
    assert len(project.configmap("large")) > 1040000


VALUES = [
    ('float("nan")', "nan"),
    ("None", "None"),
    ("{1, 2}", "a set has no order"),
    ("'\\u202e'", "U+202E"),
]


@pytest.mark.parametrize(("value", "word"), VALUES, ids=[value for value, _ in VALUES])
def test_a_value_that_would_not_survive_names_its_line(
    project: Project, value: str, word: str
) -> None:
    project.add_app(f'configmap(self, "second", {{"a": {value}}})')
    project.refuses_in_one_line(1, "apps/extra.py:", "/data/a", word)


@pytest.mark.parametrize("value", ['float("nan")', "2**53 + 1", "2**70"])
def test_a_number_that_would_not_survive_is_refused_in_cdk8s_own_objects_too(
    project: Project, value: str
) -> None:
    patch = f'add_json_patch(cdk8s.JsonPatch.add("/data", {{"a": {value}}}))'
    project.add_app(f"{object_of_cdk8s('x')}.{patch}")
    project.refuses_in_one_line(1 if "nan" in value else 2, f"apps/extra.py:{FIRST}: ")


def test_a_value_after_a_refused_one_is_no_problem_for_the_next_run(project: Project) -> None:
    project.add_app('configmap(self, "second", {"a": float("nan")})')
    project.refuses(1)
    project.replace("apps/extra.py", 'float("nan")', '"text"')
    project.synth()


def test_what_an_app_prints_does_not_reach_standard_output(project: Project) -> None:
    project.add_app('print("hello")')
    result = project.run("synth")
    assert result.code == 0
    assert result.out == ""


def test_several_problems_are_told_at_once(project: Project) -> None:
    project.add_app(f"{object_of_cdk8s('BAD1', 'one')}\n{object_of_cdk8s('BAD2', 'two')}")
    result = project.refuses(2, "BAD1", "BAD2")
    assert len(result.err.splitlines()) == 2


def test_a_broken_cluster_file_names_its_line(project: Project) -> None:
    path = "clusters/production.yaml"
    text = (project.root / path).read_text(encoding="utf-8")
    project.write(path, f"{text}\nunknownKey: 1\n")
    project.refuses(1, "clusters/production.yaml:", "unknownKey")


def test_no_cluster_file_is_refused(project: Project) -> None:
    (project.root / "clusters" / "production.yaml").unlink()
    project.refuses_in_one_line(1, "cluster")
