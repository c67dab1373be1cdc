"""W07: a pod has a token of the API server only where it has something to do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.beside import decides_beside
from lib.checks.kinds import BINDINGS, RBAC
from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity, pods

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.pods import Pod

_EVERYONE = "system:serviceaccounts"
# The namespace of a pod whose own is given only when it is applied.
_ANY = "*"


def _token(pod: Pod, model: Model) -> Iterator[Problem]:
    if not _mounts_token(pod, model):
        return
    place = pod.at("automountServiceAccountToken")
    name, namespace = pod.service_account, pod.namespace
    if name == "default":
        yield place.problem(
            "the pod gets a token of the ServiceAccount default, which everything in the "
            "namespace shares"
        )
    elif not _has_rights(name, namespace, model) and decides_beside(
        model, f"RoleBinding.{RBAC}", pod.document
    ):
        yield place.problem(
            f"the pod gets a token of the ServiceAccount {name}, which nothing gives any right"
        )


def _mounts_token(pod: Pod, model: Model) -> bool:
    """Whether the token is mounted: the pod decides, else its ServiceAccount, else it is."""
    account = model.get("ServiceAccount", pod.namespace, pod.service_account)
    said = [pod.get("automountServiceAccountToken")]
    if account is not None:
        said.append(account.root.get("automountServiceAccountToken"))
    return next((each for each in said if isinstance(each, bool)), True)


def _has_rights(name: str, namespace: str, model: Model) -> bool:
    bindings = model.derived(_bindings)
    holders = [
        ("ServiceAccount", namespace or _ANY, name),
        ("ServiceAccount", "", name),  # a binding whose namespace is given when it is applied
        ("User", "", f"system:serviceaccount:{namespace}:{name}"),
        ("Group", "", f"{_EVERYONE}:{namespace}"),
        ("Group", "", _EVERYONE),
    ]
    found = [bindings[holder] for holder in holders if holder in bindings]
    model.used.update(each for each in found if each.provided_by)
    return bool(found)


def _bindings(model: Model) -> Mapping[tuple[str, str, str], Document]:
    """Kind, namespace and name of each subject -> a binding that gives it rights."""
    declared = (each for each in model.provided if each.type in BINDINGS)
    found: dict[tuple[str, str, str], Document] = {}
    for binding in (*model.of(*BINDINGS), *declared):
        for subject in binding.each("subjects"):
            kind, name = subject.text("kind"), subject.text("name")
            namespaces = [""]
            if kind == "ServiceAccount":
                namespaces = [subject.text("namespace") or binding.namespace, _ANY]
            for namespace in namespaces:
                found.setdefault((kind, namespace, name), binding)
    return found


_GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: whoami}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      automountServiceAccountToken: false
      containers: [{name: web, image: "docker.io/traefik/whoami:v1.11.0"}]
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="W07",
        title="A pod has a token of the API server only where a role is bound to it",
        severity=Severity.P1,
        reason="Who breaks into the pod acts with the token, and with what is bound to its "
        "ServiceAccount one day.",
        source="Kubernetes: Configure Service Accounts for Pods; polaris "
        "automountServiceAccountToken; kube-linter default-service-account",
        fix="Set automountServiceAccountToken: false, or give the pod a ServiceAccount of its own "
        "with a role.",
        exempt=Exempt.ANNOTATION,
        types=tuple(TEMPLATES),
        subjects=pods,
        check=_token,
        good=_GOOD,
        bad=_GOOD.replace("automountServiceAccountToken: false", "serviceAccountName: default"),
    ),
)
