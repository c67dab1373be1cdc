"""Which controls a level has, and what of a pod template breaks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lib.checks.pod_security import baseline, restricted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lib.checks.place import Problem
    from lib.checks.pods import Pod

Level = Literal["privileged", "baseline", "restricted"]

# The names are those of policy/check_*.go in kubernetes/pod-security-admission. The minor version
# is the one of Kubernetes whose standard holds; what had changed before 1.25 is not told apart.
_BASELINE: Mapping[str, Callable[[Pod, int], Iterator[Problem]]] = {
    "appArmorProfile": baseline.app_armor,
    "capabilities_baseline": baseline.capabilities,
    "hostNamespaces": baseline.host_namespaces,
    "hostPathVolumes": baseline.host_paths,
    "hostPorts": baseline.host_ports,
    "hostProbesAndHostLifecycle": baseline.probed_hosts,
    "privileged": baseline.privileged,
    "procMount": baseline.proc_mount,
    "seLinuxOptions": baseline.selinux,
    "seccompProfile_baseline": baseline.seccomp,
    "sysctls": baseline.sysctls,
    "windowsHostProcess": baseline.host_process,
}
_RESTRICTED: Mapping[str, Callable[[Pod, int], Iterator[Problem]]] = {
    "allowPrivilegeEscalation": restricted.privilege_escalation,
    "capabilities_restricted": restricted.capabilities,
    "procMount_restricted": restricted.proc_mount,
    "restrictedVolumes": restricted.volumes,
    "runAsNonRoot": restricted.non_root,
    "runAsUser": restricted.root_user,
    "seccompProfile_restricted": restricted.seccomp,
}
# Each of these is asked for more strictly by a control of "restricted".
_SUPERSEDED = {"capabilities_baseline", "hostPathVolumes", "procMount", "seccompProfile_baseline"}
_CONTROLS: Mapping[str, Mapping[str, Callable[[Pod, int], Iterator[Problem]]]] = {
    "privileged": {},
    "baseline": _BASELINE,
    "restricted": {
        **{name: check for name, check in _BASELINE.items() if name not in _SUPERSEDED},
        **_RESTRICTED,
    },
}


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One thing in a pod template that a level forbids.

    Attributes:
        control: The control's name, as Kubernetes gives it.
        problem: The place, and what is wrong with it.
    """

    control: str
    problem: Problem


def violations(pod: Pod, level: Level, minor: int) -> Iterator[Violation]:
    """Everything in a pod template that a level forbids; nothing where it is allowed.

    Args:
        pod: The template.
        level: The level of the standard.
        minor: The version of the standard: 36 for v1.36.
    """
    for control, check in _CONTROLS[level].items():
        for problem in check(pod, minor):
            yield Violation(control=control, problem=problem)
