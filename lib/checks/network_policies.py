"""The NetworkPolicies of a set: for which pods, in which direction, and whom they let in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lib.checks.kinds import NETWORK_POLICY
from lib.checks.pods import selects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place

_ALL_ADDRESSES = frozenset({"0.0.0.0/0", "::/0"})


def about(
    model: Model, namespace: str, labels: Mapping[str, str], *, egress: bool = False
) -> list[Document]:
    """The policies that limit who may reach pods of these labels, or what these may reach."""
    found = model.derived(_for_egress if egress else for_ingress).get(namespace, ())
    return [policy for policy in found if is_for(policy, labels)]


def is_for(policy: Document, labels: Mapping[str, str]) -> bool:
    """Whether it selects pods of these labels; without a selector it is for all of them."""
    return selects(policy.root.mapping("spec", "podSelector"), labels)


def is_for_all(policy: Document) -> bool:
    """Whether it is for every pod of its namespace."""
    return not any(policy.root.mapping("spec", "podSelector").values())


def lets_everybody_in(policy: Document) -> bool:
    """Whether a rule of it is for every port, and for whoever asks."""
    for rule in policy.each("spec", "ingress"):
        peers = [*rule.each("from")]
        if rule and not rule.items("ports") and (not peers or any(map(is_everybody, peers))):
            return True
    return False


def is_everybody(peer: Place) -> bool:
    """Whether a peer is every address, or every pod of every namespace."""
    if peer.text("ipBlock", "cidr") in _ALL_ADDRESSES:
        return True
    namespaces = peer.get("namespaceSelector")
    is_all = isinstance(namespaces, dict) and not any(namespaces.values())
    return is_all and not any(peer.mapping("podSelector").values())


def for_ingress(model: Model) -> Mapping[str, Sequence[Document]]:
    """By namespace: those about who may come in; ask for ``model.derived(for_ingress)``."""
    found: dict[str, list[Document]] = defaultdict(list)
    # Those for all pods first: then most pods need one look.
    for policy in sorted(model.of(NETWORK_POLICY), key=lambda each: not is_for_all(each)):
        types = policy.root.get("spec", "policyTypes")
        # Without any, Kubernetes sets Ingress (SetDefaults_NetworkPolicy of kubernetes/kubernetes).
        if types in (None, []) or (isinstance(types, list) and "Ingress" in types):
            found[policy.namespace].append(policy)
    return found


def _for_egress(model: Model) -> Mapping[str, Sequence[Document]]:
    """By namespace: those about what may be reached."""
    found: dict[str, list[Document]] = defaultdict(list)
    for policy in model.of(NETWORK_POLICY):
        types = policy.root.items("spec", "policyTypes")
        # Without any, Kubernetes adds Egress where there are rules for it.
        if "Egress" in types or (not types and policy.root.items("spec", "egress")):
            found[policy.namespace].append(policy)
    return found
