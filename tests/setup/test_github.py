"""The workflows ask for little and pin what they run; Renovate understands our version comments."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yaml"))
RENOVATE = json.loads((ROOT / "renovate.json").read_text())

# Workflow -> what its own token may write. Renovate's app token is another one.
MAY_WRITE: dict[str, set[str]] = {}

workflows = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text())
    return loaded


def test_there_are_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yaml", "renovate.yaml"]


@workflows
def test_every_action_is_pinned_by_digest_with_its_version_beside_it(path: Path) -> None:
    uses = re.findall(r"\buses: .*@.*", path.read_text())
    pinned = [
        line for line in uses if re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
    ]
    assert uses
    assert pinned == uses


@workflows
def test_the_token_may_write_only_what_is_listed(path: Path) -> None:
    workflow = load(path)
    granted = [workflow["permissions"]]
    granted += [job["permissions"] for job in workflow["jobs"].values() if "permissions" in job]
    assert all(isinstance(permissions, dict) for permissions in granted)
    written = {
        name for permissions in granted for name, level in permissions.items() if level != "read"
    }
    assert written <= MAY_WRITE.get(path.name, set())


@workflows
def test_jobs_end_and_checkouts_keep_no_token(path: Path) -> None:
    for job in load(path)["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert step["name"]
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_ci_runs_the_targets_as_steps_of_their_own() -> None:
    steps = load(ROOT / ".github" / "workflows" / "ci.yaml")["jobs"]["check"]["steps"]
    commands = [step.get("run") for step in steps]
    assert {"make test", "make check CHECK=--no-cache", "make lint"} <= set(commands)


def test_renovate_may_run_the_commands_of_its_configuration_and_no_others() -> None:
    workflow = load(ROOT / ".github" / "workflows" / "renovate.yaml")
    step = workflow["jobs"]["renovate"]["steps"][-1]
    allowed = json.loads(step["env"]["RENOVATE_ALLOWED_COMMANDS"])
    tasks = [RENOVATE["postUpgradeTasks"]]
    tasks += [r["postUpgradeTasks"] for r in RENOVATE["packageRules"] if "postUpgradeTasks" in r]
    commands = {command for task in tasks for command in task["commands"]}
    assert {f"^{command}$" for command in commands} == set(allowed)
    assert all("dist/**" in task["fileFilters"] for task in tasks)


def extract(file: str, text: str) -> list[dict[str, str]]:
    """Read what Renovate would read.

    Its patterns are RE2 with JavaScript's names for groups; beyond the names, these use nothing
    that Python reads differently.
    """
    found = []
    for manager in RENOVATE["customManagers"]:
        patterns = [pattern.strip("/") for pattern in manager["managerFilePatterns"]]
        if any(re.search(pattern, file) for pattern in patterns):
            for pattern in manager["matchStrings"]:
                assert not re.search(r"\(\?<?[=!]", pattern), "RE2 cannot look around"
                python = re.sub(r"\(\?<(?=[a-zA-Z])", "(?P<", pattern)
                found += [match.groupdict() for match in re.finditer(python, text)]
    return [{name: value for name, value in one.items() if value} for one in found]


def test_renovate_reads_an_image() -> None:
    text = '# renovate: datasource=docker\nIMAGE = "docker.io/traefik/whoami:v1.11.0"\n'
    assert extract("apps/whoami.py", text) == [
        {
            "datasource": "docker",
            "depName": "docker.io/traefik/whoami",
            "currentValue": "v1.11.0",
        }
    ]


def test_renovate_reads_an_image_with_a_port_and_a_digest() -> None:
    digest = "sha256:" + "0" * 64
    text = (
        "# renovate: datasource=docker\n"
        f'API_IMAGE = "registry.festival.example:5000/a/b:1.2.3@{digest}"\n'
    )
    assert extract("apps/reactions.py", text) == [
        {
            "datasource": "docker",
            "depName": "registry.festival.example:5000/a/b",
            "currentValue": "1.2.3",
            "currentDigest": digest,
        }
    ]


def test_renovate_reads_a_chart() -> None:
    text = (
        "# renovate: datasource=helm depName=argo-cd "
        "registryUrl=https://argoproj.github.io/argo-helm\n"
        'CHART_VERSION = "10.1.1"\n'
    )
    assert extract("apps/argocd.py", text) == [
        {
            "datasource": "helm",
            "depName": "argo-cd",
            "registryUrl": "https://argoproj.github.io/argo-helm",
            "currentValue": "10.1.1",
        }
    ]


def test_renovate_reads_a_release() -> None:
    text = (
        "# renovate: datasource=github-releases depName=argoproj-labs/argocd-vault-plugin\n"
        'AVP_VERSION = "1.18.1"\n'
    )
    assert extract("apps/argocd.py", text) == [
        {
            "datasource": "github-releases",
            "depName": "argoproj-labs/argocd-vault-plugin",
            "currentValue": "1.18.1",
        }
    ]


@pytest.mark.parametrize("version", ["v1.18.1", "v1.36.3+rke2r1"])
def test_renovate_keeps_a_v_where_one_is_written(version: str) -> None:
    comment = "# renovate: datasource=github-releases depName=some/thing\n"
    expected = [{"datasource": "github-releases", "depName": "some/thing", "currentValue": version}]
    assert extract("apps/thing.py", f'{comment}VERSION = "{version}"\n') == expected
    assert extract("clusters/a.yaml", f"rke2:\n  {comment}  version: {version}\n") == expected
    assert extract("clusters/a.yaml", f'rke2:\n  {comment}  version: "{version}" # x\n') == expected


def test_renovate_reads_an_image_written_on_two_lines() -> None:
    digest = "sha256:" + "0" * 64
    text = (
        "# renovate: datasource=docker\n"
        f'CURL_IMAGE = (\n    "docker.io/curlimages/curl:8.21.0"\n    "@{digest}"\n)\n'
    )
    assert extract("apps/argocd/vault_plugin.py", text) == [
        {
            "datasource": "docker",
            "depName": "docker.io/curlimages/curl",
            "currentValue": "8.21.0",
            "currentDigest": digest,
        }
    ]


def test_renovate_reads_a_module_that_schemas_come_from() -> None:
    text = (
        "    # renovate: datasource=go depName=github.com/traefik/traefik/v3\n"
        '    Source(\n        module="github.com/traefik/traefik/v3",\n        version="v3.7.13",\n'
    )
    assert extract("tools/schema_sources.py", text) == [
        {
            "datasource": "go",
            "depName": "github.com/traefik/traefik/v3",
            "currentValue": "v3.7.13",
        }
    ]


def test_every_comment_in_the_repository_is_understood() -> None:
    files = [*ROOT.glob("*.py"), *WORKFLOWS, ROOT / ".ci" / "setup"]
    for folder in ["apps", "clusters", "lib", "tools"]:
        files += [file for file in (ROOT / folder).rglob("*") if file.suffix in {".py", ".yaml"}]
    for file in files:
        text = file.read_text()
        read = extract(file.relative_to(ROOT).as_posix(), text)
        assert len(read) == len(re.findall(r"# renovate: ", text)), file


def test_rke2_versions_are_ordered_by_build_too() -> None:
    rules = [r for r in RENOVATE["packageRules"] if r.get("matchPackageNames") == ["rancher/rke2"]]
    pattern = rules[0]["versioning"].removeprefix("regex:").replace("(?<", "(?P<")
    match = re.fullmatch(pattern, "v1.36.3+rke2r2")
    assert match
    assert match.groupdict() == {"major": "1", "minor": "36", "patch": "3", "build": "2"}
    assert not re.fullmatch(pattern, "v1.36.3-rc1+rke2r1")


def test_the_live_stream_team_owns_its_app_and_only_that() -> None:
    lines = (ROOT / ".github" / "CODEOWNERS").read_text().splitlines()
    owners = dict(line.split() for line in lines if line and not line.startswith("#"))
    team = [path for path, owner in owners.items() if owner.endswith("/live-stream")]
    assert team == ["/apps/reactions/", "/dist/*/reactions/"]
    # The last matching line counts, so theirs come last.
    assert list(owners)[-2:] == team
    platform = {"/clusters/", "/apps/", "/lib/", "/terraform/", "/.github/"}
    assert platform | {"/dist/*/bootstrap/", "/dist/*/root/"} <= set(owners) - set(team)
