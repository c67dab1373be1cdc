"""What each Argo CD Application applies: the objects below its paths, and where they go.

Nothing is guessed: where a source is in another repository, or what Argo CD makes of a folder
cannot be told from its files, its contents are not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lib.checks.scopes import is_namespaced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place

APPLICATION = "Application.argoproj.io"
IN_CLUSTER = ("https://kubernetes.default.svc", "in-cluster")
_SSH = re.compile(r"(?:ssh://)?[^/:]*?@[^@]+")


class Destination(NamedTuple):
    """The cluster that an Application applies to; the parts that are not given are empty."""

    server: str
    name: str


def sources(application: Document) -> list[Place]:
    """The sources of an Application: ``sources`` where it has any, else ``source``."""
    several = list(application.each("spec", "sources"))
    one = application.at("spec", "source")
    return several or ([one] if isinstance(one.value, dict) else [])


def destination(application: Document) -> Destination:
    """The cluster; Argo CD's own goes by two names, of which one implies the other."""
    place = application.at("spec", "destination")
    server, name = place.text("server"), place.text("name")
    own = server == IN_CLUSTER[0] or name == IN_CLUSTER[1]
    return Destination(*IN_CLUSTER) if own else Destination(server, name)


def normalized(repository: str) -> str:
    """A repository's address as Argo CD compares it (NormalizeGitURL of its util/git)."""
    text = repository.strip().lower()
    if _SSH.fullmatch(text) and not text.startswith("ssh://"):
        text = text.replace(":", "/", 1)
    return text.removesuffix(".git").removeprefix("ssh://")


def is_own(source: Place, model: Model) -> bool | None:
    """Whether a source is the repository that the set stands in; None where that is not known."""
    if model.cluster is None:
        return None
    return normalized(source.text("repoURL")) == normalized(model.cluster.repository.url)


def below(source: Place, model: Model) -> tuple[Document, ...]:
    """The objects in a source's folder; a plugin, and ``recurse``, look into those below it."""
    recurse = source.get("directory", "recurse") is True or bool(source.at("plugin"))
    return model.in_folder(source.text("path"), recurse=recurse)


def contents(source: Place, model: Model) -> tuple[Document, ...] | None:
    """The objects below a source's path; None where they are not known."""
    if not source.text("path") or source.text("chart") or is_own(source, model) is False:
        return None
    directory = source.at("directory")
    made_by_tools = any(source.at(tool) for tool in ("helm", "kustomize"))
    selected = any(directory.at(key) for key in ("include", "exclude", "jsonnet"))
    # Without a word on how, Argo CD looks for a chart or a kustomization, which are not in view.
    told = model.context.complete or bool(directory) or bool(source.at("plugin"))
    return None if made_by_tools or selected or not told else below(source, model)


def applied_by(application: Document, model: Model) -> tuple[Document, ...]:
    """All objects that an Application is known to apply."""
    found = (contents(source, model) or () for source in sources(application))
    return tuple(dict.fromkeys(document for part in found for document in part))


def owners(model: Model) -> Mapping[Document, list[Document]]:
    """The Applications of each object that any applies; ask for ``model.derived(owners)``."""
    found: dict[Document, list[Document]] = {}
    for application in model.of(APPLICATION):
        for document in applied_by(application, model):
            found.setdefault(document, []).append(application)
    return found


def namespace_of(document: Document, application: Document, model: Model) -> str:
    """Where an Application puts an object: empty for a cluster-wide kind."""
    if document.namespace or is_namespaced(document, model) is False:
        return document.namespace
    return application.text("spec", "destination", "namespace")


def options(document: Document) -> dict[str, str]:
    """Argo CD's options for one object, as its annotation gives them: ``Prune`` -> ``confirm``."""
    text = document.annotations.get("argocd.argoproj.io/sync-options", "")
    return _pairs(text.split(","))


def sync_options(application: Document) -> dict[str, str]:
    """An Application's own options, ``ServerSideApply`` -> ``true``."""
    given = application.at("spec", "syncPolicy", "syncOptions").items()
    return _pairs([each for each in given if isinstance(each, str)])


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = (each.strip().partition("=") for each in given)
    return {key: value for key, _, value in pairs if key}
