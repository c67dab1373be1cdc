"""From a cluster file's content to a Cluster, or to every problem of the file at once."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from lib.config.document import Document, read_document
from lib.config.problems import Problem, shown
from lib.config.rules import rule_problems
from lib.config.structure import structure_problems
from lib.config.text import check_text
from lib.config.validation import validated, validated_in_part
from lib.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lib.config.cluster import Cluster


def parse_bytes(content: bytes, file: str) -> Cluster:
    """Make a Cluster of a cluster file's bytes.

    Args:
        content: YAML in UTF-8.
        file: The file's name, for messages; its stem is the cluster's name.

    Raises:
        ConfigError: It cannot be used; one line per problem, by line.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        given = f"byte 0x{content[error.start]:02x}"
        problem = Problem(
            rule="not-utf-8", what="is not UTF-8", given=given, use="save it as UTF-8", line=line
        )
        raise ConfigError(problem.text(file, {})) from error
    return parse_text(text, file)


def parse_text(text: str, file: str) -> Cluster:
    """Make a Cluster of a cluster file's text.

    Args:
        text: YAML.
        file: The file's name, for messages; its stem is the cluster's name.

    Raises:
        ConfigError: The text cannot be used; one line per problem, by line.
    """
    fault = check_text(text)
    if fault is not None:
        raise ConfigError(fault.text(file, {}))
    document = read_document(text)
    cluster, problems = _judge(document, file)
    if cluster is None or problems:
        ordered = sorted(problems, key=lambda problem: problem.line_in(document.lines))
        raise ConfigError([problem.text(file, document.lines) for problem in ordered])
    return cluster


def _judge(document: Document, file: str) -> tuple[Cluster | None, list[Problem]]:
    """Return the cluster, where its structure is right, and every problem."""
    problems = list(document.problems)
    if document.data is None:
        return None, problems or [
            Problem(
                rule="empty-file",
                what="says nothing",
                line=1,
                use="copy clusters/production.yaml and change it",
            )
        ]
    try:
        cluster = validated(document.data)
    except ValidationError as error:
        found = structure_problems(error, document.data)
        problems += [problem for problem in found if not _told(problem, document)]
        if not isinstance(document.data, dict):
            return None, problems
        partial = validated_in_part(document.data, error)
        problems += _cross_problems(partial, file, complete=False)
        return None, problems
    problems += _cross_problems(cluster, file, complete=True)
    return cluster, problems


def _told(problem: Problem, document: Document) -> bool:
    """Tell whether a value is faulty only because it was left out, for a reason already told."""
    ways = range(len(problem.path) + 1)
    return any(problem.path[:length] in document.unread for length in ways)


def _cross_problems(cluster: Cluster, file: str, *, complete: bool) -> Iterable[Problem]:
    yield from _name_equals_file(cluster, file)
    yield from rule_problems(cluster, complete=complete)


def _name_equals_file(cluster: Cluster, file: str) -> Iterator[Problem]:
    name, stem = getattr(cluster, "name", None), Path(file).stem
    if name is not None and name != stem:
        yield Problem(
            rule="name-equals-file",
            path=("name",),
            what=f"is not the name of this file, {Path(file).name}",
            given=shown(name),
            use=f"use {stem}, or rename the file to {name}.yaml",
        )


def unreadable(path: Path, error: OSError) -> ConfigError:
    """Return what to tell about a cluster file that cannot be read."""
    if isinstance(error, FileNotFoundError):
        return ConfigError(_missing(path))
    problem = Problem(rule="unreadable-file", what=f"cannot be read: {error.strerror}", line=1)
    return ConfigError(problem.text(str(path), {}))


def _missing(path: Path) -> str:
    """Return the message for a cluster file that is not there, with the one that may be meant."""
    names = sorted(other.stem for other in path.parent.glob("*.yaml"))
    near = difflib.get_close_matches(path.stem, names, n=1, cutoff=0.5)
    if near:
        use = f"did you mean {path.parent / near[0]}.yaml?"
    else:
        use = "there are " + ", ".join(names) if names else "copy another cluster's file there"
    return f"{path}: there is no such cluster file (rule: missing-file): {use}"
