"""A plain file for the nodes: RKE2's own configuration, which exists before any Kubernetes object.

Terraform reads these files for cloud-init. Argo CD never does: no Application reads the folder.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from constructs import Construct

from lib import values
from lib.constructs.helm_values import SECRET_KEY
from lib.constructs.kernel import kernel
from lib.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.constructs.app_chart import AppChart

FOLDER = "nodes"
_PATH = re.compile(r"(server|agent)/[a-z0-9][a-z0-9.-]*")


class NodeFile(Construct):
    """A file of ``dist/<cluster>/nodes/``.

    Args:
        scope: The app that it belongs to.
        id: ``server/<name>`` for the servers, ``agent/<name>`` for the agents.
        content: A map, which becomes YAML as manifests do, or a text, which stays as it is. The
            file starts with a comment, ``# ...``, that says where it is from.

    Raises:
        BuildError: Another path, a value that would not survive, a credential, or a placeholder,
            which nothing would fill in.
    """

    def __init__(
        self,
        scope: AppChart,
        id: str,  # noqa: A002 - cdk8s' own name
        *,
        content: Mapping[str, Any] | str,
    ) -> None:
        wrong = list(_problems(id, content))
        if wrong:
            raise BuildError([f"NodeFile {id}: {line}" for line in wrong])
        kernel.create(self, scope, id)
        self.path = f"{FOLDER}/{id}"
        # What JSON makes of the values is what YAML gives back.
        self.content: Mapping[str, Any] | str = json.loads(json.dumps(content))
        # A construct's path ends with its id, in which cdk8s writes a slash so.
        self.id = id.replace("/", "--")
        self.construct = f"{scope.name}/{self.id}"
        scope.node_files.append(self)


def _problems(path: str, content: Mapping[str, Any] | str) -> Iterator[str]:
    if not _PATH.fullmatch(path):
        yield "the path is not server/NAME or agent/NAME in lower-case letters, digits, '.' and '-'"
    if not content or (isinstance(content, str) and not content.endswith("\n")):
        yield "the content is empty, or a text that does not end with a line feed"
    yield from values.problems(content if isinstance(content, str) else dict(content))
    yield from _secrets(content, "")


def _secrets(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and SECRET_KEY.search(str(key).replace("-", "_")):
                yield f"{pointer}/{key}: looks like a credential: Terraform hands it to the node"
            yield from _secrets(item, f"{pointer}/{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _secrets(item, f"{pointer}/{index}")
    elif isinstance(value, str) and "<path:" in value:
        yield f"{pointer}: nothing fills a placeholder in here"
