"""R01 to R04: roles name what they allow, to someone in particular, and no more."""

from __future__ import annotations

import pytest

from tests.checks.judging import findings

RBAC = "rbac.authorization.k8s.io"
ADMISSION = "admissionregistration.k8s.io"
CERTIFICATES = "certificates.k8s.io"
CSR = "certificatesigningrequests"


def role(rule: str, *, kind: str = "ClusterRole", metadata: str = "", more: str = "") -> str:
    namespace = ", namespace: whoami" if kind == "Role" else ""
    return (
        f"apiVersion: {RBAC}/v1\nkind: {kind}\n"
        f"metadata: {{name: robot{namespace}{metadata}}}\nrules: [{{{rule}}}]\n{more}"
    )


def binding(
    *, to: str = "robot", kind: str = "ClusterRoleBinding", subject: str = "{kind: Group, name: a}"
) -> str:
    namespace = ", namespace: whoami" if kind == "RoleBinding" else ""
    return (
        f"apiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {{name: robot{namespace}}}\n"
        f"roleRef: {{apiGroup: {RBAC}, kind: ClusterRole, name: {to}}}\nsubjects: [{subject}]\n"
    )


def messages(rule: str, *texts: str) -> list[str]:
    return [finding.message for finding in findings(rule, *texts)]


@pytest.mark.parametrize("kind", ["ClusterRole", "Role"])
@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ("apiGroups: ['*'], resources: [pods], verbs: [get]", "/rules/0/apiGroups/0"),
        ("apiGroups: [''], resources: ['*'], verbs: [get]", "/rules/0/resources/0"),
        ("apiGroups: [''], resources: [pods, '*/scale'], verbs: [get]", "/rules/0/resources/1"),
        ("apiGroups: [''], resources: [pods], verbs: ['*']", "/rules/0/verbs/0"),
        ("nonResourceURLs: ['*'], verbs: [get]", "/rules/0/nonResourceURLs/0"),
    ],
)
def test_a_wildcard_is_a_finding_where_it_stands(kind: str, rule: str, pointer: str) -> None:
    (finding,) = findings("R01", role(rule, kind=kind))
    assert finding.pointer == pointer


def test_paths_beside_the_api_may_end_in_a_wildcard() -> None:
    assert messages("R01", role("nonResourceURLs: ['/healthz/*'], verbs: [get]")) == []


def test_the_rules_of_an_aggregated_role_are_not_its_own() -> None:
    text = role(
        "apiGroups: ['*'], resources: ['*'], verbs: ['*']",
        more="aggregationRule: {clusterRoleSelectors: []}\n",
    )
    assert messages("R01", text) == []


@pytest.mark.parametrize(
    ("kind", "where"), [("ClusterRoleBinding", "everywhere"), ("RoleBinding", "in whoami")]
)
def test_cluster_admin_is_bound_to_nobody(kind: str, where: str) -> None:
    assert messages("R02", binding(to="cluster-admin", kind=kind)) == [
        f"whoever it is for may do everything {where}"
    ]
    assert messages("R02", binding(to="admin", kind=kind)) == []


EVERYWHERE = [
    ("apiGroups: [''], resources: [secrets], verbs: [get]", "reads every Secret"),
    ("apiGroups: [''], resources: [secrets], verbs: ['*']", "reads every Secret"),
    ("apiGroups: [''], resources: [pods/exec], verbs: [create]", "runs commands in any pod"),
    ("apiGroups: [''], resources: [pods/attach], verbs: [get]", "runs commands in any pod"),
    (
        "apiGroups: [''], resources: [pods/ephemeralcontainers], verbs: [patch]",
        "runs commands in any pod",
    ),
    (
        "apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]",
        "takes any account's token",
    ),
    (
        "apiGroups: [''], resources: [nodes/proxy], verbs: [get]",
        "runs commands through every kubelet",
    ),
    (
        f"apiGroups: [{ADMISSION}], resources: [validatingwebhookconfigurations], verbs: [patch]",
        "changes or reads what others send to the API server",
    ),
    (
        f"apiGroups: [{CERTIFICATES}], resources: [{CSR}/approval], verbs: [update]",
        "makes certificates for anybody",
    ),
]
ANYWHERE = [
    (f"apiGroups: [{RBAC}], resources: [roles], verbs: [escalate]", "gives itself any right"),
    (f"apiGroups: [{RBAC}], resources: [clusterroles], verbs: [bind]", "binds any role"),
    ("apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate]", "acts as others"),
]


