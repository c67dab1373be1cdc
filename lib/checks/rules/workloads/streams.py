"""W15: long connections end when their client is ready for it, not when a pod is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.pods import pod_of
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.pods import Pod

STREAM = "policy.yagura/stream"
_TYPES = ("Deployment.apps", "StatefulSet.apps")
_SHORTEST_GRACE = 30
_NONE = (0, "0%")


def _lets_streams_end(workload: Document, _: Model) -> Iterator[Problem]:
    pod = pod_of(workload)
    if pod is None or "true" not in {workload.labels.get(STREAM), pod.labels.get(STREAM)}:
        return
    yield from _leaves_slowly(pod)
    if workload.kind != "Deployment":
        return
    strategy = workload.at("spec", "strategy")
    if strategy.get("type") == "Recreate":
        yield strategy.at("type").problem("each rollout cuts all streams at once")
    elif strategy.get("rollingUpdate", "maxUnavailable") not in _NONE:
        yield strategy.at("rollingUpdate", "maxUnavailable").problem(
            "a rollout takes pods away before others can take their streams"
        )


def _leaves_slowly(pod: Pod) -> Iterator[Problem]:
    main = [each for each in pod.containers if each.role == "main"]
    if not any(each.get("lifecycle", "preStop") for each in main):
        yield pod.at("containers", 0, "lifecycle", "preStop").problem(
            "without preStop the pod ends while the load balancer still sends to it"
        )
    grace = pod.at("terminationGracePeriodSeconds")
    seconds = 30 if grace.value is None else grace.value
    if not isinstance(seconds, int):
        return
    if seconds < _SHORTEST_GRACE:
        yield grace.problem(f"{seconds} s: streams are cut after less than {_SHORTEST_GRACE} s")
    for container in main:
        sleep = container.get("lifecycle", "preStop", "sleep", "seconds")
        if isinstance(sleep, int) and sleep >= seconds:
            yield grace.problem(f"{seconds} s: the pod is killed before preStop ends ({sleep} s)")


_GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: backend
  namespace: reactions
  labels: {policy.yagura/stream: "true"}
spec:
  selector: {matchLabels: {app: backend}}
  strategy: {rollingUpdate: {maxUnavailable: 0}}
  template:
    metadata: {labels: {app: backend}}
    spec:
      terminationGracePeriodSeconds: 75
      containers:
      - name: backend
        image: ghcr.io/festival-example/reactions:1.4.2
        lifecycle: {preStop: {sleep: {seconds: 15}}}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W15",
        title=f'A workload with the label {STREAM}: "true" lets its streams end',
        severity=Severity.P2,
        reason="All viewers of a pod lose their stream in the same moment, and come back in the "
        "same moment.",
        source="a judgement; Kubernetes: Termination of Pods",
        fix="Give it preStop, 30 seconds or more of terminationGracePeriodSeconds, and "
        "maxUnavailable: 0; or take the label away.",
        exempt=Exempt.ANNOTATION,
        types=_TYPES,
        subjects=documents(*_TYPES),
        check=_lets_streams_end,
        good=_GOOD,
        bad=_GOOD.replace("        lifecycle: {preStop: {sleep: {seconds: 15}}}\n", ""),
    ),
)
