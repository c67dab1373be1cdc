"""W01 and W02: a pod is held to the level of its namespace, and a namespace to having one."""

from __future__ import annotations

import pytest

from lib.checks.pod_security import demanded
from tests.checks.judging import findings, model_of

NEWEST = 36
LABEL = "pod-security.kubernetes.io/enforce"


def namespace(name: str, **labels: str) -> str:
    lines = "".join(f"    {LABEL}{key}: {value}\n" for key, value in labels.items())
    return f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n  labels:\n{lines}"


def level_of(name: str, text: str) -> tuple[str, int]:
    return demanded(model_of(text), name)


def test_a_namespace_is_held_to_its_label() -> None:
    text = namespace("whoami", **{"": "baseline"})
    assert level_of("whoami", text) == ("baseline", NEWEST)


@pytest.mark.parametrize("text", ["", namespace("whoami"), namespace("whoami", **{"": "low"})])
def test_what_says_nothing_that_is_understood_is_held_to_restricted(text: str) -> None:
    assert level_of("whoami", text) == ("restricted", NEWEST)


def test_kube_system_is_exempt() -> None:
    assert level_of("kube-system", "") == ("privileged", NEWEST)


@pytest.mark.parametrize(
    ("version", "minor"), [("v1.30", 30), ("latest", NEWEST), ("v1.99", NEWEST), ("1.30", NEWEST)]
)
def test_a_namespace_may_pin_an_older_version(version: str, minor: int) -> None:
    text = namespace("whoami", **{"": "baseline", "-version": version})
    assert level_of("whoami", text) == ("baseline", minor)


POD_TEXT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: whoami}
spec:
  template:
    spec:
      hostNetwork: true
      containers: [{name: web}]
"""


def controls(*texts: str) -> set[str]:
    return {each.message.rpartition(": ")[2].strip(")") for each in findings("W01", *texts)}


def test_a_pod_is_judged_at_the_level_of_its_namespace() -> None:
    assert controls(POD_TEXT, namespace("whoami", **{"": "privileged"})) == set()
    assert controls(POD_TEXT, namespace("whoami", **{"": "baseline"})) == {"hostNamespaces"}
    assert controls(POD_TEXT) == {
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "hostNamespaces",
        "runAsNonRoot",
        "seccompProfile_restricted",
    }


def test_a_finding_names_the_field_in_the_template() -> None:
    (finding,) = findings("W01", POD_TEXT, namespace("whoami", **{"": "baseline"}))
    assert finding.pointer == "/spec/template/spec/hostNetwork"
    assert finding.message == (
        "hostNetwork: it shares the node's own (baseline forbids it: hostNamespaces)"
    )


def test_a_pod_of_kube_system_is_not_judged() -> None:
    assert findings("W01", POD_TEXT.replace("whoami", "kube-system")) == ()


def test_privileged_needs_an_exception_but_for_the_namespaces_that_cannot_do_without() -> None:
    privileged = {"": "privileged"}
    assert len(findings("W02", namespace("traefik", **privileged))) == 1
    assert findings("W02", namespace("longhorn-system", **privileged)) == ()
    assert findings("W02", namespace("kube-system")) == ()


def test_a_namespace_without_a_level_or_with_an_unknown_one_is_a_finding() -> None:
    assert len(findings("W02", namespace("whoami"))) == 1
    assert len(findings("W02", namespace("whoami", **{"": "strict"}))) == 1
    wrong = namespace("whoami", **{"": "restricted", "-version": "1.36"})
    assert len(findings("W02", wrong)) == 1
    right = namespace("whoami", **{"": "restricted", "-version": "v1.36"})
    assert findings("W02", right) == ()
