from __future__ import annotations

from lib.checks.model import Context
from tests.checks.judging import findings, model_of

ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: server}\n"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd}\n"
BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: server}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: server, namespace: argocd}]
"""


def test_in_a_part_of_a_cluster_an_object_without_a_namespace_may_be_of_any() -> None:
    model = model_of(ACCOUNT)
    assert model.get("ServiceAccount", "argocd", "server") is model.documents[0]
    assert model.get("ServiceAccount", "argocd", "other") is None


def test_the_one_that_names_the_namespace_is_taken_first() -> None:
    model = model_of(ACCOUNT, ACCOUNT.replace("}", ", namespace: argocd}"))
    found = model.get("ServiceAccount", "argocd", "server")
    assert found is not None
    assert found.namespace == "argocd"


def test_in_a_whole_cluster_an_object_without_a_namespace_is_of_none() -> None:
    model = model_of(ACCOUNT, context=Context(complete=True))
    assert model.get("ServiceAccount", "argocd", "server") is None


def test_what_kubectl_puts_into_a_namespace_is_not_missing_there() -> None:
    assert findings("G29", NAMESPACE, BINDING, ACCOUNT) == ()
    (missing,) = findings("G29", NAMESPACE, BINDING)
    assert missing.message == "there is no ServiceAccount 'server' in argocd"
