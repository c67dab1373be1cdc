"""The way to a Cluster: from a snapshot where the file is unchanged, else by validating it.

What validates is imported when it is needed: pydantic and YAML take longer than all of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from lib.config.cluster import Cluster
    from lib.config.snapshots import Snapshots

LARGEST = 1024 * 1024
"""Bytes that a cluster file may have at most."""


def load_cluster(path: Path, snapshots: Snapshots | None = None) -> Cluster:
    """Read a cluster file.

    Args:
        path: The file, such as ``clusters/production.yaml``.
        snapshots: Clusters that were validated before; None to validate in any case.

    Raises:
        ConfigError: The file cannot be read or used; one line per problem, by line.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        from lib.config.parse import unreadable  # noqa: PLC0415 - see above

        raise unreadable(path, error) from error
    known = snapshots.recall(path, content) if snapshots else None
    if known is not None:
        return known
    from lib.config.parse import parse_bytes  # noqa: PLC0415 - see above

    cluster = parse_bytes(content, str(path))
    if snapshots:
        snapshots.note(path, content, cluster)
    return cluster


def parse_cluster(text: str, file: str) -> Cluster:
    """Make a Cluster of a cluster file's text.

    Args:
        text: YAML.
        file: The file's name, for messages; its stem is the cluster's name.

    Raises:
        ConfigError: The text cannot be used; one line per problem, by line.
    """
    from lib.config.parse import parse_text  # noqa: PLC0415 - see above

    return parse_text(text, file)
