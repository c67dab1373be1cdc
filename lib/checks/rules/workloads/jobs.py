"""W12: Jobs that do not pile up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.applications import APPLICATION
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")
# Kubernetes looks at CronJobs every 10 seconds.
_SHORTEST_DEADLINE = 10


def _ends(document: Document, model: Model) -> Iterator[Problem]:
    spec = document.at("spec")
    if document.kind == "CronJob":
        yield from _regular(spec)
        spec = spec.at("jobTemplate", "spec")
    else:
        yield from _cleaned_up(document, model)
    policy = spec.at("template", "spec", "restartPolicy")
    if policy.text() not in {"Never", "OnFailure"}:
        yield policy.problem("a Job's restartPolicy is Never or OnFailure: others are refused")


def _regular(spec: Place) -> Iterator[Problem]:
    deadline, policy = spec.at("startingDeadlineSeconds"), spec.at("concurrencyPolicy")
    if not deadline:
        yield deadline.problem("a run that was missed starts whenever it can, however late")
    elif isinstance(deadline.value, int) and deadline.value < _SHORTEST_DEADLINE:
        yield deadline.problem(
            f"{deadline.value} s: Kubernetes looks every {_SHORTEST_DEADLINE} s, and may miss it"
        )
    if policy.text() not in {"Forbid", "Replace"}:
        yield policy.problem("a run may start while the last one still runs")


def _cleaned_up(job: Document, model: Model) -> Iterator[Problem]:
    ttl = job.at("spec", "ttlSecondsAfterFinished")
    if not job.annotations.keys().isdisjoint(_HOOKS) or job.root.items(
        "metadata", "ownerReferences"
    ):
        return
    if _kept_by_argocd(model):
        if ttl:
            yield ttl.problem(
                "Argo CD makes the Job anew when it is gone, and it runs again and again",
                fix="Leave ttlSecondsAfterFinished out, or make the Job a hook of Argo CD.",
            )
    elif not ttl:
        yield ttl.problem("the finished Job and its pods stay for ever")


def _kept_by_argocd(model: Model) -> bool:
    return model.context.complete and bool(model.of(APPLICATION))


_GOOD = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: clean, namespace: whoami}
spec:
  schedule: "0 4 * * *"
  startingDeadlineSeconds: 600
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers: [{name: clean, image: "docker.io/library/alpine:3.22"}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: fill, namespace: whoami}
spec:
  ttlSecondsAfterFinished: 3600
  template:
    spec:
      restartPolicy: Never
      containers: [{name: fill, image: "docker.io/library/alpine:3.22"}]
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W12",
        title="Jobs do not pile up, and can be restarted as they ask",
        severity=Severity.P2,
        reason="A slow run meets the next one, finished pods fill the node's disk, and after a "
        "pause of the cluster a run without deadline starts at a time that nobody chose.",
        source="Kubernetes: CronJob, Deadline for delayed Job start; Automatic Cleanup for "
        "Finished Jobs; kube-score cronjob-has-deadline; kube-linter "
        "job-ttl-seconds-after-finished",
        fix="Set startingDeadlineSeconds and concurrencyPolicy: Forbid, and of a single Job "
        "ttlSecondsAfterFinished.",
        exempt=Exempt.ANNOTATION,
        types=("CronJob.batch", "Job.batch"),
        subjects=documents("CronJob.batch", "Job.batch"),
        check=_ends,
        good=_GOOD,
        bad=_GOOD.replace("  concurrencyPolicy: Forbid\n", ""),
    ),
)
