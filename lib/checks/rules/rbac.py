"""R: what roles grant, and to whom."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib.checks.kinds import BINDINGS, RBAC, ROLES
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_AGGREGATED = f"{RBAC}/aggregate-to-"


def _no_wildcard(role: Document, _: Model) -> Iterator[Problem]:
    for rule in _rules(role):
        for key in ("apiGroups", "nonResourceURLs", "resources", "verbs"):
            for place in rule.each(key):
                if place.text() == "*" or place.text().startswith("*/"):
                    yield place.problem(f"{place.value} of {key}: whatever there is, and will be")


def _rules(role: Document) -> Iterator[Place]:
    """The rules that count: of an aggregated ClusterRole Kubernetes writes them."""
    if not role.root.get("aggregationRule"):
        yield from role.each("rules")


def _no_cluster_admin(binding: Document, _: Model) -> Iterator[Problem]:
    name = binding.at("roleRef", "name")
    if name.value == "cluster-admin" and binding.text("roleRef", "kind") == "ClusterRole":
        where = f"in {binding.namespace}" if binding.kind == "RoleBinding" else "everywhere"
        yield name.problem(f"whoever it is for may do everything {where}")


@dataclass(frozen=True, kw_only=True)
class _Grant:
    """Rights with which a holder takes more than the role says.

    Attributes:
        what: What they amount to.
        groups: API groups of the resources.
        resources: The resources; a verb counts on any of them.
        verbs: The verbs; any of them is enough.
        everywhere: Whether it is one only in the whole cluster, and not in one namespace.
    """

    what: str
    groups: frozenset[str]
    resources: frozenset[str]
    verbs: frozenset[str]
    everywhere: bool = True


def _grant(what: str, groups: str, resources: str, verbs: str, *, everywhere: bool) -> _Grant:
    return _Grant(
        what=what,
        groups=frozenset(groups.split(",")),
        resources=frozenset(resources.split(",")),
        verbs=frozenset(verbs.split(",")),
        everywhere=everywhere,
    )


_WEBHOOKS = "mutatingwebhookconfigurations,validatingwebhookconfigurations"
_GRANTS = (
    _grant("reads every Secret", "", "secrets", "get,list,watch", everywhere=True),
    _grant("runs commands in any pod", "", "pods/exec,pods/attach", "create,get", everywhere=True),
    _grant(
        "runs commands in any pod", "", "pods/ephemeralcontainers", "patch,update", everywhere=True
    ),
    _grant("takes any account's token", "", "serviceaccounts/token", "create", everywhere=True),
    _grant("runs commands through every kubelet", "", "nodes/proxy", "create,get", everywhere=True),
    _grant("binds any role", RBAC, "roles,clusterroles", "bind", everywhere=False),
    _grant("gives itself any right", RBAC, "roles,clusterroles", "escalate", everywhere=False),
    _grant(
        "acts as others",
        ",authentication.k8s.io",
        "groups,serviceaccounts,uids,users",
        "impersonate",
        everywhere=False,
    ),
    _grant(
        "changes or reads what others send to the API server",
        "admissionregistration.k8s.io",
        _WEBHOOKS,
        "create,patch,update",
        everywhere=True,
    ),
    _grant(
        "makes certificates for anybody",
        "certificates.k8s.io",
        "certificatesigningrequests/approval",
        "patch,update",
        everywhere=True,
    ),
)


def _no_way_up(role: Document, model: Model) -> Iterator[Problem]:
    cluster_wide = role.kind == "ClusterRole" and _counts_everywhere(role, model)
    for rule in _rules(role):
        if rule.items("resourceNames"):  # only these objects, which somebody has chosen
            continue
        for grant in _GRANTS:
            if cluster_wide or not grant.everywhere:
                yield from _grants(rule, grant)


def _grants(rule: Place, grant: _Grant) -> Iterator[Problem]:
    groups = {place.text() for place in rule.each("apiGroups")}
    verbs = {place.text() for place in rule.each("verbs")}
    if groups.isdisjoint({*grant.groups, "*"}) or verbs.isdisjoint({*grant.verbs, "*"}):
        return
    for place in rule.each("resources"):
        if place.text() in grant.resources:
            shown = sorted(verbs & {*grant.verbs, "*"})
            yield place.problem(f"with {', '.join(shown)} of {place.value} it {grant.what}")


def _counts_everywhere(role: Document, model: Model) -> bool:
    """Whether a ClusterRole holds in the whole cluster, as far as its bindings tell."""
    if any(key.startswith(_AGGREGATED) for key in role.labels):
        return True
    kinds = model.derived(_bound).get(role.name, set())
    return not kinds or "ClusterRoleBinding" in kinds


def _bound(model: Model) -> Mapping[str, set[str]]:
    """ClusterRole -> the kinds of the bindings that name it."""
    found: dict[str, set[str]] = defaultdict(set)
    for binding in model.of(*BINDINGS):
        if binding.text("roleRef", "kind") == "ClusterRole":
            found[binding.text("roleRef", "name")].add(binding.kind)
    return found


_SHARED = {
    ("User", "system:anonymous"): "everybody who reaches the API server",
    ("Group", "system:unauthenticated"): "everybody who reaches the API server",
    ("Group", "system:authenticated"): "everybody with an account, and every pod with one",
    ("Group", "system:serviceaccounts"): "every pod of the cluster that has an account",
    ("Group", "system:masters"): "a group that nothing can take any right from",
    ("ServiceAccount", "default"): "every pod of the namespace that has no account of its own",
}


def _known_subjects(binding: Document, _: Model) -> Iterator[Problem]:
    for subject in binding.each("subjects"):
        kind, name = subject.text("kind"), subject.text("name")
        who = _SHARED.get((kind, name))
        if kind == "User" and name.startswith("system:serviceaccount:"):
            who = _SHARED.get(("ServiceAccount", name.rpartition(":")[2]))
        if who:
            yield subject.at("name").problem(f"{name} is {who}")


_ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: look}
rules:
- apiGroups: [""]
  resources: [pods, services]
  verbs: [get, list, watch]
"""
_BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: robot, namespace: whoami}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: robot, namespace: whoami}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="R01",
        title="A role names what it allows",
        severity=Severity.P0,
        reason="A wildcard also allows what is installed next year, Secrets and roles with it.",
        source="Kubernetes: RBAC Good Practices; kube-linter wildcard-in-rules; checkov CKV_K8S_49",
        fix="List the API groups, resources and verbs that are needed.",
        exempt=Exempt.ANNOTATION,
        types=ROLES,
        subjects=documents(*ROLES),
        check=_no_wildcard,
        good=_ROLE,
        bad=_ROLE.replace("[get, list, watch]", '["*"]'),
    ),
    Rule(
        id="R02",
        title="Nobody is bound to cluster-admin",
        severity=Severity.P0,
        reason="It allows everything, and no other rule can hold it back.",
        source="CIS Kubernetes Benchmark 5.1.1; kube-linter cluster-admin-role-binding",
        fix="Bind a role that lists what is needed.",
        exempt=Exempt.ANNOTATION,
        types=BINDINGS,
        subjects=documents(*BINDINGS),
        check=_no_cluster_admin,
        good=_BINDING,
        bad=_BINDING.replace("name: view", "name: cluster-admin"),
    ),
    Rule(
        id="R03",
        title="A role gives no way to more rights than it names",
        severity=Severity.P0,
        reason="With Secrets or commands in every pod one acts as any ServiceAccount, with bind, "
        "escalate and impersonate as anybody.",
        source="Kubernetes: RBAC Good Practices, Privilege escalation risks; checkov CKV_K8S_155 "
        "to CKV_K8S_158",
        fix="Use a Role in the one namespace, or resourceNames for the few objects.",
        exempt=Exempt.ANNOTATION,
        types=ROLES,
        subjects=documents(*ROLES),
        check=_no_way_up,
        good=_ROLE,
        bad=_ROLE.replace("[pods, services]", "[pods, secrets]"),
    ),
    Rule(
        id="R04",
        title="A role is bound to someone in particular",
        severity=Severity.P0,
        reason="Whoever comes next holds the rights too, and nobody sees it in git.",
        source="Kubernetes: RBAC Good Practices, Hardening; trivy-checks, RBAC binds",
        fix="Bind a ServiceAccount of its own, or a group of people.",
        exempt=Exempt.NEVER,
        types=BINDINGS,
        subjects=documents(*BINDINGS),
        check=_known_subjects,
        good=_BINDING,
        bad=_BINDING.replace(
            "- {kind: ServiceAccount, name: robot", "- {kind: ServiceAccount, name: default"
        ),
    ),
)
