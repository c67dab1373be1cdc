"""The controls of "restricted": a container is no root, and cannot become it.

Source: policy/check_*.go of kubernetes/pod-security-admission, as of Kubernetes 1.37.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.pod_security.baseline import CONFINED, contexts, in_user_namespace, unmasked_proc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.place import Problem
    from lib.checks.pods import Pod

_VOLUMES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)


def _on_windows(pod: Pod) -> bool:
    """Whether it runs where the fields that restrict Linux containers are refused."""
    return pod.text("os", "name") == "windows"


def privilege_escalation(pod: Pod, _: int) -> Iterator[Problem]:
    """A process with more rights than the one that started it."""
    for container in () if _on_windows(pod) else pod.containers:
        flag = container.at("securityContext", "allowPrivilegeEscalation")
        if flag.value is not False:
            yield flag.problem(
                f"allowPrivilegeEscalation of container {container.name} is not false"
            )


def capabilities(pod: Pod, _: int) -> Iterator[Problem]:
    """Any capability but the one for ports below 1024."""
    for container in () if _on_windows(pod) else pod.containers:
        given = container.at("securityContext", "capabilities")
        if "ALL" not in given.items("drop"):
            yield given.at("drop").problem(f"container {container.name} does not drop ALL")
        for added in given.each("add"):
            if added.value != "NET_BIND_SERVICE":
                yield added.problem(f"container {container.name} adds {added.value}")


def proc_mount(pod: Pod, _: int) -> Iterator[Problem]:
    """An unmasked /proc, in a user namespace too."""
    yield from unmasked_proc(pod)


def volumes(pod: Pod, _: int) -> Iterator[Problem]:
    """Volumes that are neither the pod's own nor claimed."""
    for volume in pod.each("volumes"):
        # Without any source it is an emptyDir.
        sources = [key for key, place in volume.fields() if key != "name" and place]
        if sources and _VOLUMES.isdisjoint(sources):
            name = volume.text("name")
            yield volume.at(sources[0]).problem(f"volume {name} is of type {sources[0]}")


def non_root(pod: Pod, minor: int) -> Iterator[Problem]:
    """Root in the container; allowed in a user namespace since 1.35."""
    if in_user_namespace(pod, minor):
        return
    for context in contexts(pod):
        if context.get("runAsNonRoot") is False:
            yield context.at("runAsNonRoot").problem("runAsNonRoot is false")
    if pod.get("securityContext", "runAsNonRoot") is True:
        return
    for container in pod.containers:
        flag = container.at("securityContext", "runAsNonRoot")
        if not isinstance(flag.value, bool):
            yield flag.problem(
                f"neither the pod nor container {container.name} sets runAsNonRoot: true"
            )


def root_user(pod: Pod, minor: int) -> Iterator[Problem]:
    """The user 0; allowed in a user namespace since 1.35."""
    for context in () if in_user_namespace(pod, minor) else contexts(pod):
        user = context.at("runAsUser")
        if user.value == 0 and not isinstance(user.value, bool):
            yield user.problem("runAsUser is 0, which is root")


def seccomp(pod: Pod, _: int) -> Iterator[Problem]:
    """System calls that nothing filters."""
    if _on_windows(pod):
        return
    for context in contexts(pod):
        profile = context.at("seccompProfile")
        if profile and profile.text("type") not in CONFINED:
            yield profile.problem(f"the seccomp profile is {profile.get('type')}")
    filtered = pod.text("securityContext", "seccompProfile", "type") in CONFINED
    for container in () if filtered else pod.containers:
        profile = container.at("securityContext", "seccompProfile")
        if not profile:
            yield profile.problem(
                f"neither the pod nor container {container.name} sets a seccompProfile"
            )
