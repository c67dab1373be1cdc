""".ci/check-index as git's own hook, in a tiny repository whose "synthesis" copies one file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECK_INDEX = Path(__file__).parents[2] / ".ci" / "check-index"

# Stands in for lib/cli.py: dist/ is right when it repeats the source, and has no secret in it.
STUB = """
import sys
from pathlib import Path

if sys.argv[1:] != ["check"]:
    sys.exit(9)
if Path("source").read_text() != Path("dist/out").read_text():
    sys.exit(3)
sys.exit(2 if "secret" in Path("source").read_text() else 0)
"""


class Repository:
    def __init__(self, root: Path) -> None:
        self.root = root / "repository"
        self.temporary = root / "temporary"
        self.temporary.mkdir()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = clean | {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "TMPDIR": str(self.temporary),
        }
        self.root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "Somebody")
        self.git("config", "user.email", "somebody@festival.example")
        (self.root / ".venv").symlink_to(sys.prefix)
        self.write(".gitignore", ".venv\n.yagura/\n")
        self.write("lib/__init__.py", "")
        self.write("lib/cli.py", STUB)
        self.write("source", "one")
        self.write("dist/out", "one")
        hook = self.root / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f'#!/bin/sh\nexec "{CHECK_INDEX}"\n')
        hook.chmod(0o755)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=first")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    def git(self, *arguments: str) -> str:
        return self.attempt(*arguments, expect=0).stdout

    def attempt(self, *arguments: str, expect: int) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expect, done.stderr
        return done

    def commits(self) -> int:
        return int(self.git("rev-list", "--count", "HEAD"))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_a_staged_source_without_its_staged_dist_is_refused(repository: Repository) -> None:
    repository.write("source", "two")
    repository.write("dist/out", "two")  # synthesized, but forgotten
    repository.git("add", "source")

    refused = repository.attempt("commit", "--message=forgot dist", expect=1)

    assert refused.stderr.splitlines()[-1] == (
        "check-index: refused, exit code 3: what is staged does not make the staged dist/; "
        "run: make synth && git add --all dist"
    )
    assert repository.commits() == 1


def test_what_the_gate_has_something_against_is_refused(repository: Repository) -> None:
    repository.write("source", "a secret")
    repository.write("dist/out", "a secret")
    repository.git("add", "--all")

    refused = repository.attempt("commit", "--message=careless", expect=1)

    assert refused.stderr.splitlines()[-1] == (
        "check-index: refused, exit code 2: put the staged objects right; run: make check"
    )
    assert repository.commits() == 1


def test_half_done_work_that_is_not_staged_does_not_matter(repository: Repository) -> None:
    repository.write("source", "two")
    repository.write("dist/out", "two")
    repository.git("add", "source", "dist")
    repository.write("source", "three")
    repository.write("lib/cli.py", "this is not Python")

    accepted = repository.attempt("commit", "--message=good", expect=0)

    assert (
        "check-index: the staged dist/ is what the staged sources say, "
        "and the gate has nothing against it" in (accepted.stdout + accepted.stderr).splitlines()
    )
    assert repository.git("show", "HEAD:source") == "two"
    assert (repository.root / "source").read_text() == "three"


def test_a_file_that_nobody_staged_cannot_help(repository: Repository) -> None:
    repository.write("lib/cli.py", "import lib.more\n" + STUB)
    repository.write("lib/more.py", "")
    repository.git("add", "lib/cli.py")

    refused = repository.attempt("commit", "--message=forgot a module", expect=1)

    assert "No module named 'lib.more'" in refused.stderr


def test_committing_named_files_checks_the_index_of_that_commit(repository: Repository) -> None:
    repository.write("source", "two")
    repository.write("dist/out", "two")
    repository.git("add", "source", "dist")

    repository.attempt("commit", "--message=half of it", "source", expect=1)
    repository.attempt("commit", "--message=both", "source", "dist/out", expect=0)


def test_it_leaves_no_trace(repository: Repository) -> None:
    before = repository.git("status", "--porcelain")
    repository.git("commit", "--quiet", "--allow-empty", "--message=fine")
    repository.write("source", "two")
    repository.attempt("commit", "--all", "--message=wrong", expect=1)
    repository.git("checkout", "--quiet", "source")

    assert list(repository.temporary.iterdir()) == []
    assert repository.git("status", "--porcelain") == before
    assert not list(repository.root.rglob("__pycache__"))
