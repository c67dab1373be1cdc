"""A copy of the project to run the real program in: every test may break its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "main.py",
    "apps",
    "lib",
    "clusters",
    "schemas",
    "cdk8s.yaml",
    "requirements.lock",
    "pyproject.toml",
)
UP_TO_DATE = "dist/ is up to date"

_APP = '''"""An app of the test's."""

from pathlib import Path
import os
import subprocess

import cdk8s

from lib.constructs import AppChart, KubeObject


def configmap(scope, name, data=None, **options):
    KubeObject(
        scope, name, api_version="v1", kind="ConfigMap", name=name, body={"data": data}, **options
    )


class Extra(AppChart):
    def __init__(self, scope, *, cluster):
        super().__init__(scope, "extra", cluster=cluster)
        configmap(self, "first", {"a": "b"})
'''
# Python runs this first: without cdk8s, or with every folder listed the other way round.
_HOOK = """
import os, sys

if "BLOCKED" in os.environ:
    sys.modules["jsii"] = sys.modules["cdk8s"] = None
if "REVERSED" in os.environ:
    listdir, scandir = os.listdir, os.scandir

    class Reversed:
        def __init__(self, entries):
            self.entries = entries

        def __enter__(self):
            return iter(sorted(self.entries, key=lambda entry: entry.name, reverse=True))

        def __exit__(self, *error):
            self.entries.close()

        def __iter__(self):
            return self.__enter__()

    os.listdir = lambda *path: sorted(listdir(*path), reverse=True)
    os.scandir = lambda *path: Reversed(scandir(*path))
"""
# The line of an app's own first statement in the file that ``add_app`` writes.
FIRST = len(_APP.splitlines()) + 1


@dataclass(frozen=True)
class Result:
    """How a run ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A copy of the project, and the program in it."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def dist(self) -> Path:
        return self.root / "dist"

    @property
    def state(self) -> Path:
        return self.root / ".yagura" / "state.json"

    def environment(self, env: Mapping[str, str] | None = None) -> dict[str, str]:
        home, hook = self.root.parent / "home", self.root.parent / "hook"
        if not hook.is_dir():
            home.mkdir(exist_ok=True)
            hook.mkdir()
            (hook / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
        path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
        start = {"PATH": path, "HOME": str(home), "PYTHONPATH": f"{self.root}:{hook}"}
        return {**start, **self.env, **(env or {})}

    def start(
        self,
        *arguments: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        before: Sequence[str] = (),
        program: Sequence[str] = ("-m", "lib.cli"),
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*before, sys.executable, *program, *map(str, arguments)],
            cwd=cwd or self.root,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(
        self,
        *arguments: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        before: Sequence[str] = (),
        program: Sequence[str] = ("-m", "lib.cli"),
    ) -> Result:
        return finished(self.start(*arguments, env=env, cwd=cwd, before=before, program=program))

    def synth(self, *arguments: str | Path, env: Mapping[str, str] | None = None) -> Result:
        """Synthesize, which has to work."""
        result = self.run("synth", *arguments, env=env)
        assert (result.code, result.out) == (0, ""), result.err
        return result

    def remembered(self) -> bool:
        """Whether the next synth finds that there is nothing to do, without cdk8s or node."""
        result = self.run("synth", env={"BLOCKED": "jsii"})
        assert (result.code == 0) == result.err.startswith(UP_TO_DATE), result
        return result.code == 0

    def refuses(self, code: int, *words: str, arguments: Sequence[str | Path] = ()) -> Result:
        """Synthesize, which has to fail with ``code``, say ``words``, and leave dist/ alone."""
        before = tree(self.dist)
        result = self.run("synth", *arguments)
        assert result.code == code, result
        for word in words:
            assert word in result.err
        assert "Traceback" not in result.err
        assert result.out == ""
        assert tree(self.dist) == before
        assert leftovers(self.dist) == []
        return result

    def refuses_in_one_line(self, code: int, *words: str) -> Result:
        result = self.refuses(code, *words)
        assert len(result.err.splitlines()) == 1, result.err
        return result

    def add_app(self, body: str = "", *, path: str = "apps/extra.py") -> None:
        """Write an app whose constructor ends with ``body``, and its line in main.py.

        It holds one ConfigMap, ``first``, already; the first line of ``body`` is line ``FIRST``.
        """
        lines = "".join(f"        {line}\n" for line in body.splitlines())
        self.write(path, f"{_APP}{lines}")
        main = self.root / "main.py"
        text = main.read_text(encoding="utf-8")
        if "Extra" not in text:
            text = text.replace("from apps.", "from apps.extra import Extra\nfrom apps.", 1)
            head, mark, tail = text.partition("\n\ndef _storage(")
            text = f"{head.rstrip()}\n    Extra(app, cluster=cluster)\n{mark}{tail}"
            main.write_text(text, encoding="utf-8")

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def replace(self, path: str, old: str, new: str) -> None:
        target = self.root / path
        text = target.read_text(encoding="utf-8")
        assert old in text
        target.write_text(text.replace(old, new, 1), encoding="utf-8")

    def configmap(self, name: str = "first") -> str:
        """The text of one of the added app's ConfigMaps."""
        path = self.dist / "production" / "extra" / f"configmap-{name}.yaml"
        return path.read_text(encoding="utf-8")

    def copied(self, root: Path) -> Project:
        shutil.copytree(self.root, root, symlinks=True)
        return Project(root)


def finished(process: subprocess.Popen[str], patience: float = 60) -> Result:
    """Wait for a program; end it and all that it started when it takes too long."""
    try:
        out, err = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        pytest.fail(f"no end after {patience} s: {out}{err}")
    return Result(process.returncode, out, err)


def tree(top: Path) -> dict[str, bytes]:
    """All files below ``top``, with their content."""
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def tree_hash(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{len(files[path])}\0".encode())
        whole.update(files[path])
    return whole.hexdigest()


def leftovers(top: Path) -> list[str]:
    """What a write leaves beside ``top`` when it is killed."""
    return sorted(path.name for path in top.parent.glob(f".{top.name}.*"))


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy that is up to date, whose only memory is what jsii unpacked."""
    root = tmp_path_factory.mktemp("pristine") / "project"
    root.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / part, root / part)
    project = Project(root)
    result = project.run("synth")
    assert result.code == 0, result.err
    (root / ".yagura" / "jsii").rename(root.parent / "jsii")
    shutil.rmtree(root / ".yagura")
    (root / ".yagura").mkdir()
    (root / ".yagura" / "jsii").symlink_to(root.parent / "jsii")
    return project


@pytest.fixture
def project(pristine: Project, tmp_path: Path) -> Project:
    """A copy of this test's own."""
    return pristine.copied(tmp_path / "project")
