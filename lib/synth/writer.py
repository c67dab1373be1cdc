"""The one place that writes dist/: the whole new tree beside the old one, then one exchange.

Whatever happens in between, a kill included, dist/ is either the old tree or the new one. A file
whose content stays is linked, not written, so that it keeps its time.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.errors import EnvironmentFault, FindingsError
from lib.synth.files import is_ours

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a write did: paths from the top of the tree."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def compare(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Change:
    """Say what differs between two trees."""
    return Change(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(path for path in new.keys() & old.keys() if new[path] != old[path])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def refuse_unknown(old: Mapping[str, bytes], new: Mapping[str, bytes], top: Path) -> None:
    """Refuse files in dist/ that yagura did not write and would remove or overwrite.

    Raises:
        FindingsError: One line for each.
    """
    unknown = [
        path
        for path in sorted(old)
        if not is_ours(old[path]) and (path not in new or new[path] != old[path])
    ]
    if unknown:
        raise FindingsError(
            [
                f"{top}/{path}: not made by yagura, and Argo CD would apply it: move it away, or "
                "delete it with --delete-unknown"
                for path in unknown
            ]
        )


def refuse_shrinking(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    """Refuse to lose more than half of a cluster's files at once.

    Raises:
        FindingsError: One line for each cluster that would shrink.
    """
    counts: dict[str, list[int]] = {}
    for place, tree in enumerate((old, new)):
        for path in (path for path in tree if is_ours(tree[path])):
            counts.setdefault(path.partition("/")[0], [0, 0])[place] += 1
    problems = [
        f"dist/{cluster} would shrink from {before} files to {after}, and Argo CD would delete the "
        "rest: if that is meant, add --allow-shrink"
        for cluster, (before, after) in sorted(counts.items())
        if after * 2 < before
    ]
    if problems:
        raise FindingsError(problems)


def write(top: Path, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Change:
    """Make ``top`` hold exactly ``new``.

    Args:
        top: The folder, such as ``dist``; made where it is not there.
        old: What it holds now, from ``read``; unchanged files are linked from there.
        new: What it shall hold; paths from ``top``.

    Raises:
        EnvironmentFault: The disk is full or read-only, or the folder cannot be replaced.
    """
    change = compare(old, new)
    if not change and top.is_dir():
        return change
    fresh = top.with_name(f".{top.name}.new-{os.getpid()}")
    try:
        clean(top)
        _lay(fresh, top, old, new)
        _put_in_place(fresh, top)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentFault(f"cannot write {top}: {reason}; it is unchanged") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return change


def clean(top: Path) -> None:
    """Remove what a killed run left beside ``top``, and bring back a tree that it had set aside."""
    aside = top.with_name(f".{top.name}.old")
    if aside.is_dir():
        if top.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(top)
    for left in top.parent.glob(f".{top.name}.new-*"):
        shutil.rmtree(left, ignore_errors=True)


def _lay(fresh: Path, top: Path, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    """Lay the new tree: link what stays, write the rest, and bring all of it to the disk."""
    for folder in sorted({"", *(path.rpartition("/")[0] for path in new)}):
        (fresh / folder).mkdir(parents=True, exist_ok=True)
    for path, content in new.items():
        target = fresh / path
        if old.get(path) == content and _linked(top / path, target):
            continue
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _sync_folder(fresh)


def _linked(origin: Path, target: Path) -> bool:
    try:
        os.link(origin, target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
            raise
        return False  # a file system without hard links
    return True


def _put_in_place(fresh: Path, top: Path) -> None:
    if not top.exists():
        fresh.rename(top)
    elif not _exchange(fresh, top):
        aside = top.with_name(f".{top.name}.old")
        top.rename(aside)
        fresh.rename(top)
        shutil.rmtree(aside, ignore_errors=True)
    _sync_folder(top.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders at once (renameat2, Linux); False where that cannot be done."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    one_name, other_name = os.fsencode(one), os.fsencode(other)
    if renameat2(_AT_FDCWD, one_name, _AT_FDCWD, other_name, _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
