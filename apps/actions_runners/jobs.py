"""Where the jobs of the mode kubernetes run: a namespace beside their runners', and never in it.

Whoever can start pods in a namespace can read each Secret there, and the key of the GitHub App
registers runners for all that it is installed on; so it lies where the runners are, and their
account may start pods only here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apps.actions_runners.controller import PRIORITY_CLASS
from apps.actions_runners.runner import INTERNET, pod_resources, spread_set
from lib import yaml_text
from lib.constructs import KubeObject, NetworkPolicy, to_internet

if TYPE_CHECKING:
    from lib.config import RunnerScaleSet as Entry
    from lib.constructs import AppChart

# The runners' account, and the ConfigMap that tells them what each job's pod gets.
ACCOUNT = "runner"
TEMPLATE = "job"
RBAC = "rbac.authorization.k8s.io"
# GitHub's own limit of a job that sets none. It also ends what a runner that died left behind.
JOB_SECONDS = 6 * 3600

# What the runner's hook asks for (packages/k8s/README.md of actions/runner-container-hooks).
RIGHTS = {
    "pods": ["get", "list", "create", "delete"],
    "pods/exec": ["get", "create"],
    "pods/log": ["get", "list", "watch"],
    "secrets": ["get", "list", "create", "delete"],
}


def job_namespace(app: AppChart, entry: Entry) -> str:
    """Make the namespace of a scale set's jobs, and let its runners start pods there."""
    name = f"arc-jobs-{entry.name}"
    # Not "restricted": a job's image runs as it was built, most often as root in its container.
    app.make_namespace(name, pod_security="baseline")
    NetworkPolicy(
        app,
        "jobs-network-policy",
        name="jobs",
        namespace=name,
        selector={},
        egress=[to_internet(app.cluster, *INTERNET)],
    )
    KubeObject(
        app,
        "template",
        api_version="v1",
        kind="ConfigMap",
        name=TEMPLATE,
        body={"data": {"job.yaml": yaml_text.dump(job_template(entry))}},
    )
    _rights(app, name)
    return name


def _rights(app: AppChart, namespace: str) -> None:
    """Give the runners an account, which lies beside them and has rights among their jobs alone."""
    KubeObject(app, "account", api_version="v1", kind="ServiceAccount", name=ACCOUNT)
    rules = [
        {"apiGroups": [""], "resources": [resource], "verbs": verbs}
        for resource, verbs in RIGHTS.items()
    ]
    KubeObject(
        app,
        "role",
        api_version=f"{RBAC}/v1",
        kind="Role",
        name=ACCOUNT,
        namespace=namespace,
        body={"rules": rules},
    )
    account = {"kind": "ServiceAccount", "name": ACCOUNT, "namespace": app.own_namespace}
    KubeObject(
        app,
        "role-binding",
        api_version=f"{RBAC}/v1",
        kind="RoleBinding",
        name=ACCOUNT,
        namespace=namespace,
        body={
            "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": ACCOUNT},
            "subjects": [account],
        },
    )


def job_template(entry: Entry) -> dict[str, Any]:
    """Render what each job's pod gets beside what its workflow says; ``$job`` is its container."""
    room = {"ephemeral-storage": entry.work_size}
    return {
        "metadata": {"labels": {"actions.github.com/scale-set-name": entry.name}},
        "spec": {
            "activeDeadlineSeconds": JOB_SECONDS,
            "automountServiceAccountToken": False,
            "containers": [{"name": "$job", "resources": {"requests": room, "limits": room}}],
            "priorityClassName": PRIORITY_CLASS,
            "resources": pod_resources(entry),
            "securityContext": {"fsGroup": 1001, "seccompProfile": {"type": "RuntimeDefault"}},
            "topologySpreadConstraints": spread_set(entry),
        },
    }
