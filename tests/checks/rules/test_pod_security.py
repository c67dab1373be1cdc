"""The Pod Security Standards: each control allows what it should and forbids what it should."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from lib.checks.document import Document, File
from lib.checks.pod_security import violations
from lib.checks.pods import pod_of

NEWEST = 36
RESTRICTED: dict[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "initContainers": [
        {
            "name": "wait",
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            },
        }
    ],
    "containers": [
        {
            "name": "web",
            "ports": [{"containerPort": 8080}],
            "livenessProbe": {"httpGet": {"port": 8080}},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
            },
        }
    ],
    "volumes": [{"name": "work", "emptyDir": {}}],
}
OWN = ("containers", 0, "securityContext")
FIRST = ("initContainers", 0, "securityContext")
POD = ("securityContext",)
APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/web"


def spec(*changes: tuple[tuple[Any, ...], Any]) -> dict[str, Any]:
    """The restricted pod's spec, changed at some paths; DELETE takes away."""
    found = copy.deepcopy(RESTRICTED)
    for (*way, last), value in changes:
        place: Any = found
        for step in way:
            place = place[step] if isinstance(step, int) else place.setdefault(step, {})
        if value is DELETE:
            place.pop(last)
        else:
            place[last] = value
    return found


DELETE = object()


def broken(
    pod: dict[str, Any],
    level: Any,
    *,
    minor: int = NEWEST,
    annotations: dict[str, str] | None = None,
) -> set[str]:
    """The controls that a pod breaks."""
    value = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "annotations": annotations or {}},
        "spec": pod,
    }
    template = pod_of(Document(File("pod.yaml", b""), 0, value))
    assert template is not None
    return {violation.control for violation in violations(template, level, minor)}


FORBIDDEN_BY_BASELINE = [
    ("hostNamespaces", ("hostNetwork",), True),
    ("hostNamespaces", ("hostPID",), True),
    ("hostNamespaces", ("hostIPC",), True),
    ("privileged", (*OWN, "privileged"), True),
    ("privileged", (*FIRST, "privileged"), True),
    ("capabilities_baseline", (*OWN, "capabilities", "add"), ["SYS_ADMIN"]),
    ("capabilities_baseline", (*OWN, "capabilities", "add"), ["CHOWN", "NET_RAW"]),
    ("capabilities_baseline", (*FIRST, "capabilities", "add"), ["ALL"]),
    ("hostPathVolumes", ("volumes", 0), {"name": "work", "hostPath": {"path": "/srv"}}),
    ("hostPorts", ("containers", 0, "ports", 0, "hostPort"), 8080),
    ("hostProbesAndHostLifecycle", ("containers", 0, "livenessProbe", "httpGet", "host"), "a.b"),
    ("hostProbesAndHostLifecycle", ("containers", 0, "startupProbe", "tcpSocket", "host"), "a.b"),
    (
        "hostProbesAndHostLifecycle",
        ("initContainers", 0, "lifecycle", "preStop", "httpGet", "host"),
        "127.0.0.1",
    ),
    ("appArmorProfile", (*POD, "appArmorProfile"), {"type": "Unconfined"}),
    ("appArmorProfile", (*OWN, "appArmorProfile"), {"type": "Unconfined"}),
    ("seLinuxOptions", (*POD, "seLinuxOptions"), {"type": "spc_t"}),
    ("seLinuxOptions", (*OWN, "seLinuxOptions"), {"user": "root"}),
    ("seLinuxOptions", (*OWN, "seLinuxOptions"), {"role": "admin"}),
    ("procMount", (*OWN, "procMount"), "Unmasked"),
    ("seccompProfile_baseline", (*POD, "seccompProfile"), {"type": "Unconfined"}),
    ("seccompProfile_baseline", (*OWN, "seccompProfile"), {"type": "Unconfined"}),
    ("sysctls", (*POD, "sysctls"), [{"name": "kernel.msgmax", "value": "1"}]),
    ("windowsHostProcess", (*POD, "windowsOptions"), {"hostProcess": True}),
    ("windowsHostProcess", (*OWN, "windowsOptions"), {"hostProcess": True}),
]
FORBIDDEN_BY_RESTRICTED = [
    ("allowPrivilegeEscalation", (*OWN, "allowPrivilegeEscalation"), True),
    ("allowPrivilegeEscalation", (*FIRST, "allowPrivilegeEscalation"), DELETE),
    ("capabilities_restricted", (*OWN, "capabilities", "drop"), ["NET_RAW"]),
    ("capabilities_restricted", (*OWN, "capabilities", "drop"), ["all"]),
    ("capabilities_restricted", (*FIRST, "capabilities"), DELETE),
    ("capabilities_restricted", (*OWN, "capabilities", "add"), ["CHOWN"]),
    ("restrictedVolumes", ("volumes", 0), {"name": "work", "nfs": {"server": "a", "path": "/"}}),
    ("runAsNonRoot", (*POD, "runAsNonRoot"), DELETE),
    ("runAsNonRoot", (*POD, "runAsNonRoot"), False),
    ("runAsNonRoot", (*OWN, "runAsNonRoot"), False),
    ("runAsUser", (*POD, "runAsUser"), 0),
    ("runAsUser", (*FIRST, "runAsUser"), 0),
    ("seccompProfile_restricted", (*POD, "seccompProfile"), DELETE),
]
# What restricted asks for more strictly than baseline goes by its own name there.
STRICTER = {
    "capabilities_baseline": "capabilities_restricted",
    "hostPathVolumes": "restrictedVolumes",
    "procMount": "procMount_restricted",
    "seccompProfile_baseline": "seccompProfile_restricted",
}
ALLOWED_BY_RESTRICTED = [
    (("containers", 0, "ports", 0, "hostPort"), 0),
    ((*OWN, "appArmorProfile"), {"type": "Localhost", "localhostProfile": "web"}),
    ((*OWN, "seLinuxOptions"), {"type": "container_engine_t", "level": "s0"}),
    ((*OWN, "procMount"), "Default"),
    ((*OWN, "seccompProfile"), {"type": "Localhost", "localhostProfile": "web"}),
    ((*POD, "sysctls"), [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "80"}]),
    ((*OWN, "privileged"), False),
    ((*OWN, "runAsUser"), 65532),
    (("volumes",), [{"name": "a", "image": {}}, {"name": "b", "ephemeral": {}}, {"name": "c"}]),
    (("containers", 0, "livenessProbe", "httpGet", "host"), ""),
    (("hostNetwork",), False),
]


