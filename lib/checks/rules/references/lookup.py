"""Says that something is not there, and only where the set can tell."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from lib.checks.contents import keys_of
from lib.checks.kinds import PRIORITY_CLASS, ROLES, STORAGE_CLASS
from lib.checks.nearest import did_you_mean
from lib.checks.rules.references.makers import may_bring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

# What people make beside their manifests, because it must not be in git, or from other files.
_MADE_ELSEWHERE = frozenset({"ConfigMap", "Secret"})
# In a part of a cluster a name of another part is as likely as one of this part with a slip in it.
SURE = 0.85
# Of these, a part of a cluster may name what any other part makes, so that only a name that is
# nearly the one of an object in the set is a mistake. Some write a namespace into them, which
# Kubernetes does not heed.
_CLUSTER_WIDE = frozenset(
    {"ClusterIssuer.cert-manager.io", ROLES[0], PRIORITY_CLASS, STORAGE_CLASS}
)


def decides(model: Model, type_: str, namespace: str = "") -> bool:
    """Whether what is not in the set is missing, rather than made by something else.

    In a part of a cluster a chart, an operator or a person may bring it; a Secret or ConfigMap is
    only missing where the set keeps others of the kind beside it.
    """
    if model.context.complete:
        return True
    if not model.decides(type_, namespace) or may_bring(model, type_, namespace):
        return False
    if type_ in _MADE_ELSEWHERE:
        return namespace in model.derived(_kept_by_hand).get(type_, frozenset())
    return True


def finds_no_pod(
    model: Model, document: Document, namespace: str, selector: Mapping[str, Any]
) -> bool:
    """Whether it is sure that a LabelSelector in ``document`` finds no pod in the namespace."""
    if model.selected(namespace, selector):
        return False
    if model.context.complete:
        return True
    folder = document.file.folder_path
    pods = [pod for pod in model.pods_in(namespace) if pod.document.file.folder_path == folder]
    known = {key for pod in pods for key in pod.labels}
    # A label that no template has is set when the pods run, by themselves or by their operator.
    asked = {*(selector.get("matchLabels") or {})}
    plain = not selector.get("matchExpressions") and asked <= known
    return bool(pods) and plain and not may_bring(model, "Pod", namespace)


def missing(place: Place, model: Model, type_: str, namespace: str, name: str) -> Iterator[Problem]:
    """The problem that an object of this name is not there."""
    if model.get(type_, namespace, name) is not None:
        return
    if type_ in _CLUSTER_WIDE and not model.context.complete:
        known = model.derived(_wide).get(type_, [])
        meant = did_you_mean(name, known, cutoff=SURE)
        if name not in known and meant:
            yield place.problem(f"{_none(type_, '', name)}{meant}")
    elif decides(model, type_, namespace):
        yield _absent(place, model, type_, namespace, name)


def missing_content(
    place: Place,
    model: Model,
    what: tuple[str, str, str],
    keys: Sequence[tuple[Place, Sequence[str]]] = (),
) -> Iterator[Problem]:
    """The problems that a Secret or ConfigMap is not there, or a key in it.

    Args:
        place: Where its name stands.
        model: The set.
        what: Its type, namespace and name.
        keys: Where a key is named, and the keys of which there has to be one.
    """
    type_, namespace, name = what
    there, known = keys_of(model, type_, namespace, name)
    if not there:
        if decides(model, type_, namespace):
            yield _absent(place, model, type_, namespace, name)
        return
    for where, any_of in keys:
        if known is not None and not known.intersection(any_of):
            wanted = " or ".join(any_of)
            has = ", ".join(sorted(known)) or "none"
            yield where.problem(f"the {type_} {name} has no key {wanted}; it has {has}")


def _absent(place: Place, model: Model, type_: str, namespace: str, name: str) -> Problem:
    names = model.derived(_names).get((type_, namespace), [])
    meant = did_you_mean(name, names, cutoff=0.7)
    return place.problem(f"{_none(type_, namespace, name)}{meant}")


def _none(type_: str, namespace: str, name: str) -> str:
    where = f" in {namespace}" if namespace else ""
    return f"there is no {type_.partition('.')[0]} {name!r}{where}"


def _names(model: Model) -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in (*model.documents, *model.provided):
        found[each.type, each.namespace].append(each.name)
    return found


def _wide(model: Model) -> Mapping[str, list[str]]:
    return {type_: [each.name for each in model.of(type_)] for type_ in _CLUSTER_WIDE}


def _kept_by_hand(model: Model) -> Mapping[str, frozenset[str]]:
    """The namespaces of which the set holds both the Namespace and such objects."""
    made = {each.name for each in model.of("Namespace")}
    return {
        type_: frozenset(each.namespace for each in model.of(type_) if each.namespace in made)
        for type_ in _MADE_ELSEWHERE
    }
