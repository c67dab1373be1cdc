"""``yagura new app NAME``: write a small app that works, and its line in main.py."""

from __future__ import annotations

import keyword
import re
import sys
from typing import TYPE_CHECKING

from lib.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[a-z]([a-z0-9-]{0,40}[a-z0-9])?")
# Folders of dist/ with a meaning of their own, and namespaces that Kubernetes makes itself.
_TAKEN = re.compile(r"root|bootstrap|nodes|default|kube-.*")
_APP = '''"""{name}: what it is and whom it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import AppChart, WebService

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

# renovate: datasource=docker
IMAGE = "docker.io/traefik/whoami:v1.11.0"


class {klass}(AppChart):
    """One sentence: what {name} does."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "{name}", cluster=cluster)
        WebService(self, "web", image=IMAGE, port=80, host=cluster.host("{name}"))
'''


def write(project: Path, name: str) -> int:
    """Write ``apps/<name>.py`` and its import and line in main.py.

    Raises:
        ConfigError: The name cannot be a module and a namespace, is taken, or main.py has another
            shape than expected; nothing is written then.
    """
    module = name.replace("-", "_")
    if not _NAME.fullmatch(name) or keyword.iskeyword(module):
        raise ConfigError(
            f"new app {name!r}: use lower-case letters, digits and inner '-', starting with a "
            "letter, and no word of Python's: it becomes module, namespace and host"
        )
    path, main = project / "apps" / f"{module}.py", project / "main.py"
    if path.exists() or path.with_suffix("").exists():
        raise ConfigError(f"new app {name}: apps/{module}.py is there already")
    klass = "".join(part.capitalize() for part in module.split("_"))
    text = main.read_text(encoding="utf-8")
    imports = re.findall(r"^ *from \S+ import (.+)$", text + _APP, re.MULTILINE)
    used = {word.strip() for words in imports for word in words.split(",")}
    if _TAKEN.fullmatch(name) or klass in used or keyword.iskeyword(klass):
        raise ConfigError(f"new app {name}: the name has another meaning here: choose another one")
    listed = _listed(text, module, klass)
    path.write_text(_APP.format(name=name, klass=klass), encoding="utf-8")
    main.write_text(listed, encoding="utf-8")
    sys.stdout.write(
        f"wrote apps/{module}.py and its line in main.py\n"
        f"next: set IMAGE and port in apps/{module}.py, run `make synth`, "
        f"then read `git diff main.py` and dist/*/{name}/\n"
    )
    return 0


def _listed(text: str, module: str, klass: str) -> str:
    """Add the import, sorted among the others, and a last line in ``build``."""
    lines = text.splitlines(keepends=True)
    imports = [place for place, line in enumerate(lines) if line.startswith("from apps.")]
    calls = [
        place
        for place, line in enumerate(lines)
        if re.match(r"    (\w+ = )?\w+\(app, cluster=cluster\)", line)
    ]
    if not imports or not calls:
        raise ConfigError("main.py: no `from apps...` import or no app line found: add it by hand")
    # It waits for what the app above it waits for: routes, and names in the DNS.
    waits = re.search(r"\.after\(.*\)$", lines[calls[-1]].rstrip())
    call = f"{klass}(app, cluster=cluster){waits[0] if waits else ''}"
    lines.insert(calls[-1] + 1, f"    {call}\n")
    new = f"from apps.{module} import {klass}\n"
    place = next((place for place in imports if lines[place] > new), imports[-1] + 1)
    lines.insert(place, new)
    return "".join(lines)
