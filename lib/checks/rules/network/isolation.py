"""N01 and N02: what is closed, and what is open to the world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.beside import decides_beside
from lib.checks.document import Document
from lib.checks.kinds import NETWORK_POLICY
from lib.checks.model import GIVEN_NAMESPACES
from lib.checks.network_policies import for_ingress, is_for, is_for_all, lets_everybody_in
from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.pods import Pod

# Kubernetes' own namespaces: the node's parts use its network, the DNS answers everybody.
_LEFT_OUT = GIVEN_NAMESPACES - {"default"}
# Other policies than Kubernetes' own: what they isolate is not known here.
OTHERS = (
    "AdminNetworkPolicy.policy.networking.k8s.io",
    "BaselineAdminNetworkPolicy.policy.networking.k8s.io",
    "CiliumClusterwideNetworkPolicy.cilium.io",
    "CiliumNetworkPolicy.cilium.io",
    "ClusterNetworkPolicy.policy.networking.k8s.io",
    "GlobalNetworkPolicy.crd.projectcalico.org",
    "GlobalNetworkPolicy.projectcalico.org",
    "NetworkPolicy.crd.projectcalico.org",
    "NetworkPolicy.projectcalico.org",
)
_TYPES = (*TEMPLATES, "Namespace")


def _subjects(model: Model) -> Iterator[Document | Pod]:
    yield from model.of("Namespace")
    yield from model.pods


def _isolated(subject: Document | Pod, model: Model) -> Iterator[Problem]:
    if isinstance(subject, Document):
        namespace, decided = subject.name, model.decides(NETWORK_POLICY, subject.name)
    else:
        namespace = subject.namespace
        decided = decides_beside(model, NETWORK_POLICY, subject.document)
    if not decided or namespace in _LEFT_OUT or model.of(*OTHERS):
        return
    found = model.derived(for_ingress).get(namespace, ())
    if isinstance(subject, Document):
        used = model.context.complete or model.pods_in(namespace)
        if used and not any(_closes(policy) for policy in found):
            yield subject.at("metadata", "name").problem(
                f"no NetworkPolicy closes {namespace}: a new pod can be reached from everywhere"
            )
    elif subject.get("hostNetwork") is not True and not any(
        is_for(policy, subject.labels) for policy in found
    ):
        yield subject.template.at("metadata", "labels").problem(
            "no NetworkPolicy selects the pod: it can be reached from everywhere"
        )


def _closes(policy: Document) -> bool:
    """Whether it selects every pod, and lets not everybody in."""
    return is_for_all(policy) and not lets_everybody_in(policy)


def _inside(service: Document, _: Model) -> Iterator[Problem]:
    if "traefik" in {service.name, service.labels.get("app.kubernetes.io/name")}:
        return
    type_ = service.at("spec", "type")
    if type_.text() in {"NodePort", "LoadBalancer"}:
        yield type_.problem(f"a Service of type {type_.value} is reached from outside")
    addresses = service.at("spec", "externalIPs")
    if addresses.value:
        yield addresses.problem("externalIPs: it is reached from outside, by an address of others")


_CLOSED = """\
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: whoami}
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: whoami, labels: {app: web}}
spec:
  containers: [{name: web, image: "docker.io/traefik/whoami:v1.11.0"}]
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: whoami}
spec:
  type: ClusterIP
  selector: {app: web}
  ports: [{port: 80}]
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="N01",
        title="A namespace is closed, and every pod in it is selected by a NetworkPolicy",
        severity=Severity.P1,
        reason="Who breaks into one pod reaches all others that nothing closes.",
        source="CIS Kubernetes Benchmark 5.3.2; kube-linter non-isolated-pod; rke2-docs, "
        "docs/security",
        fix="Add a NetworkPolicy with an empty podSelector and no ingress rule, and one for each "
        "way that is needed.",
        exempt=Exempt.ANNOTATION,
        types=_TYPES,
        subjects=_subjects,
        check=_isolated,
        good=_CLOSED,
        bad=_CLOSED.replace("podSelector: {}", "podSelector: {matchLabels: {app: job}}"),
    ),
    Rule(
        id="N02",
        title="Only Traefik is reached from outside",
        severity=Severity.P1,
        reason="Such a Service goes past Traefik: no TLS, no login, no limit.",
        source="kube-score service-type; kyverno/policies restrict-nodeport, "
        "restrict-service-external-ips",
        fix="Use type ClusterIP and an IngressRoute.",
        exempt=Exempt.ANNOTATION,
        types=("Service",),
        subjects=documents("Service"),
        check=_inside,
        good=_SERVICE,
        bad=_SERVICE.replace("ClusterIP", "NodePort"),
    ),
)