@pytest.mark.parametrize(("rule", "what"), [*EVERYWHERE, *ANYWHERE])
def test_a_cluster_role_gives_no_way_up(rule: str, what: str) -> None:
    (message,) = messages("R03", role(rule))
    assert message.endswith(f" it {what}")


@pytest.mark.parametrize(("rule", "what"), EVERYWHERE)
def test_in_one_namespace_it_is_what_the_role_is_for(rule: str, what: str) -> None:
    assert messages("R03", role(rule, kind="Role")) == [], what


@pytest.mark.parametrize(("rule", "what"), ANYWHERE)
def test_one_namespace_is_enough_for_what_leads_out_of_it(rule: str, what: str) -> None:
    (message,) = messages("R03", role(rule, kind="Role"))
    assert message.endswith(f" it {what}")


@pytest.mark.parametrize(
    "rule",
    [
        "apiGroups: [''], resources: [secrets], verbs: [create, delete]",
        "apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [web]",
        "apiGroups: [secrets-store.csi.x-k8s.io], resources: [secrets], verbs: [get]",
        "apiGroups: [''], resources: [pods/log, pods], verbs: [get, create]",
        "apiGroups: [''], resources: [serviceaccounts/token], verbs: [get]",
        f"apiGroups: [{CERTIFICATES}], resources: [{CSR}], verbs: [create]",
    ],
)
def test_what_is_near_to_a_way_up_is_none(rule: str) -> None:
    assert messages("R03", role(rule)) == []


def test_a_cluster_role_that_is_only_bound_in_namespaces_is_not_cluster_wide() -> None:
    text = role("apiGroups: [''], resources: [secrets], verbs: [get]")
    assert messages("R03", text, binding(kind="RoleBinding")) == []
    assert len(messages("R03", text, binding(kind="RoleBinding"), binding())) == 1
    assert len(messages("R03", text, binding(kind="RoleBinding", to="other"))) == 1


def test_what_is_aggregated_into_a_role_of_all_is_cluster_wide() -> None:
    rule = "apiGroups: [''], resources: [secrets], verbs: [get]"
    text = role(rule, metadata=f", labels: {{{RBAC}/aggregate-to-view: 'true'}}")
    assert len(messages("R03", text, binding(kind="RoleBinding"))) == 1


@pytest.mark.parametrize("kind", ["ClusterRoleBinding", "RoleBinding"])
@pytest.mark.parametrize(
    "subject",
    [
        "{kind: User, name: 'system:anonymous'}",
        "{kind: Group, name: 'system:unauthenticated'}",
        "{kind: Group, name: 'system:authenticated'}",
        "{kind: Group, name: 'system:serviceaccounts'}",
        "{kind: Group, name: 'system:masters'}",
        "{kind: ServiceAccount, name: default, namespace: whoami}",
        "{kind: User, name: 'system:serviceaccount:whoami:default'}",
    ],
)
def test_nobody_is_bound_who_may_be_anybody(kind: str, subject: str) -> None:
    (finding,) = findings("R04", binding(kind=kind, subject=subject))
    assert finding.pointer == "/subjects/0/name"


@pytest.mark.parametrize(
    "subject",
    [
        "{kind: User, name: default}",
        "{kind: Group, name: 'festival:infrastructure'}",
        "{kind: Group, name: 'system:serviceaccounts:whoami'}",
        "{kind: ServiceAccount, name: robot, namespace: default}",
        "{kind: User, name: 'system:serviceaccount:default:robot'}",
    ],
)
def test_someone_in_particular_may_be_bound(subject: str) -> None:
    assert messages("R04", binding(subject=subject)) == []
