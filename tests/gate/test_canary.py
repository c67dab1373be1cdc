"""A canary: no value of the environment, and no wrong value of a file, gets out of a run."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.synth.project import ROOT, tree

if TYPE_CHECKING:
    from tests.synth.project import Project, Result

# Where credentials lie on a machine that a person deploys from, and in CI.
VARIABLES = (
    "ACTIONS_RUNTIME_TOKEN",
    "AVP_ROLE_ID",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "CF_API_TOKEN",
    "GITHUB_TOKEN",
    "KUBECONFIG",
    "SAKURACLOUD_ACCESS_TOKEN",
    "SAKURACLOUD_ACCESS_TOKEN_SECRET",
    "SSH_AUTH_SOCK",
    "TF_VAR_password",
    "USER",
    "VAULT_ADDR",
    "VAULT_TOKEN",
)
# Of every kind: as text, as a GitHub token, and as what node and Python could be told.
CANARIES = {name: f"ghp_canary{number:03}Qx7Zr2Lk4TvB8sYp3NfJ6hMd1" for number, name in
            enumerate(VARIABLES)}  # fmt: skip


def leaks(place: str, content: bytes) -> list[str]:
    """The canaries in a text, as they are or in base64."""
    text = content.decode(errors="replace")
    return [
        f"{name} in {place}"
        for name, canary in CANARIES.items()
        if canary in text or _in_base64(canary) in text
    ]


def _in_base64(canary: str) -> str:
    return base64.b64encode(canary.encode()).decode().rstrip("=")[:-1]


def with_kubeconform(project: Project) -> None:
    (project.root / ".yagura" / "bin").symlink_to(ROOT / ".yagura" / "bin")


def leaks_of(project: Project, *results: Result) -> list[str]:
    """The canaries in all that runs have written and said."""
    said = [leaks("its output", f"{result.out}{result.err}".encode()) for result in results]
    written = [
        leaks(f"{folder}/{path}", content)
        for folder in ("dist", ".yagura")
        for path, content in tree(project.root / folder).items()
    ]
    return [line for found in (*said, *written) for line in found]


def test_the_canary_is_heard_when_it_sings() -> None:
    canary = CANARIES["VAULT_TOKEN"]
    assert leaks("here", f"a{canary}b".encode()) == ["VAULT_TOKEN in here"]
    encoded = base64.b64encode(f"{canary} and more".encode())
    assert leaks("here", encoded) == ["VAULT_TOKEN in here"]


def test_no_value_of_the_environment_is_in_dist_the_output_or_the_cache(project: Project) -> None:
    project.add_app(
        'configmap(self, "seen", {name: str(value) for name, value in os.environ.items()})'
    )
    with_kubeconform(project)
    runs = [
        project.run("synth", "--no-cache", env=CANARIES),
        project.run("check", env=CANARIES),
        project.run("secrets", env=CANARIES),
        project.run("apps", env=CANARIES),
    ]
    assert all(result.code in {0, 2} for result in runs), runs
    assert "configmap-seen" in " ".join(tree(project.dist))
    assert leaks_of(project, *runs) == []


def test_no_value_of_the_environment_is_in_the_message_of_a_failure(project: Project) -> None:
    project.add_app('raise ValueError("the canary stays silent: %s" % sorted(os.environ))')
    result = project.run("synth", env=CANARIES)
    assert result.code == 1
    assert "the canary stays silent" in result.err
    assert leaks_of(project, result) == []


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('VaultSecret(self, "s", name="s", data={"password": "{canary}"})', "plain str"),
        ('VaultSecret(self, "s", name="s", data={"password": literal("{canary}")})', "literal"),
        ('VaultSecret(self, "s", name="s", data={"a": template("{canary}", A_SECRET)})',
         "looks like a credential"),
        ('self.helm(HelmSource(chart="a", values={"password": "{canary}"}, **CHART))',
         "looks like a credential"),
    ],
)  # fmt: skip
def test_a_credential_in_an_app_is_refused_and_not_repeated(
    project: Project, body: str, word: str
) -> None:
    before = tree(project.dist)
    imports = "from lib.constructs import HelmSource, VaultSecret, literal, template, vault"
    canary = CANARIES["GITHUB_TOKEN"]
    chart = 'CHART = {"repo": "https://a.example", "version": "1.0.0", "release": "a"}'
    chart += '\nA_SECRET = vault("extra/a", "b")'
    project.add_app(f"{imports}\n{chart}\n{body.replace('{canary}', canary)}")
    result = project.run("synth")
    assert result.code != 0
    assert word in result.err
    assert tree(project.dist) == before
    assert leaks_of(project, result) == []


@pytest.mark.parametrize("line", ["vault_token: {canary}", "name: {canary}", "domain: {canary}"])
def test_a_credential_in_a_cluster_file_is_refused_and_not_repeated(
    project: Project, line: str
) -> None:
    before = tree(project.dist)
    text = line.replace("{canary}", CANARIES["GITHUB_TOKEN"])
    key = line.partition(":")[0]
    path = project.root / "clusters" / "production.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [text if each.startswith(f"{key}:") else each for each in lines]
    path.write_text("\n".join(lines if text in lines else [*lines, text]) + "\n", encoding="utf-8")
    result = project.run("synth")
    assert result.code == 1
    assert tree(project.dist) == before
    assert leaks_of(project, result) == []


def test_a_finding_does_not_show_the_credential_that_it_is_about(project: Project) -> None:
    canary = CANARIES["GITHUB_TOKEN"]
    manifests = project.root / "manifests"
    manifests.mkdir()
    with_kubeconform(project)
    (manifests / "a.yaml").write_text(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\n"
        f"stringData: {{password: {canary}}}\n---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n"
        f"data: {{a: 'token {canary}', b.yaml: 'password: {canary}'}}\n",
        encoding="utf-8",
    )
    results = [
        project.run("check", "manifests", "--rules", "S", "--output", output)
        for output in ("text", "json", "github", "sarif")
    ]
    assert [result.code for result in results] == [2] * 4
    assert all("S01" in result.out and "S06" in result.out for result in results)
    assert leaks_of(project, *results) == []
