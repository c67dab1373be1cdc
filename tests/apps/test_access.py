from __future__ import annotations

from typing import Any

import pytest

from lib.constructs.kube_login import OIDC_PREFIX, kube_groups
from tests.apps.logins import NAMES, built, cluster

BUILT_IN = {"view"}


def bindings(name: str) -> list[tuple[str, str, str, set[str]]]:
    """Give each binding's namespace (empty for the whole cluster), role's kind, role and groups."""
    found = []
    for kind in ("ClusterRoleBinding", "RoleBinding"):
        for binding in built(name).of_kind(kind):
            role = binding.object["roleRef"]
            groups = {one["name"] for one in binding.object["subjects"]}
            found.append((binding.namespace or "", role["kind"], role["name"], groups))
    return found


def rules(name: str) -> list[dict[str, Any]]:
    kinds = ("ClusterRole", "Role")
    return [
        rule for kind in kinds for one in built(name).of_kind(kind) for rule in one.object["rules"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_bound_role_is_there(name: str) -> None:
    roles = {("", "ClusterRole", one) for one in BUILT_IN}
    roles |= {("", "ClusterRole", one.name) for one in built(name).of_kind("ClusterRole")}
    roles |= {(one.namespace or "", "Role", one.name) for one in built(name).of_kind("Role")}
    for namespace, kind, role, _ in bindings(name):
        assert (namespace if kind == "Role" else "", kind, role) in roles


@pytest.mark.parametrize("name", NAMES)
def test_nobody_can_be_taken_for_a_group_of_kubernetes_own(name: str) -> None:
    for *_, groups in bindings(name):
        assert groups
        assert all(group.startswith(OIDC_PREFIX) for group in groups)


@pytest.mark.parametrize("name", NAMES)
def test_no_login_makes_a_cluster_admin_or_reads_secrets(name: str) -> None:
    assert {role for *_, role, _ in bindings(name)}.isdisjoint({"cluster-admin", "admin", "edit"})
    for rule in rules(name):
        assert "*" not in (*rule["apiGroups"], *rule["resources"], *rule["verbs"])
        assert "secrets" not in rule["resources"]
        assert {"escalate", "bind", "impersonate"}.isdisjoint(rule["verbs"])


@pytest.mark.parametrize("name", NAMES)
def test_nobody_may_run_commands_in_pods_but_administrators_in_vaults(name: str) -> None:
    holders = {
        (one.namespace or "", one.name)
        for kind in ("ClusterRole", "Role")
        for one in built(name).of_kind(kind)
        if any("pods/exec" in rule["resources"] for rule in one.object["rules"])
    }
    assert holders == {("vault", "unseal")}
    (groups,) = [groups for *_, role, groups in bindings(name) if role == "unseal"]
    assert groups == set(kube_groups(cluster(name).admin_groups))


@pytest.mark.parametrize("name", NAMES)
def test_viewers_change_nothing(name: str) -> None:
    viewers = set(kube_groups(cluster(name).viewer_groups))
    admins = set(kube_groups(cluster(name).admin_groups))
    everywhere = {role: groups for namespace, _, role, groups in bindings(name) if not namespace}
    assert everywhere["view"] == everywhere["look"] == viewers | admins
    assert everywhere["repair"] == everywhere["maintain-nodes"] == admins
    look = built(name).get("ClusterRole", "look", "")
    assert look is not None
    for rule in look.object["rules"]:
        assert rule["verbs"] == ["get", "list", "watch"]


def test_a_projects_team_repairs_its_own_apps_and_no_others() -> None:
    admins = set(cluster().admin_groups)
    team = set(kube_groups(set(cluster().project_groups("apps")) - admins))
    own = {
        (namespace, role): groups
        for namespace, _, role, groups in bindings("production")
        if namespace not in ("", "vault")
    }
    assert team
    assert own == {("whoami", "repair"): team, ("whoami", "view"): team}


def test_a_project_of_the_administrators_alone_needs_no_binding_of_its_own() -> None:
    assert {namespace for namespace, *_ in bindings("smallest")} == {"", "vault"}
