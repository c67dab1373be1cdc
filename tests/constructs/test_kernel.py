"""The node that runs before jsii is loaded: it is used, and it never outlives Python."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
# What every script begins with. A new cache makes node unpack the packages, as after a checkout.
_HEAD = """
import os, signal, sys, time
from lib.nodejs import process

if "CACHE" in os.environ:
    process.PROJECT = os.environ["CACHE"]
asked = []


def listen():
    from jsii._kernel.providers.process import _NodeProcess

    send = _NodeProcess.send
    _NodeProcess.send = lambda self, request, kind: (
        asked.append(type(request).__name__), send(self, request, kind)
    )[1]


def kernels_process():
    import jsii

    return jsii._runtime.kernel.provider._process._process
"""
_BUILD = """
from lib.constructs import KubeObject, kernel
from cdk8s import App, Chart

KubeObject(
    Chart(App(), "chart"), "map", api_version="v1", kind="ConfigMap", name="map", body={"data": {}}
)
"""


def python(body: str, folder: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Run a script; whatever it and its node leave in the temporary folder lies in ``folder``."""
    folder.mkdir(exist_ok=True)
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.Popen(
        [sys.executable, "-c", f"{_HEAD}\n{body}"],
        cwd=ROOT,
        env={**kept, "TMPDIR": str(folder), **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def said(body: str, folder: Path, env: Mapping[str, str] | None = None) -> list[str]:
    """Run a script to its good end and give the lines that it printed."""
    script = python(body, folder, env)
    out, err = script.communicate(timeout=60)
    assert (script.returncode, err) == (0, "")
    return out.splitlines()


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits for its parent to take note does not."""
    status = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        return not Path("/proc/self").exists() or ") Z " not in status.read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False


def ends(pid: int, patience: float = 20) -> bool:
    """Whether a process ends within ``patience`` seconds; if not, it is ended here."""
    until = time.monotonic() + patience
    while is_alive(pid):
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A temporary folder, which the test has to leave empty."""
    yield tmp_path / "temporary"
    assert list((tmp_path / "temporary").iterdir()) == []


def test_jsii_uses_the_node_that_was_started_early(folder: Path) -> None:
    body = f"""
process.start()
{_BUILD}
print(kernels_process() is process.started().process, kernel.node == process.started().program)
"""
    assert said(body, folder) == ["True True"]


def test_jsii_uses_the_node_that_starts_as_it_is_loaded_itself(folder: Path) -> None:
    body = f"{_BUILD}\nprint(kernels_process() is process.started().process)"
    assert said(body, folder) == ["True"]


def test_what_node_loaded_ahead_is_not_asked_for_again(folder: Path) -> None:
    body = f"listen()\n{_BUILD}\nprint(asked.count('LoadRequest'), len(process.started().ahead))"
    assert said(body, folder) == ["0 0"]


def test_a_package_that_node_cannot_load_is_told_in_its_words(folder: Path) -> None:
    body = """
process._installed = lambda name: [process.Package(name, "1.0.0", f"/nonexistent/{name}.tgz")]
from lib.errors import EnvironmentFault
process.packed = lambda cache: "/nonexistent/ours.tgz"
try:
    import lib.constructs
except EnvironmentFault as error:
    print(error)
"""
    (line,) = said(body, folder)
    assert "does not start cdk8s: ENOENT" in line
    assert "ours.tgz" in line


@pytest.mark.parametrize(
    "ahead",
    [
        "[]",
        "installed(name) if name == 'constructs' else []",
        "[package._replace(version='0.0.1') for package in installed(name)]",
        "installed(name)[::-1] * 2",
    ],
)
def test_a_wrong_guess_of_what_to_load_only_costs_time(folder: Path, ahead: str) -> None:
    body = f"""
installed = process._installed
process._installed = lambda name: {ahead}
listen()
{_BUILD}
print(asked.count("LoadRequest") > 0, len(process.started().ahead))
"""
    (line,) = said(body, folder)
    assert line.endswith(" 0")


def test_a_cdk8s_that_was_loaded_before_keeps_its_own_node(folder: Path) -> None:
    node = Path(sys.prefix, "node")
    body = f"""
os.environ["JSII_NODE"] = {str(node)!r}
import cdk8s
{_BUILD}
print(kernels_process() is process.started().process)
"""
    env = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(folder.parent / "cache")}
    assert said(body, folder, env) == ["False"]


def test_the_first_start_keeps_the_index_of_types_for_the_next(
    folder: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    body = f"""
from pathlib import Path
{_BUILD}
for _ in range(1000):
    found = [path.parts[-4] for path in Path({str(cache)!r}).rglob(".jsii.runtime.v1.json")]
    if len(found) == 3:
        break
    time.sleep(0.02)
print(sorted(found))
"""
    assert said(body, folder, {"CACHE": str(cache)}) == [
        str(sorted(["constructs", "cdk8s", "yagura-objects"]))
    ]


def test_cdk8s_yaml_library_is_there_for_who_asks(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("mode: 0775\n", encoding="utf-8")
    body = f"""
{_BUILD}
from cdk8s import Yaml
print(Yaml.load({str(tmp_path / "one.yaml")!r}), repr(Yaml.stringify({{"a": "0775"}})))
"""
    assert said(body, folder) == [r"""[{'mode': 509}] 'a: "0775"\n'"""]


def test_starting_node_loads_nothing_large(folder: Path) -> None:
    body = """
process.start()
large = {"jsii", "cdk8s", "constructs", "pydantic", "yaml", "lib.constructs", "lib.config"}
print(sorted(large & sys.modules.keys()), process.started() is not None)
"""
    assert said(body, folder) == ["[] True"]


def test_node_is_started_once(folder: Path) -> None:
    body = "first = process.start(); print(process.start() is first)"
    assert said(body, folder) == ["True"]


def test_a_node_that_is_missing_is_told_to_who_needs_it(folder: Path) -> None:
    body = """
print(process.started())
from lib.errors import EnvironmentFault
try:
    import lib.constructs
except EnvironmentFault as error:
    print(error)
"""
    first, second = said(body, folder, {"JSII_NODE": "/nonexistent/node"})
    assert first == "None"
    assert second.startswith("/nonexistent/node (JSII_NODE names it) does not run: ")


def test_a_node_that_ends_before_cdk8s_is_loaded_is_told_in_one_line(tmp_path: Path) -> None:
    body = """
from lib.errors import EnvironmentFault
node = process.start()
os.kill(node.process.pid, signal.SIGKILL)
try:
    import lib.constructs
except EnvironmentFault as error:
    print(error)
"""
    (line,) = said(body, tmp_path / "temporary")
    assert line.endswith("/node does not start cdk8s: it ended with code -9")


def test_node_sees_only_what_it_needs_of_the_environment(folder: Path) -> None:
    body = """
print(sorted(process._environment("/cache")))
"""
    env = {"CDK8S_DISABLE_SORT": "1", "SECRET": "x", "NODE_OPTIONS": "--no-warnings"}
    names = said(body, folder, env)
    ours = {"JSII_AGENT", "JSII_RUNTIME_PACKAGE_CACHE_ROOT"}
    assert names == [str(sorted({"HOME", "NODE_OPTIONS", "PATH", "TMPDIR"} | ours))]


_TELL = "print(process.start().process.pid, flush=True)"
_LOADED = f"import lib.constructs\n{_TELL}"
_ENDS = {
    "raising": "raise ValueError",
    "exiting": "sys.exit(3)",
    "leaving": "os._exit(0)",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "terminated": "os.kill(os.getpid(), signal.SIGTERM)",
    "interrupted": "os.kill(os.getpid(), signal.SIGINT); time.sleep(30)",
    "interrupted at the terminal": "os.killpg(0, signal.SIGINT); time.sleep(30)",
    "failing to import cdk8s": "sys.modules['cdk8s'] = None; import lib.constructs",
    "failing to import jsii": "sys.modules['jsii'] = None; import lib.constructs",
}


@pytest.mark.parametrize("start", [_TELL, f"{_TELL}; time.sleep(0.5)", _LOADED])
@pytest.mark.parametrize("end", _ENDS.values(), ids=_ENDS.keys())
def test_node_ends_and_cleans_up_however_python_ends(folder: Path, start: str, end: str) -> None:
    script = python(f"{start}\n{end}", folder)
    out, err = script.communicate(timeout=60)
    assert ends(int(out)), err


def test_a_package_that_cannot_be_written_ends_the_node_that_was_started(folder: Path) -> None:
    body = """
import errno

def full(cache):
    raise OSError(errno.ENOSPC, "No space left on device")

started = process.subprocess.Popen
process.subprocess.Popen = lambda *a, **k: made.append(started(*a, **k)) or made[0]
process.packed, made = full, []
try:
    process.start()
except OSError as error:
    assert error.errno == errno.ENOSPC
print(process.started(), made[0].returncode)
"""
    assert said(body, folder) == ["None 0"]
