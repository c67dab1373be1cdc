"""Every fault that is seeded into dist/ is named: by rule, object, line and line of Python."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from lib.checks import catalogue
from lib.checks.document import DIST
from tests.gate.faults import FAULTS
from tests.gate.faults.fault import FILE
from tests.gate.seeding import Dist, sources_of
from tests.synth.project import FIRST, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from lib.checks.finding import Finding, Report
    from tests.gate.faults.fault import Fault
    from tests.synth.project import Project, Result

BY_NAME = {fault.says: fault for fault in FAULTS}
IN_PROGRAM = (
    "a merge left its marks behind",
    "a field of a Deployment is misspelt",
    "a Secret's value is the password itself",
    "a container is privileged",
    "a route leads to a port that its Service lacks",
    "Vault speaks without encryption",
)
# Rules that no fault above is for, and why.
WITHOUT_FAULT = {
    "A11": "every Application is applied by the server, and no object is so large: two faults",
    "G02": "the file on the disk is compared, by the program alone: see below",
    "G04": "likewise",
    "G20": "it is about the gate itself, not about what it judges: tests/checks/test_engine.py",
}


@pytest.fixture(scope="module")
def checked(pristine: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy that has all that the gate needs, and whose last synth is known."""
    copy = pristine.copied(tmp_path_factory.mktemp("checked") / "project")
    shutil.copytree(ROOT / "policy", copy.root / "policy")
    (copy.root / ".yagura" / "bin").symlink_to(ROOT / ".yagura" / "bin")
    copy.synth()
    return copy


@pytest.fixture(scope="module")
def dist(checked: Project, tmp_path_factory: pytest.TempPathFactory) -> Dist:
    return Dist(sources_of(checked), tmp_path_factory.mktemp("policy"), FAULTS)


@pytest.fixture(scope="module")
def before(dist: Dist) -> Report:
    return dist.judged()


def about(report: Report, fault: Fault, path: str) -> list[Finding]:
    """The findings of the fault's rule that name its object."""
    named = path if fault.object == FILE else fault.object
    return [each for each in report.findings if (each.rule, each.object) == (fault.rule, named)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.says)
def test_the_gate_sees_that(fault: Fault, dist: Dist, before: Report) -> None:
    path = dist.place_of(fault)
    assert about(before, fault, path) == []
    report = dist.judged(fault)
    assert report.crashed == ()
    found = about(report, fault, path)
    assert {each.file for each in found} == {path}, report.findings
    lines = dist.text_of(fault, path).splitlines()
    assert any(fault.shows in lines[each.line - 1] for each in found), found
    if path.startswith(f"{DIST}/"):
        for each in found:
            assert_made_by(each, dist.texts[path].partition("\n")[0])


def assert_made_by(finding: Finding, heading: str) -> None:
    """The finding leads to a line of the Python file that the manifest says it is from."""
    assert finding.source is not None
    assert f" {finding.source.file};" in heading
    # A line that is not known would be given as the first.
    length = len((ROOT / finding.source.file).read_text(encoding="utf-8").splitlines())
    assert 1 < finding.source.line <= length


def test_the_faults_are_distinct(dist: Dist) -> None:
    assert len({(seeded.path, seeded.text) for seeded in dist.seeds.values()}) == len(FAULTS)
    assert all(fault.shows for fault in FAULTS)
    assert len(BY_NAME) == len(FAULTS) > 200


def test_every_rule_has_a_fault_or_a_reason_to_have_none() -> None:
    assert catalogue.RULES.keys() - {fault.rule for fault in FAULTS} == WITHOUT_FAULT.keys()


# --- through the program itself ------------------------------------------------------------------


@pytest.fixture
def project(checked: Project, tmp_path: Path) -> Project:
    """A copy of this test's own."""
    return checked.copied(tmp_path / "project")


def paragraph(result: Result, title: str) -> str:
    """What the report says under the title of one Python line and object."""
    found = [each for each in result.out.split("\n\n") if each.lstrip("\n").startswith(title)]
    assert len(found) == 1, result
    return found[0]


@pytest.mark.parametrize("name", IN_PROGRAM)
def test_the_program_says_that(name: str, project: Project, dist: Dist) -> None:
    fault = BY_NAME[name]
    (named,) = about(dist.judged(fault), fault, dist.place_of(fault))
    seeded = dist.seeds[fault]
    (project.root / seeded.path).write_text(seeded.text, encoding="utf-8")
    result = project.run("check", "dist")
    assert result.code == 2, result
    said = paragraph(result, f"{named.source}  {named.object}")
    assert f" {fault.rule} line {named.line}" in said
    assert named.message in said


def web_service() -> str:
    """Where whoami's Python makes its Deployment and what belongs to it."""
    lines = (ROOT / "apps" / "whoami.py").read_text(encoding="utf-8").splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if "WebService(" in line]
    return f"apps/whoami.py:{numbers[0]}"


def test_a_change_by_hand_is_drift(project: Project) -> None:
    path = "dist/production/whoami/deployment-web.yaml"
    project.replace(path, "replicas: 2", "replicas: 3")
    result = project.run("check")
    assert result.code == 3, result
    said = paragraph(result, f"{web_service()}  Deployment whoami/web")
    assert "error G02 line 3\n    the sources make another file of this object" in said


def test_a_file_that_is_gone_is_drift(project: Project) -> None:
    (project.dist / "production" / "whoami" / "poddisruptionbudget-web.yaml").unlink()
    result = project.run("check", "--rules", "G02")
    assert result.code == 3, result
    said = paragraph(result, f"{web_service()}  PodDisruptionBudget whoami/web")
    assert "the sources make this file, and it is not there" in said


def test_a_file_that_somebody_put_into_dist_is_named(project: Project) -> None:
    path = "dist/production/whoami/extra.yaml"
    project.write(path, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: whoami}\n")
    result = project.run("check")
    assert result.code == 2, result
    assert "error G04 line 1\n    yagura did not write this file" in paragraph(
        result, f"{path}:1  ConfigMap whoami/a"
    )


def test_a_fault_in_python_is_named_by_its_line(project: Project) -> None:
    project.add_app(
        'KubeObject(self, "front", api_version="v1", kind="Service", name="front",\n'
        '           body={"spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}})'
    )
    project.synth()
    result = project.run("check")
    assert result.code == 2, result
    said = paragraph(result, f"apps/extra.py:{FIRST}  Service extra/front")
    assert "warning N02 " in said
    assert "a Service of type LoadBalancer is reached from outside" in said
