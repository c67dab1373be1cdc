"""Files for the nodes lie in dist/ with the same guarantees as manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from lib.errors import FindingsError, InternalError
from lib.manifests import Source
from lib.synth import node_files
from lib.synth.node_files import FileForNodes, without_node_files
from tests.synth.project import FIRST, tree

if TYPE_CHECKING:
    from tests.synth.project import Project

EXTRA = "production/nodes/server/extra.yaml"
LINES = (
    "from lib.constructs import NodeFile\n"
    'NodeFile(self, "server/extra.yaml", content={"tls-san": ["a", "no"], "on": True})\n'
    'NodeFile(self, "agent/extra.conf", content="# ours\\nkernel.panic=10\\n")'
)


def file(
    path: str = "nodes/server/a.yaml", construct: str = "one/a", line: int = 1
) -> FileForNodes:
    content = {"a": "b"}
    return FileForNodes(
        path=path, content=content, construct=construct, source=Source("apps/x.py", line)
    )


def test_a_map_becomes_yaml_and_a_text_stays_as_it_is(project: Project) -> None:
    project.add_app(LINES)
    project.synth()
    heading = "# yagura made this from apps/extra.py; change it there and run make synth\n"
    text = (project.dist / EXTRA).read_text(encoding="utf-8")
    assert text.startswith(heading)
    assert yaml.safe_load(text) == {"tls-san": ["a", "no"], "on": True}
    conf = project.dist / "production" / "nodes" / "agent" / "extra.conf"
    assert conf.read_text(encoding="utf-8") == f"{heading}# ours\nkernel.panic=10\n"


def test_a_second_run_has_nothing_to_do_and_a_change_is_noticed(project: Project) -> None:
    project.add_app(LINES)
    project.synth()
    assert project.remembered()
    project.replace("apps/extra.py", "kernel.panic=10", "kernel.panic=11")
    assert not project.remembered()
    assert "~ production/nodes/agent/extra.conf" in project.synth().err
    assert project.remembered()


def test_a_change_outside_is_noticed_by_check_and_mended(project: Project) -> None:
    project.add_app(LINES)
    project.synth()
    expected = tree(project.dist)
    with (project.dist / EXTRA).open("a", encoding="utf-8") as opened:
        opened.write("by: hand\n")
    result = project.run("synth", "--check")
    assert result.code == 3
    assert "-by: hand" in result.out
    project.synth()
    assert tree(project.dist) == expected
    assert project.run("synth", "--check").code == 0


def test_a_file_that_no_app_makes_any_more_goes(project: Project) -> None:
    before = tree(project.dist)
    project.add_app(LINES)
    project.synth()
    assert EXTRA in tree(project.dist)
    project.add_app("")
    project.synth()
    assert tree(project.dist).keys() - before.keys() == {
        path for path in tree(project.dist) if "extra" in path
    }
    assert EXTRA not in tree(project.dist)


def test_a_file_of_somebody_elses_is_not_overwritten(project: Project) -> None:
    project.add_app(LINES)
    path = project.dist / EXTRA
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine: true\n", encoding="utf-8")
    project.refuses(2, f"dist/{EXTRA}: not made by yagura")


def test_where_and_apps_know_the_files(project: Project) -> None:
    project.add_app(LINES)
    project.synth()
    result = project.run("where", "nodefile/server/extra.yaml")
    assert result.code == 0, result.err
    assert f"dist/{EXTRA}\n" in result.out
    assert f"apps/extra.py:{FIRST + 1}\n" in result.out
    rows = {row.split()[0]: row.split() for row in project.run("apps").out.splitlines()}
    own = [path for path in tree(project.dist) if "extra" in path]
    # The Namespace, its policy, a ConfigMap, the Application, and two files.
    assert rows["extra"][4] == str(len(own)) == "6"


def test_two_apps_with_the_same_file_are_both_named(project: Project) -> None:
    project.add_app(
        "from lib.constructs import NodeFile\n"
        'NodeFile(self, "server/extra.yaml", content={"a": 1})\n'
        "class Other(AppChart):\n"
        "    pass\n"
        'other = Other(scope, "other", cluster=cluster, namespace=None)\n'
        'NodeFile(other, "server/extra.yaml", content={"a": 2})'
    )
    project.refuses_in_one_line(
        2,
        "nodes/server/extra.yaml is made twice",
        f"apps/extra.py:{FIRST + 1}",
        f"apps/extra.py:{FIRST + 5}",
    )


def test_an_application_that_reads_the_folder_is_refused(project: Project) -> None:
    project.add_app(
        f"{LINES}\n"
        "from lib.constructs import Application, FolderSource\n"
        'path = f"dist/{cluster.name}/nodes"\n'
        "Application(\n"
        '    self.root, "all", cluster=cluster, name="all", project="apps", namespace="extra",\n'
        "    sources=[FolderSource(path=path)],\n"
        ")"
    )
    project.refuses(2, "its path 'dist/production/nodes' has no file in it")


def test_paths_are_sorted_and_a_collision_names_both_lines() -> None:
    one, two = file(), file("nodes/agent/a.yaml")
    assert list(node_files.paths("c", [one, two])) == [
        "c/nodes/agent/a.yaml",
        "c/nodes/server/a.yaml",
    ]
    with pytest.raises(FindingsError, match=r"apps/x.py:9: .*apps/x.py:1 \(one/a and two/a\)"):
        node_files.paths("c", [one, file(construct="two/a", line=9)])


def test_what_does_not_read_back_is_refused() -> None:
    broken = FileForNodes(
        path="nodes/server/a.yaml",
        content={"a": ("b",)},  # YAML knows lists alone
        construct="one/a",
        source=Source("apps/x.py", 1),
    )
    with pytest.raises(InternalError, match=r"apps/x.py:1: nodes/server/a.yaml does not read back"):
        node_files.text_of(broken)


def test_a_tree_without_them_is_what_kubectl_can_apply() -> None:
    objects = {"c/nodes-of-mine/a.yaml": b"", "c/shop/nodes/a.yaml": b""}
    assert without_node_files({**objects, "c/nodes/server/a.yaml": b""}) == objects


@pytest.mark.parametrize("folder", ["out", ".yagura/cdk8s"])
def test_the_cdk8s_cli_gets_the_objects_alone(project: Project, folder: str) -> None:
    project.add_app(LINES)
    result = project.run("synth", env={"CDK8S_OUTDIR": folder})
    assert result.code == 0, result.err
    written = tree(project.root / folder)
    assert "production/extra/configmap-first.yaml" in written
    assert not any(path.startswith("production/nodes/") for path in written)
    assert (EXTRA in tree(project.dist)) is (folder != "out")
