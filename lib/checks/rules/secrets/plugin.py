"""S07: argocd-vault-plugin is the one that was meant, reads what it may, and keeps it to itself.

Source: docs/config.md, pkg/config and cmd/generate.go of argoproj-labs/argocd-vault-plugin v1.18.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib.checks.charts import installed_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.document import Document, File
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem

_PLUGIN = "argocd-vault-plugin"
_VALIDATION = "AVP_PATH_VALIDATION"
_MENTION = re.compile(rf"{_PLUGIN}|AVP_".encode())
# Whoever has one of these runs the plugin.
_RUNS = frozenset({"AVP_TYPE", "AVP_AUTH_TYPE", "AVP_K8S_ROLE", "AVP_ROLE_ID"})
_ASSIGNED = re.compile(rf"\b{_VALIDATION}=(?P<quote>[\"']?)(?P<value>[^\"'\s]*)(?P=quote)")
_DOWNLOAD = re.compile(rf"https?://\S*{_PLUGIN}\S*/releases/download/")
_SUM = re.compile(r"\bsha(?:256|512)sum\s+(?:-\w*c|--check)|\bshasum\s.*-c")
_VERBOSE = "--verbose-sensitive-output"


def handled_with_care(document: Document, model: Model) -> Iterator[Problem]:
    """S07."""
    if document.file not in model.derived(_mentioning):
        return
    values = (chart.values for chart in installed_by(document, model))
    for top in (document.root, *values):
        for place in top.maps():
            yield from _of_container(place)
        for leaf in top.leaves():
            yield from _of_text(leaf)


def _mentioning(model: Model) -> frozenset[File]:
    files = {document.file for document in model.documents}
    return frozenset(file for file in files if _MENTION.search(file.content))


def _of_container(container: Place) -> Iterator[Problem]:
    variables = {each.text("name"): each for each in container.each("env") if each.text("name")}
    if not variables.keys().isdisjoint(_RUNS):
        yield from _validation(container, variables.get(_VALIDATION))
    image = container.text("image")
    name, _, digest = image.partition("@")
    if name.rpartition("/")[2].partition(":")[0] == _PLUGIN and not digest.startswith("sha256:"):
        yield container.at("image").problem(
            f"{image} may be another program tomorrow: name it by its digest"
        )
    if "image" in container.mapping():
        texts = [leaf.value for leaf in container.leaves() if isinstance(leaf.value, str)]
        downloads = any(_DOWNLOAD.search(text) for text in texts)
        if downloads and not any(_SUM.search(text) for text in texts):
            yield container.problem("it downloads the plugin and does not check the file's sum")


def _validation(container: Place, variable: Place | None) -> Iterator[Problem]:
    if variable is None:
        # It may come from a Secret, with the rest of the plugin's settings.
        if not container.items("envFrom"):
            yield container.at("env").problem(
                f"{_VALIDATION} is not set: the plugin reads every path that its role may read"
            )
        return
    pattern = variable.text("value")
    if "valueFrom" not in variable.mapping() and not _is_anchored(pattern):
        yield variable.at("value").problem(_unanchored(pattern))


def _of_text(leaf: Place) -> Iterator[Problem]:
    text = leaf.text()
    if _VERBOSE in text:
        yield leaf.problem(f"{_VERBOSE} writes the plugin's token and what it reads into the log")
    for match in _ASSIGNED.finditer(text):
        if not _is_anchored(match["value"]):
            yield leaf.problem(_unanchored(match["value"]))


def _is_anchored(pattern: str) -> bool:
    # Two alternatives side by side are each anchored on one side only.
    return pattern.startswith("^") and pattern.endswith("$") and not _splits(pattern)


def _splits(pattern: str) -> bool:
    """Whether ``|`` stands outside of all parentheses and brackets."""
    depth = 0
    for char in re.sub(r"\\.|\[[^]]*\]", "", pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            return True
    return False


def _unanchored(pattern: str) -> str:
    return f"{_VALIDATION} {pattern!r} fits a part of a path: put it between '^' and '$'"
