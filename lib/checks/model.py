"""The model: all objects of one cluster, or of one folder of anyone's, indexed for the rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from lib.checks.charts import charts
from lib.checks.pods import Pod, pod_of, selects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lib.checks.document import Document
    from lib.config import Cluster

Derived = TypeVar("Derived")
# Made by Kubernetes itself in every cluster.
GIVEN_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is known beside the objects.

    Attributes:
        complete: Whether the set is all that its cluster gets, but for what is declared: so for
            our own dist/. Then what is not there is missing.
        cluster: The cluster's facts; None for a folder of anyone's.
        kubernetes: The minor version that the objects are for, such as ``1.36``.
        one_of_several: Whether there may be clusters that nobody looked at in this run.
    """

    complete: bool = False
    cluster: Cluster | None = None
    kubernetes: str = "1.36"
    one_of_several: bool = True


class Model:
    """Documents in a fixed order, and every way to find them that costs no search.

    Args:
        documents: The objects of the set.
        context: What is known beside them.
        declared: Objects that charts bring, as they are declared. Those of charts that the set
            installs are ``provided``: found by ``get`` and by selectors like all others, but never
            judged themselves.
        node_files: The files of dist/<cluster>/nodes/: no objects, but committed like them.

    A rule asks for ``derived(function)`` where it needs an index of its own.
    """

    def __init__(
        self,
        documents: Iterable[Document],
        context: Context | None = None,
        declared: Iterable[Document] = (),
        node_files: Iterable[Document] = (),
    ) -> None:
        self.context = context or Context()
        self.documents = tuple(sorted(documents, key=_order))
        self.declared = tuple(declared)
        self.node_files = tuple(node_files)
        self.used: set[Document] = set()
        self._derived: dict[Any, Any] = {}

    @property
    def cluster(self) -> Cluster | None:
        """The cluster's facts; None for a folder of anyone's."""
        return self.context.cluster

    @cached_property
    def provided(self) -> tuple[Document, ...]:
        """The declared objects of the charts that the set installs, in whatever version."""
        names = {chart.name for chart in self.derived(charts)} if self.declared else set()
        return tuple(each for each in self.declared if each.provided_by.partition(" ")[0] in names)

    # --- finding documents ---------------------------------------------------------------------

    def of(self, *types: str) -> tuple[Document, ...]:
        """The documents of these types (``Deployment.apps``, ``Service``), whatever the version."""
        if len(types) == 1:
            return self._by_type.get(types[0], ())
        return tuple(document for type_ in types for document in self._by_type.get(type_, ()))

    def get(self, type_: str, namespace: str, name: str) -> Document | None:
        """The object of this type, namespace (empty: cluster-wide) and name, declared ones too.

        In a part of a cluster, an object that names no namespace may be meant for this one.
        """
        found = self._by_identity.get((type_, namespace, name))
        if found is None and not self.context.complete:
            found = self._by_identity.get((type_, "", name))
        if found is not None and found.provided_by:
            self.used.add(found)
        return found

    def same(self, document: Document) -> tuple[Document, ...]:
        """All documents of the same group, kind, namespace and name; several is a mistake."""
        return self._same.get(document.identity, ())

    def in_namespace(self, namespace: str) -> tuple[Document, ...]:
        """The documents of one namespace; empty: cluster-wide ones, or ones that name none."""
        return self._by_namespace.get(namespace, ())

    def in_folder(self, path: str, *, recurse: bool = True) -> tuple[Document, ...]:
        """The documents below a path of the repository, as an Application reads them."""
        path = path.strip("/").removeprefix("./")
        found = self._below if recurse else self._by_folder
        return found.get("" if path == "." else path, ())

    def decides(self, type_: str, namespace: str = "") -> bool:
        """Whether an object that is not in the set is missing, rather than somewhere else.

        It is for a whole cluster. In a part of one, only where the set keeps such things itself:
        the namespace, or another object of this type in it.
        """
        if self.context.complete or (type_, namespace) in self._kept:
            return True
        return bool(namespace) and ("Namespace", "", namespace) in self._by_identity

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that exist: made in the set, declared, or made by Kubernetes itself."""
        declared = [document for document in self.provided if document.type == "Namespace"]
        return GIVEN_NAMESPACES | {made.name for made in (*self.of("Namespace"), *declared)}

    # --- pods ----------------------------------------------------------------------------------

    @cached_property
    def pods(self) -> tuple[Pod, ...]:
        """The pod templates of all workloads."""
        return tuple(pod for document in self.documents if (pod := pod_of(document)) is not None)

    def pods_in(self, namespace: str) -> Sequence[Pod]:
        """The pod templates in one namespace, declared ones too."""
        return self._pods_in.get(namespace, ())

    def selected(self, namespace: str, selector: Any) -> list[Pod]:
        """The pod templates that a LabelSelector finds, declared ones too."""
        wanted = selector.get("matchLabels") if isinstance(selector, dict) else None
        candidates = self._candidates(namespace, wanted)
        found = [pod for pod in candidates if selects(selector, pod.labels)]
        self.used.update(pod.document for pod in found if pod.document.provided_by)
        return found

    def behind(self, service: Document) -> list[Pod]:
        """The pod templates that a Service sends to; none where it has no selector."""
        selector = service.root.texts("spec", "selector")
        if not selector:
            return []
        return self.selected(service.namespace, {"matchLabels": selector})

    def _candidates(self, namespace: str, wanted: Any) -> Sequence[Pod]:
        if not isinstance(wanted, dict) or not wanted:
            return self.pods_in(namespace)
        lists = (
            self._pods_by_label.get((namespace, key, value), ())
            for key, value in wanted.items()
            if isinstance(value, str)
        )
        return min(lists, key=len, default=())

    # --- what rules derive ---------------------------------------------------------------------

    def derived(self, make: Callable[[Model], Derived]) -> Derived:
        """What ``make`` makes of this model; made once, however many rules ask."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: Derived = self._derived[make]
        return found

    # --- indexes -------------------------------------------------------------------------------

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Document, ...]]:
        return _grouped((document.type, document) for document in self.documents)

    @cached_property
    def _by_namespace(self) -> Mapping[str, tuple[Document, ...]]:
        return _grouped((document.namespace, document) for document in self.documents)

    @cached_property
    def _same(self) -> Mapping[Any, tuple[Document, ...]]:
        return _grouped((document.identity, document) for document in self.documents)

    @cached_property
    def _by_folder(self) -> Mapping[str, tuple[Document, ...]]:
        return _grouped((d.file.folder_path, d) for d in self.documents)

    @cached_property
    def _below(self) -> Mapping[str, tuple[Document, ...]]:
        return _grouped(
            (folder, document) for document in self.documents for folder in _folders(document)
        )

    @cached_property
    def _by_identity(self) -> Mapping[tuple[str, str, str], Document]:
        found: dict[tuple[str, str, str], Document] = {}
        for document in (*self.documents, *self.provided):
            found.setdefault((document.type, document.namespace, document.name), document)
        return found

    @cached_property
    def _kept(self) -> frozenset[tuple[str, str]]:
        return frozenset((document.type, document.namespace) for document in self.documents)

    @cached_property
    def _pods_in(self) -> Mapping[str, tuple[Pod, ...]]:
        declared = [pod for document in self.provided if (pod := pod_of(document)) is not None]
        return _grouped((pod.namespace, pod) for pod in (*self.pods, *declared))

    @cached_property
    def _pods_by_label(self) -> Mapping[tuple[str, str, str], tuple[Pod, ...]]:
        return _grouped(
            ((namespace, key, value), pod)
            for namespace, pods in self._pods_in.items()
            for pod in pods
            for key, value in pod.labels.items()
        )


def _order(document: Document) -> tuple[str, int, str]:
    return document.file.name, document.index, document.base.rjust(12)


def _folders(document: Document) -> Iterator[str]:
    folder = document.file.folder_path
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, tuple[Any, ...]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(found) for key, found in groups.items()}
