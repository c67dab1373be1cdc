"""Runners whose jobs are pods of their own, without any privilege.

The runner copies a job's files into its pod and back, and needs no volume: with one, each job would
take a network volume of its own, and a StorageClass that retains would keep them all.

Source: charts/gha-runner-scale-set/values.yaml of actions/actions-runner-controller
(kubernetes-novolume), packages/k8s of actions/runner-container-hooks 0.8.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.actions_runners.controller import PRIORITY_CLASS, RESTRICTED_CONTAINER, RESTRICTED_POD
from apps.actions_runners.jobs import ACCOUNT, TEMPLATE
from apps.actions_runners.runner import IMAGE, RUNNER_USER, spread_set
from lib.constructs import Resources

if TYPE_CHECKING:
    from lib.config import RunnerScaleSet as Entry

FOLDER = "/etc/arc"


def kubernetes_values(entry: Entry, *, jobs: str) -> dict[str, Any]:
    """Render the values for runners that start their jobs in the namespace ``jobs``."""
    runner = {
        "name": "runner",
        "image": IMAGE,
        "command": ["/home/runner/run.sh"],
        "env": [
            {"name": "ACTIONS_RUNNER_KUBERNETES_NAMESPACE", "value": jobs},
            {"name": "ACTIONS_RUNNER_CONTAINER_HOOK_TEMPLATE", "value": f"{FOLDER}/job.yaml"},
        ],
        # It only carries a job's files and logs; the job's own pod has what the entry says.
        "resources": Resources(cpu="100m", memory="256Mi", memory_limit="1Gi").spec(),
        # Its root file system stays writable: the runner keeps its state in its own folder.
        "securityContext": RESTRICTED_CONTAINER,
        "volumeMounts": [{"name": "job", "mountPath": FOLDER, "readOnly": True}],
    }
    return {
        "containerMode": {"type": "kubernetes-novolume"},
        "template": {
            "spec": {
                "containers": [runner],
                "priorityClassName": PRIORITY_CLASS,
                "securityContext": {**RESTRICTED_POD, **RUNNER_USER},
                # With an account of ours the chart makes none, with rights in this namespace.
                "serviceAccountName": ACCOUNT,
                "topologySpreadConstraints": spread_set(entry),
                "volumes": [{"name": "job", "configMap": {"name": TEMPLATE}}],
            }
        },
    }
