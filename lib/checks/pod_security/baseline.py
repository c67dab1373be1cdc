"""The controls of "baseline": what takes a container out of its confinement.

Source: policy/check_*.go of kubernetes/pod-security-admission, as of Kubernetes 1.37; read there
and compared with its verdicts on its own test data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.place import Place, Problem
    from lib.checks.pods import Pod

_DEFAULT_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
CONFINED = frozenset({"RuntimeDefault", "Localhost"})
# Minor version -> the sysctls that are safe since then.
_SAFE_SYSCTLS = {
    0: {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_syncookies",
    },
    27: {"net.ipv4.ip_local_reserved_ports"},
    29: {
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
    },
    32: {"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"},
    37: {"net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_slow_start_after_idle"},
}
_SELINUX_TYPES = {"", "container_t", "container_init_t", "container_kvm_t"}
_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
_ENGINE_TYPE_SINCE = 31
_PROBED_HOSTS_SINCE = 34
_USER_NAMESPACE_SINCE = 35
_HANDLERS = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def contexts(pod: Pod) -> Iterator[Place]:
    """The securityContext of the pod and of each container, where there is one."""
    for owner in (pod, *pod.containers):
        context = owner.at("securityContext")
        if context:
            yield context


def in_user_namespace(pod: Pod, minor: int) -> bool:
    """Whether root in the pod is nobody on the node, and the standard counts that."""
    return minor >= _USER_NAMESPACE_SINCE and pod.get("hostUsers") is False


def host_process(pod: Pod, _: int) -> Iterator[Problem]:
    """Windows: a process of the node itself."""
    for context in contexts(pod):
        option = context.at("windowsOptions", "hostProcess")
        if option.value is True:
            yield option.problem("hostProcess: it runs on the node itself")


def host_namespaces(pod: Pod, _: int) -> Iterator[Problem]:
    """Network, processes and IPC of the node."""
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(key) is True:
            yield pod.at(key).problem(f"{key}: it shares the node's own")


def privileged(pod: Pod, _: int) -> Iterator[Problem]:
    """All rights of the node's root."""
    for container in pod.containers:
        flag = container.at("securityContext", "privileged")
        if flag.value is True:
            yield flag.problem(f"container {container.name} is privileged: root on the node")


def capabilities(pod: Pod, _: int) -> Iterator[Problem]:
    """Capabilities beyond those that a container has anyway."""
    for container in pod.containers:
        for added in container.each("securityContext", "capabilities", "add"):
            if added.text() not in _DEFAULT_CAPABILITIES:
                yield added.problem(f"container {container.name} adds {added.value}")


def host_paths(pod: Pod, _: int) -> Iterator[Problem]:
    """Folders of the node."""
    for volume in pod.each("volumes"):
        path = volume.at("hostPath")
        if path:
            name = volume.text("name")
            yield path.problem(f"volume {name} is the node's {path.text('path')}")


def host_ports(pod: Pod, _: int) -> Iterator[Problem]:
    """Ports of the node."""
    for container in pod.containers:
        for port in container.each("ports"):
            host = port.at("hostPort")
            if host and host.value != 0:
                yield host.problem(f"container {container.name} takes the node's port {host.value}")


def probed_hosts(pod: Pod, minor: int) -> Iterator[Problem]:
    """The kubelet, made to call another host: since 1.34."""
    if minor < _PROBED_HOSTS_SINCE:
        return
    for container in pod.containers:
        for handler in _HANDLERS:
            for way in ("httpGet", "tcpSocket"):
                host = container.at(*handler, way, "host")
                if host and host.value != "":
                    yield host.problem(
                        f"{handler[-1]} of container {container.name} makes the kubelet call "
                        f"{host.value}"
                    )


def app_armor(pod: Pod, _: int) -> Iterator[Problem]:
    """AppArmor, switched off."""
    for context in contexts(pod):
        profile = context.at("appArmorProfile")
        if profile and profile.text("type") not in CONFINED:
            yield profile.problem(f"the AppArmor profile is {profile.get('type')}")
    for key, value in pod.annotations.items():
        allowed = value in {"", "runtime/default"} or value.startswith("localhost/")
        if key.startswith(_APP_ARMOR) and not allowed:
            place = pod.template.at("metadata", "annotations", key)
            yield place.problem(f"the AppArmor profile is {value}")


def selinux(pod: Pod, minor: int) -> Iterator[Problem]:
    """A user, role or type of SELinux with more rights."""
    types = _SELINUX_TYPES | ({"container_engine_t"} if minor >= _ENGINE_TYPE_SINCE else set())
    for context in contexts(pod):
        options = context.at("seLinuxOptions")
        if options.text("type") not in types:
            yield options.at("type").problem(f"the SELinux type is {options.text('type')}")
        for key in ("user", "role"):
            if options.text(key):
                yield options.at(key).problem(f"the SELinux {key} is set")


def unmasked_proc(pod: Pod) -> Iterator[Problem]:
    """/proc with all that is hidden from containers."""
    for container in pod.containers:
        mount = container.at("securityContext", "procMount")
        if mount and mount.value != "Default":
            yield mount.problem(f"procMount of container {container.name} is {mount.value}")


def proc_mount(pod: Pod, minor: int) -> Iterator[Problem]:
    """An unmasked /proc; allowed in a user namespace since 1.35."""
    if not in_user_namespace(pod, minor):
        yield from unmasked_proc(pod)


def seccomp(pod: Pod, _: int) -> Iterator[Problem]:
    """The filter of system calls, switched off."""
    for context in contexts(pod):
        profile = context.at("seccompProfile")
        if profile and profile.text("type") not in CONFINED:
            yield profile.problem(f"the seccomp profile is {profile.get('type')}")


def sysctls(pod: Pod, minor: int) -> Iterator[Problem]:
    """Kernel settings that reach beyond the pod."""
    safe = {name for since, names in _SAFE_SYSCTLS.items() if since <= minor for name in names}
    for sysctl in pod.each("securityContext", "sysctls"):
        if sysctl.text("name") not in safe:
            yield sysctl.problem(f"the sysctl {sysctl.get('name')} is not a safe one")
