from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.synth.project import Project, tree

if TYPE_CHECKING:
    from tests.synth.project import Result


@pytest.fixture(scope="module")
def shared(pristine: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy for commands that only read."""
    project = pristine.copied(tmp_path_factory.mktemp("shared") / "project")
    project.synth()
    return project


def one_line(result: Result, code: int, *words: str) -> None:
    assert result.code == code, result
    assert result.out == ""
    assert len(result.err.splitlines()) == 1, result.err
    assert result.err.startswith("yagura: ")
    for word in words:
        assert word in result.err


@pytest.mark.parametrize("command", ["synth", "where", "apps", "new"])
def test_the_help_of_every_command_has_an_example(shared: Project, command: str) -> None:
    result = shared.run(command, "--help")
    assert (result.code, result.err) == (0, "")
    assert f"example: yagura {command}" in result.out
    assert "exit codes: 0 ok" in result.out


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_the_help_names_every_command(shared: Project, arguments: tuple[str, ...]) -> None:
    result = shared.run(*arguments)
    assert (result.code, result.err) == (0, "")
    for command in ("synth", "where", "apps", "new"):
        assert re.search(rf"^ +{command} +\w", result.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("synth", "--bogus"), "--bogus"),
        (("bogus",), "bogus"),
        (("synth", "extra"), "extra"),
        (("synth", "--cluster"), "--cluster"),
        (("where",), "KIND"),
        (("new", "chart", "x"), "chart"),
        (("new", "app"), "NAME"),
        (("synth", "--cluster", "nowhere"), "nowhere"),
        (("apps", "--cluster", "nowhere"), "production"),
        (("where", "whoami"), "KIND/NAME"),
        (("where", "a/b/c/d"), "KIND/NAME"),
        (("where", "deployment//web"), "KIND/NAME"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_1_and_one_line(
    shared: Project, arguments: tuple[str, ...], word: str
) -> None:
    one_line(shared.run(*arguments), 1, word)


def whoami_line(project: Project) -> int:
    text = (project.root / "apps" / "whoami.py").read_text(encoding="utf-8")
    return next(n for n, line in enumerate(text.splitlines(), 1) if "WebService(self" in line)


@pytest.mark.parametrize(
    "wanted", ["deployment/whoami/web", "Deployment/web", "DEPLOYMENT/whoami/web"]
)
def test_where_prints_the_file_and_the_line_of_an_object(shared: Project, wanted: str) -> None:
    result = shared.run("where", wanted)
    assert (result.code, result.err) == (0, "")
    assert "Deployment/whoami/web\n" in result.out
    assert "dist/production/whoami/deployment-web.yaml\n" in result.out
    assert f"apps/whoami.py:{whoami_line(shared)}\n" in result.out


def test_where_finds_a_cluster_wide_object(shared: Project) -> None:
    result = shared.run("where", "namespace/whoami")
    assert result.code == 0
    assert "dist/production/whoami/namespace-whoami.yaml" in result.out


def test_where_and_apps_start_no_node_when_dist_is_up_to_date(shared: Project) -> None:
    for arguments in (("where", "deployment/whoami/web"), ("apps",)):
        result = shared.run(*arguments, env={"BLOCKED": "jsii"})
        assert result.code == 0, result.err


def test_where_names_the_object_that_was_meant(shared: Project) -> None:
    one_line(shared.run("where", "deploymnt/whoami/web"), 1, "did you mean Deployment/whoami/web?")


def test_where_of_an_object_in_another_namespace_is_no_match(shared: Project) -> None:
    one_line(shared.run("where", "deployment/traefik/web"), 1, "there is no such object")


def test_where_without_a_synth_before_works_and_writes_nothing(project: Project) -> None:
    before = tree(project.dist)
    project.replace("apps/whoami.py", "WebService(self", "\n        WebService(self")
    result = project.run("where", "deployment/whoami/web")
    assert result.code == 0, result.err
    assert f"apps/whoami.py:{whoami_line(project)}\n" in result.out
    assert tree(project.dist) == before


def test_where_of_a_failing_app_names_its_line(project: Project) -> None:
    project.replace("apps/whoami.py", "port=80", "port=undefined")
    one_line(project.run("where", "deployment/whoami/web"), 1, "apps/whoami.py:")


def test_apps_prints_one_line_per_app_under_one_heading(shared: Project) -> None:
    result = shared.run("apps")
    assert (result.code, result.err) == (0, "")
    heading, *rows = result.out.splitlines()
    assert heading.split() == ["APP", "NAMESPACE", "PROJECT", "WAVE", "OBJECTS", "SECRETS", "HOSTS"]
    by_app = {row.split()[0]: row.split() for row in rows}
    assert {"argocd", "traefik", "whoami", "projects"} <= by_app.keys()
    assert by_app["whoami"][1:3] == ["whoami", "apps"]
    assert by_app["whoami"][6].startswith("whoami.")
    assert sum(int(row[4]) for row in by_app.values()) == len(tree(shared.dist))


def test_apps_of_one_cluster_is_the_same_where_there_is_only_one(shared: Project) -> None:
    assert shared.run("apps", "--cluster", "production").out == shared.run("apps").out


@pytest.mark.parametrize(("name", "module"), [("hello", "hello"), ("hello-world", "hello_world")])
def test_new_app_writes_an_app_that_works_at_once(project: Project, name: str, module: str) -> None:
    before = tree(project.dist)
    main = (project.root / "main.py").read_text(encoding="utf-8")
    result = project.run("new", "app", name)
    assert result.code == 0, result.err
    assert "make synth" in result.out
    assert (project.root / "apps" / f"{module}.py").is_file()
    added = [
        line
        for line in (project.root / "main.py").read_text(encoding="utf-8").splitlines()
        if line not in main.splitlines()
    ]
    assert len(added) == 2
    assert added[1].endswith(".after(traefik, external_dns)")
    project.synth()
    after = tree(project.dist)
    assert f"production/{name}/deployment-web.yaml" in after
    assert f"production/root/application-{name}.yaml" in after
    # Its project lets it in, and the platform's lets its team's rights in.
    assert {path for path in before if after[path] != before[path]} == {
        "production/bootstrap/argocd/appproject-argocd-platform.yaml",
        "production/root/appproject-apps.yaml",
    }
    added_files = {path.removeprefix("production/") for path in after.keys() - before.keys()}
    assert {path.partition("/")[0] for path in added_files} == {name, "root", "access"}
    assert f"apps/{module}.py:" in project.run("where", f"deployment/{name}/web").out


def test_two_new_apps_keep_main_sorted_and_working(project: Project) -> None:
    for name in ("zebra", "aardvark"):
        assert project.run("new", "app", name).code == 0
    text = (project.root / "main.py").read_text(encoding="utf-8")
    imports = [line for line in text.splitlines() if line.startswith("from apps.")]
    assert imports == sorted(imports)
    project.synth()
    assert {"zebra", "aardvark"} <= {path.name for path in (project.dist / "production").iterdir()}


@pytest.mark.parametrize(
    "name",
    [
        *("whoami", "argocd", "Hello", "hello_world", "1st", "-x", "x-", "a" * 64, "", "a/b", ".."),
        *("class", "import", "none", "日本", "a b", "root", "bootstrap", "nodes", "kube-system"),
        *("default", "web-service", "app-chart", "platform", "cluster"),
    ],
)
def test_a_new_app_with_a_name_that_cannot_be_is_refused_and_nothing_changes(
    shared: Project, name: str
) -> None:
    before = (tree(shared.root / "apps"), (shared.root / "main.py").read_bytes())
    one_line(shared.run("new", "app", "--", name), 1)
    assert (tree(shared.root / "apps"), (shared.root / "main.py").read_bytes()) == before


def test_a_new_app_is_refused_where_main_has_another_shape(project: Project) -> None:
    project.write("main.py", "def build(app, cluster):\n    pass\n")
    one_line(project.run("new", "app", "hello"), 1, "main.py")
    assert not (project.root / "apps" / "hello.py").exists()


def test_a_reader_that_goes_away_is_no_error(shared: Project) -> None:
    for arguments in (("apps",), ("--help",), ("where", "deployment/web")):
        result = shared.run(*arguments, before=("bash", "-o", "pipefail", "-c", '"$@" | true', "-"))
        assert (result.code, result.err) == (0, "")


def test_a_check_whose_reader_goes_away_still_exits_3(project: Project) -> None:
    (project.dist / "production" / "whoami" / "deployment-web.yaml").unlink()
    before = ("bash", "-o", "pipefail", "-c", '"$@" | true', "-")
    result = project.run("synth", "--check", before=before)
    assert result.code == 3
    assert len(result.err.splitlines()) == 1


def test_a_bug_is_told_in_one_line_with_its_code(project: Project) -> None:
    project.replace("lib/synth/naming.py", "found: dict[str, Manifest] = {}", "1 / 0")
    one_line(project.run("synth"), 5, "a bug of yagura's: ZeroDivisionError")
