"""Runs kubeconform over a folder's files: the one check that needs a process and a disk.

It reads the files with the same Go YAML parser that the cluster uses, against local schemas only:
those of Kubernetes itself, and those that schemas/ holds. It never skips what it has no schema
for, and a run that did not judge every object is an error of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib.checks.kubeconform.verdicts import Problem, problem
from lib.errors import EnvironmentFault, FindingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Below the smallest limit that systems set for a command line (macOS: 1 MiB with environment).
_ARGUMENT_BYTES = 256 * 1024
_TIMEOUT_SECONDS = 300
# Go looks for garbage when there is five times as much as after the last look, not twice.
_GARBAGE = "400"
_PLACE = Path(".yagura/bin/kubeconform")


@dataclass(frozen=True, kw_only=True)
class Report:
    """What kubeconform said of all the files.

    Attributes:
        valid: Objects that fit their schemas.
        invalid: Objects that do not.
        errors: Objects that could not be judged: unreadable, or without a usable schema.
        skipped: Always 0; it is here so that a caller can show it.
        problems: One for each object that is invalid or in error, in the order of the files' paths.
    """

    valid: int = 0
    invalid: int = 0
    errors: int = 0
    skipped: int = 0
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: Report) -> Report:
        return Report(
            valid=self.valid + other.valid,
            invalid=self.invalid + other.invalid,
            errors=self.errors + other.errors,
            skipped=self.skipped + other.skipped,
            problems=tuple(sorted(self.problems + other.problems)),
        )


def find_kubeconform(root: Path | None = None) -> Path:
    """Find the program: the checkout's own first, then the one on PATH.

    Args:
        root: The checkout; the working directory where it is not given.

    Raises:
        EnvironmentFault: There is none.
    """
    own = (root or Path.cwd()) / _PLACE
    if own.is_file() and os.access(own, os.X_OK):
        return own.resolve()
    found = shutil.which("kubeconform")
    if found is None:
        raise EnvironmentFault(
            f"no kubeconform in {_PLACE.parent} and none on PATH: run `make setup`"
        )
    return Path(found).resolve()


def validate(
    files: Sequence[Path], *, objects: int, schemas: Path, kubernetes: Path, binary: Path
) -> Report:
    """Judge the files, each object against the schema of its kind and version.

    Args:
        files: YAML or JSON files; a folder stands for all that lies below it.
        objects: How many objects the files hold, counted by someone else than kubeconform.
        schemas: The folder of the custom resources' schemas.
        kubernetes: What ``kubernetes_schemas`` returned.
        binary: What ``find_kubeconform`` returned.

    Raises:
        FindingsError: Not every object was judged.
        EnvironmentFault: kubeconform did not start, or did not end as it should.
    """
    command = [*_command(binary, schemas, kubernetes)]
    report = Report()
    for chunk in _chunks(sorted(files)):
        report += _report(_run([*command, *chunk]), schemas.resolve())
    judged = report.valid + report.invalid + report.errors
    if judged != objects or report.skipped:
        vacuous = (
            f"kubeconform judged {judged} of {objects} objects (valid {report.valid}, invalid "
            f"{report.invalid}, errors {report.errors}, skipped {report.skipped}): every file "
            "must end in .yaml, .yml or .json and hold plain objects, no List"
        )
        raise FindingsError([vacuous, *map(str, report.problems)])
    return report


def _command(binary: Path, schemas: Path, kubernetes: Path) -> Iterator[str]:
    # More threads than one only wait for each other, and for whatever else the gate does.
    yield from (str(binary), "-strict", "-output", "json", "-summary", "-n", "1")
    # Naming any location keeps kubeconform from its default, which is on the network.
    custom = schemas.resolve() / "{{.Group}}" / "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
    built_in = kubernetes.resolve() / "{{.ResourceKind}}{{.KindSuffix}}.json"
    yield from ("-schema-location", str(custom), "-schema-location", str(built_in))


def _chunks(files: Sequence[Path]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for file in files:
        # An absolute path cannot be taken for an option.
        name = str(file.absolute())
        length = len(os.fsencode(name)) + 1
        if chunk and size + length > _ARGUMENT_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(name)
        size += length
    if chunk:
        yield chunk


def _run(command: Sequence[str]) -> dict[str, Any]:
    """Run once; an exit code of 1 with a readable answer means findings, all else is a fault."""
    try:
        result = subprocess.run(  # noqa: S603 - a program that the caller chose, and paths
            command,
            env={"GOGC": _GARBAGE, **os.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EnvironmentFault(f"kubeconform: no answer in {_TIMEOUT_SECONDS} s") from error
    except OSError as error:
        raise EnvironmentFault(f"cannot run {command[0]}: {error.strerror}") from error
    try:
        answer = json.loads(result.stdout)
    except ValueError:
        answer = None
    if result.returncode not in {0, 1} or not isinstance(answer, dict):
        reason = " ".join(result.stderr.split()) or "no readable answer"
        raise EnvironmentFault(f"kubeconform ended with code {result.returncode}: {reason}")
    return answer


def _report(answer: dict[str, Any], schemas: Path) -> Report:
    counts = {key: int(value) for key, value in answer["summary"].items()}
    problems = (
        problem(resource, schemas)
        for resource in answer["resources"]
        if resource["status"] in {"statusInvalid", "statusError"}
    )
    return Report(**counts, problems=tuple(sorted(problems)))