@pytest.mark.parametrize("level", ["privileged", "baseline", "restricted"])
def test_a_restricted_pod_is_within_every_level(level: str) -> None:
    assert broken(spec(), level) == set()


@pytest.mark.parametrize(("control", "path", "value"), FORBIDDEN_BY_BASELINE)
def test_baseline_and_restricted_forbid_it_and_privileged_does_not(
    control: str, path: tuple[Any, ...], value: Any
) -> None:
    pod = spec((path, value))
    assert broken(pod, "privileged") == set()
    assert broken(pod, "baseline") == {control}
    assert broken(pod, "restricted") == {STRICTER.get(control, control)}


@pytest.mark.parametrize(("control", "path", "value"), FORBIDDEN_BY_RESTRICTED)
def test_restricted_forbids_it_and_baseline_does_not(
    control: str, path: tuple[Any, ...], value: Any
) -> None:
    pod = spec((path, value))
    assert broken(pod, "baseline") == set()
    assert broken(pod, "restricted") == {control}


@pytest.mark.parametrize(("path", "value"), ALLOWED_BY_RESTRICTED)
def test_restricted_allows_it(path: tuple[Any, ...], value: Any) -> None:
    assert broken(spec((path, value)), "restricted") == set()


def test_a_container_may_say_itself_what_the_pod_does_not() -> None:
    said = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    changes = [((*owner, key), value) for owner in (OWN, FIRST) for key, value in said.items()]
    assert broken(spec(((*POD,), {}), *changes), "restricted") == set()
    assert broken(spec(((*POD,), {}), *changes[:2]), "restricted") == {
        "runAsNonRoot",
        "seccompProfile_restricted",
    }


def test_an_ephemeral_container_is_held_to_the_same() -> None:
    pod = spec((("ephemeralContainers",), [{"name": "debug"}]))
    assert broken(pod, "baseline") == set()
    assert broken(pod, "restricted") == {"allowPrivilegeEscalation", "capabilities_restricted"}


def test_a_windows_pod_need_not_set_what_windows_does_not_know() -> None:
    bare: dict[str, Any] = {
        "securityContext": {"runAsNonRoot": True},
        "containers": [{"name": "web"}],
    }
    assert broken({**bare, "os": {"name": "windows"}}, "restricted") == set()
    assert broken({**bare, "os": {"name": "linux"}}, "restricted") == {
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "seccompProfile_restricted",
    }


@pytest.mark.parametrize(
    ("value", "forbidden"),
    [("unconfined", True), ("runtime/default", False), ("localhost/web", False), ("", False)],
)
def test_the_old_annotation_of_apparmor_counts(value: str, *, forbidden: bool) -> None:
    found = broken(spec(), "baseline", annotations={APP_ARMOR: value})
    assert found == ({"appArmorProfile"} if forbidden else set())


USER_NAMESPACE = (("hostUsers",), False)


@pytest.mark.parametrize(
    ("level", "control", "changes", "last_forbidden"),
    [
        ("baseline", "procMount", [USER_NAMESPACE, ((*OWN, "procMount"), "Unmasked")], 34),
        ("restricted", "runAsUser", [USER_NAMESPACE, ((*POD, "runAsUser"), 0)], 34),
        ("restricted", "runAsNonRoot", [USER_NAMESPACE, ((*POD, "runAsNonRoot"), False)], 34),
        (
            "baseline",
            "seLinuxOptions",
            [((*POD, "seLinuxOptions"), {"type": "container_engine_t"})],
            30,
        ),
        ("baseline", "sysctls", [((*POD, "sysctls"), [{"name": "net.ipv4.tcp_rmem"}])], 31),
        (
            "baseline",
            "sysctls",
            [((*POD, "sysctls"), [{"name": "net.ipv4.tcp_notsent_lowat"}])],
            36,
        ),
    ],
)
def test_what_a_later_version_allows(
    level: str, control: str, changes: list[Any], last_forbidden: int
) -> None:
    pod = spec(*changes)
    assert broken(pod, level, minor=last_forbidden) == {control}
    assert broken(pod, level, minor=last_forbidden + 1) == set()


def test_restricted_forbids_an_unmasked_proc_in_a_user_namespace_too() -> None:
    pod = spec(USER_NAMESPACE, ((*OWN, "procMount"), "Unmasked"))
    assert broken(pod, "restricted") == {"procMount_restricted"}


def test_probes_of_other_hosts_are_forbidden_since_1_34() -> None:
    pod = spec((("containers", 0, "readinessProbe"), {"tcpSocket": {"host": "a.b"}}))
    assert broken(pod, "baseline", minor=33) == set()
    assert broken(pod, "baseline", minor=34) == {"hostProbesAndHostLifecycle"}
