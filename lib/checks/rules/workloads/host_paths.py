"""W13: no pod gets at what rules its node."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from lib.checks.document import Document
from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.pods import Pod

_SOCKETS = frozenset(
    {"containerd.sock", "cri-dockerd.sock", "crio.sock", "docker.sock", "dockershim.sock"}
)
# With all that lies below: keys of the cluster, of the node, and of the pods on it, and what the
# node runs as root.
_TREES = (
    "/boot",
    "/etc/cron.d",
    "/etc/kubernetes",
    "/etc/rancher",
    "/etc/shadow",
    "/etc/ssh",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/systemd",
    "/proc",
    "/root",
    "/run/containerd",
    "/run/k3s",
    "/var/lib/containerd",
    "/var/lib/docker",
    "/var/lib/etcd",
    "/var/lib/kubelet/pki",
    "/var/lib/kubelet/pods",
    "/var/lib/rancher",
)
# What lies below may be harmless, such as /etc/localtime; the whole is not.
_WHOLE = frozenset(
    {
        "/",
        "/bin",
        "/dev",
        "/etc",
        "/home",
        "/lib",
        "/lib64",
        "/run",
        "/sbin",
        "/sys",
        "/usr",
        "/usr/bin",
        "/usr/lib",
        "/usr/sbin",
        "/var",
        "/var/lib",
        "/var/lib/kubelet",
    }
)


def _subjects(model: Model) -> Iterator[Pod | Document]:
    yield from model.pods
    yield from model.of("PersistentVolume")


def _harmless(subject: Pod | Document, _: Model) -> Iterator[Problem]:
    if isinstance(subject, Document):
        spec = subject.at("spec")
        yield from (*_rules_node(spec.at("hostPath")), *_rules_node(spec.at("local")))
    else:
        for volume in subject.each("volumes"):
            yield from _rules_node(volume.at("hostPath"))


def _rules_node(volume: Place) -> Iterator[Problem]:
    given = volume.at("path")
    if not given.text().startswith("/"):
        return
    path = "/" + posixpath.normpath(given.text()).lstrip("/")
    if f"{path}/".startswith("/var/run/"):  # a link to /run
        path = path.removeprefix("/var")
    if posixpath.basename(path) in _SOCKETS:
        yield given.problem(f"{given.value} starts any container on the node, as root")
    elif path in _WHOLE or any(f"{path}/".startswith(f"{tree}/") for tree in _TREES):
        yield given.problem(f"{given.value} holds what rules the node, or the keys of others")


_GOOD = """\
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: kube-system}
spec:
  containers: [{name: agent, image: "docker.io/library/alpine:3.22"}]
  volumes:
  - {name: clock, hostPath: {path: /etc/localtime, type: File}}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W13",
        title="No volume is the node's container runtime, its keys, or the whole node",
        severity=Severity.P0,
        reason="Who breaks into the pod is root on the node, and soon in the cluster.",
        source="kube-linter docker-sock, sensitive-host-mounts; kyverno/policies "
        "disallow-cri-sock-mount",
        fix="Mount nothing of the node, or only the one harmless folder that is needed.",
        exempt=Exempt.ANNOTATION,
        types=(*TEMPLATES, "PersistentVolume"),
        subjects=_subjects,
        check=_harmless,
        good=_GOOD,
        bad=_GOOD.replace("/etc/localtime", "/run/k3s/containerd/containerd.sock"),
    ),
)
