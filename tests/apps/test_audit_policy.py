"""Requests of a day, and how much of each the audit log keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from apps.rke2.audit import audit_policy

EVERYBODY = "system:authenticated"
LEVELS = ("None", "Metadata", "Request", "RequestResponse")
STAGES = ("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")


@dataclass(frozen=True)
class User:
    name: str
    groups: tuple[str, ...] = ()


def account(namespace: str, name: str) -> User:
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}")
    return User(f"system:serviceaccount:{namespace}:{name}", groups)


PERSON = User("oidc:someone@festival.example", ("oidc:festival-example:infrastructure",))
ADMIN = User("system:admin", ("system:masters",))
KUBELET = User("system:node:festival-rke2-agent-0", ("system:nodes",))
CONTROLLERS = User("system:kube-controller-manager")
SUPERVISOR = User("system:rke2-supervisor", ("system:masters",))
TENANT = account("shop", "web")
ARGOCD = account("argocd", "argocd-application-controller")
USERS = (PERSON, ADMIN, KUBELET, CONTROLLERS, SUPERVISOR, TENANT, ARGOCD, account("vault", "vault"))


def level(user: User, verb: str, resource: str, *, policy: dict[str, Any] | None = None) -> str:
    """Evaluate the policy as kube-apiserver does: the first rule that matches.

    ``resource`` is ``RESOURCE[/SUBRESOURCE][.GROUP]``, or an address that starts with ``/``.
    """
    rules = (policy or audit_policy())["rules"]
    return next(str(rule["level"]) for rule in rules if matches(rule, user, verb, resource))


def matches(rule: dict[str, Any], user: User, verb: str, resource: str) -> bool:
    groups = {*user.groups, EVERYBODY}
    if rule.get("users") and user.name not in rule["users"]:
        return False
    if rule.get("userGroups") and not groups & set(rule["userGroups"]):
        return False
    if rule.get("verbs") and verb not in rule["verbs"]:
        return False
    if rule.get("resources"):
        name, _, group = resource.partition(".")
        return not resource.startswith("/") and any(
            entry["group"] == group and (not entry.get("resources") or name in entry["resources"])
            for entry in rule["resources"]
        )
    if rule.get("nonResourceURLs"):
        return any(
            resource == url or (url.endswith("*") and resource.startswith(url[:-1]))
            for url in rule["nonResourceURLs"]
        )
    return True


def test_the_policy_is_one_that_kubernetes_reads() -> None:
    policy = audit_policy()
    assert (policy["apiVersion"], policy["kind"]) == ("audit.k8s.io/v1", "Policy")
    assert set(policy["omitStages"]) < set(STAGES)
    keys = {"level", "users", "userGroups", "verbs", "resources", "nonResourceURLs"}
    for rule in policy["rules"]:
        assert rule.keys() <= keys
        assert rule["level"] in LEVELS
        # One rule is about resources or about addresses; wildcards stand at an address' end.
        assert not {"resources", "nonResourceURLs"} <= rule.keys()
        assert all("*" not in url[:-1] for url in rule.get("nonResourceURLs", ()))
        for entry in rule.get("resources", ()):
            assert entry.keys() <= {"group", "resources"}


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
@pytest.mark.parametrize(
    "resource",
    ["secrets", "configmaps", "serviceaccounts/token", "tokenreviews.authentication.k8s.io"],
)
def test_what_is_secret_is_never_copied(user: User, resource: str) -> None:
    for verb in ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"):
        assert level(user, verb, resource) in ("None", "Metadata"), verb


def test_bodies_would_be_copied_if_the_rule_that_forbids_it_were_not_there() -> None:
    policy = audit_policy()
    policy["rules"] = [
        rule
        for rule in policy["rules"]
        if not any("secrets" in entry.get("resources", ()) for entry in rule.get("resources", ()))
    ]
    policy["rules"][-1] = {"level": "RequestResponse"}
    assert level(PERSON, "create", "secrets", policy=policy) == "RequestResponse"


@pytest.mark.parametrize("user", [PERSON, ADMIN, TENANT, ARGOCD], ids=lambda user: user.name)
@pytest.mark.parametrize("verb", ["get", "list", "create", "delete"])
def test_who_touches_a_secret_is_known(user: User, verb: str) -> None:
    assert level(user, verb, "secrets") == "Metadata"


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
@pytest.mark.parametrize("verb", ["get", "create"])
@pytest.mark.parametrize("way", ["exec", "attach", "portforward", "proxy"])
def test_every_way_into_a_pod_is_known(user: User, verb: str, way: str) -> None:
    assert level(user, verb, f"pods/{way}") == "Metadata"


@pytest.mark.parametrize(
    "resource",
    [
        "clusterrolebindings.rbac.authorization.k8s.io",
        "roles.rbac.authorization.k8s.io",
        "namespaces",
        "networkpolicies.networking.k8s.io",
        "appprojects.argoproj.io",
    ],
)
@pytest.mark.parametrize("user", [PERSON, ADMIN, TENANT, CONTROLLERS], ids=lambda user: user.name)
def test_a_change_of_who_may_do_what_is_kept_whole(user: User, resource: str) -> None:
    for verb in ("create", "update", "patch", "delete", "deletecollection"):
        assert level(user, verb, resource) == "RequestResponse"


def test_an_application_is_kept_whole_when_somebody_else_than_its_controller_changes_it() -> None:
    for user in (PERSON, account("argocd", "argocd-server"), TENANT):
        assert level(user, "patch", "applications.argoproj.io") == "RequestResponse"
    assert level(ARGOCD, "patch", "applications.argoproj.io") == "None"
    assert level(ARGOCD, "delete", "applications.argoproj.io") == "RequestResponse"


@pytest.mark.parametrize(
    ("user", "verb", "resource"),
    [
        (KUBELET, "update", "leases.coordination.k8s.io"),
        (account("kube-system", "kube-vip"), "update", "leases.coordination.k8s.io"),
        (KUBELET, "patch", "nodes/status"),
        (KUBELET, "patch", "pods/status"),
        (KUBELET, "watch", "configmaps"),
        (CONTROLLERS, "watch", "pods"),
        (SUPERVISOR, "list", "nodes"),
        (TENANT, "watch", "endpointslices.discovery.k8s.io"),
        (TENANT, "create", "events"),
        (account("kube-system", "endpoint-controller"), "update", "endpoints"),
        (account("kube-system", "coredns-autoscaler"), "get", "configmaps"),
        (account("longhorn-system", "longhorn-service-account"), "update", "engines.longhorn.io"),
        (PERSON, "get", "/healthz/ping"),
        (PERSON, "get", "/readyz"),
        (PERSON, "get", "/apis/apps/v1"),
        (PERSON, "get", "/openapi/v3"),
    ],
)
def test_what_the_cluster_does_by_itself_is_not_logged(
    user: User, verb: str, resource: str
) -> None:
    assert level(user, verb, resource) == "None"


@pytest.mark.parametrize(
    ("user", "verb", "resource"),
    [
        (PERSON, "list", "pods"),
        (ADMIN, "get", "nodes"),
        (PERSON, "delete", "leases.coordination.k8s.io"),
        (PERSON, "update", "nodes/status"),
        (PERSON, "delete", "volumes.longhorn.io"),
        (TENANT, "create", "deployments.apps"),
        (KUBELET, "create", "nodes"),
        (CONTROLLERS, "delete", "pods"),
        (TENANT, "create", "selfsubjectaccessreviews.authorization.k8s.io"),
        (PERSON, "get", "/metrics"),
    ],
)
def test_everything_else_says_who_did_it(user: User, verb: str, resource: str) -> None:
    assert level(user, verb, resource) == "Metadata"


def test_the_last_rule_takes_whatever_no_other_did() -> None:
    *_, last = audit_policy()["rules"]
    assert last == {"level": "Metadata"}
