"""What Longhorn does to every volume by night: snapshots, backups, and cleaning up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import KubeObject

if TYPE_CHECKING:
    from lib.constructs import AppChart


def recurring_jobs(app: AppChart) -> None:
    """Make the jobs of the group ``default``: all volumes that are in no other.

    Times are UTC; Japan is nine hours ahead. A snapshot lies beside the volume and undoes a mistake
    in seconds; a backup lies in object storage and survives the cluster.
    """
    _job(app, "snapshot", task="snapshot", cron="30 9 * * *", retain=3)  # 18:30 in Japan
    _job(app, "backup", task="backup", cron="0 18 * * *", retain=14)  # 3:00
    # Nothing to keep: both only give space back.
    _job(app, "snapshot-cleanup", task="snapshot-cleanup", cron="30 17 * * *", retain=0)  # 2:30
    _job(app, "trim", task="filesystem-trim", cron="0 20 * * 6", retain=0)  # Sundays at 5:00


def _job(app: AppChart, name: str, *, task: str, cron: str, retain: int) -> None:
    """Two volumes at a time: with two threads each, far below what the object storage takes.

    Source: webhook/resources/recurringjob of longhorn/longhorn-manager.
    """
    KubeObject(
        app,
        f"job-{name}",
        api_version="longhorn.io/v1beta2",
        kind="RecurringJob",
        name=name,
        body={
            "spec": {
                "name": name,
                "task": task,
                "cron": cron,
                "retain": retain,
                "concurrency": 2,
                "groups": ["default"],
            }
        },
    )
