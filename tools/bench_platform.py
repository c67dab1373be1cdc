"""The checkout's own platform with as many more web apps as the benchmark of the gate asks for."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tools.bench_projects import PROJECT, SCRIPT, Object, objects_of

if TYPE_CHECKING:
    from pathlib import Path

# What the app below makes, with its namespace, policies and Application.
PER_APP = 9
_FOLDERS = ("apps", "clusters", "dist", "lib", "policy", "schemas")
_FILES = ("requirements.lock", ".yagura/bin/kubeconform")
_APP = '''"""{name}: a web app with a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import AppChart, VaultSecret, WebService, vault

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

IMAGE = "docker.io/festival/{name}:v1.0.0"


class App(AppChart):
    """Answers on its own host."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "{name}", cluster=cluster)
        WebService(self, "web", image=IMAGE, port=8080, host=cluster.host("{name}"))
        password = vault("{name}/database", "password")
        VaultSecret(self, "database", name="database", data={{"password": password}})
'''
_MAIN = '''"""The platform and the apps of the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platform_main import build as build_platform
{imports}

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import Platform


def build(app: Platform, cluster: Cluster) -> None:
    """Put everything into ``app``."""
    build_platform(app, cluster)
    there = {{each.name: each for each in app.apps}}
    before = [there[name] for name in ("traefik", "external-dns", "vault")]
{calls}
'''


class PlatformProject:
    """A folder with a copy of the checkout, and apps until there are ``objects`` objects."""

    def __init__(self, folder: Path, objects: int) -> None:
        self.folder = folder
        self.script = folder / "yagura"
        skipped = shutil.ignore_patterns("__pycache__")
        for name in _FOLDERS:
            shutil.copytree(PROJECT / name, folder / name, ignore=skipped)
        for name in _FILES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
        shutil.copy2(PROJECT / "main.py", folder / "platform_main.py")
        own = sum(len(chart) for chart in self.charts().values())
        number = -(-max(0, objects - own) // PER_APP)
        names = [f"bench-{place:03}" for place in range(number)]
        for name in names:
            text = _APP.format(name=name)
            (folder / "apps" / f"{_module(name)}.py").write_text(text, encoding="utf-8")
        imports = [f"from apps.{_module(name)} import App as {_title(name)}" for name in names]
        calls = [f"    {_title(name)}(app, cluster=cluster).after(*before)" for name in names]
        main = _MAIN.format(imports="\n".join(imports), calls="\n".join(calls))
        (folder / "main.py").write_text(main, encoding="utf-8")
        self.script.write_text(SCRIPT.format(root=str(folder)), encoding="utf-8")

    def charts(self) -> dict[str, list[Object]]:
        """The objects of dist/ by folder; files for the nodes are none."""
        top = self.folder / "dist"
        found: dict[str, list[Object]] = {}
        for path in sorted(top.rglob("*.yaml")):
            folder = path.relative_to(top).parts[1]
            if folder != "nodes":
                found.setdefault(folder, []).extend(objects_of(path.read_bytes()))
        return found


def _module(app: str) -> str:
    return app.replace("-", "_")


def _title(app: str) -> str:
    return app.title().replace("-", "")
