"""The two projects that the benchmark compares: apps for yagura, and the same as plain cdk8s."""

from __future__ import annotations

import pprint
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parent.parent
PER_APP = 10
# Of different length: Python takes byte code for current by the source's second and length alone.
REPLICAS = (2, 12)

_APP = '''"""{name}: a web app with a setting and a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import AppChart, KubeObject, VaultSecret, WebService, vault

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster

IMAGE = "registry.example/team/{name}:v1.{number}.0"
REPLICAS = {replicas}


class App(AppChart):
    """Answers on its own host."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "{name}", cluster=cluster)
        host = cluster.host("{name}")
        WebService(self, "web", image=IMAGE, port=8080, host=host, replicas=REPLICAS)
        password = vault("{name}/database", "password")
        VaultSecret(self, "database", name="database", data={{"password": password}})
'''
_SETTINGS = """        settings = {{"logLevel": "info", "greeting": "Hello from {name}"}}
        KubeObject(
            self,
            "settings",
            api_version="v1",
            kind="ConfigMap",
            name="settings",
            body={{"data": settings}},
        )
"""
_PROJECTS = '''"""The Argo CD project of all apps, and Argo CD's namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.constructs import AppChart, AppProject, KubeObject

if TYPE_CHECKING:
    from constructs import Construct

    from lib.config import Cluster


class Projects(AppChart):
    """One project, one namespace."""

    def __init__(self, scope: Construct, *, cluster: Cluster) -> None:
        super().__init__(scope, "projects", cluster=cluster, project="apps", namespace=None)
        AppProject(self.root, "apps", description="All apps of the benchmark.", groups=[])
        KubeObject(
            self.bootstrap, "namespace", api_version="v1", kind="Namespace", name="argocd"
        )
'''
_MAIN = '''"""The apps of the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

{imports}
from apps.projects import Projects

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import Platform


def build(app: Platform, cluster: Cluster) -> None:
    """Put every app into ``app``."""
    Projects(app, cluster=cluster)
{calls}
'''
# What .ci/setup writes as .venv/bin/yagura, for another folder.
SCRIPT = """import sys

sys.path[0] = {root!r}
from lib.cli import main

if __name__ == "__main__":
    sys.exit(main())
"""
_PLAIN_MAIN = '''"""The apps of the benchmark, as a plain cdk8s app."""

from cdk8s import App

{imports}

app = App(outdir="dist")
{calls}
app.synth()
'''
_PLAIN_APP = '''"""The chart {name}."""

from cdk8s import ApiObject, ApiObjectMetadata, Chart, JsonPatch
from constructs import Construct


class {title}(Chart):
    """The objects of {name}."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "{name}")
'''

Object = dict[str, Any]


class YaguraProject:
    """A folder with a copy of yagura and ``objects`` objects' worth of apps."""

    def __init__(self, folder: Path, objects: int) -> None:
        self.folder = folder
        self.script = folder / "yagura"
        self.replicas = REPLICAS[0]
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / "lib", folder / "lib", ignore=skipped)
        for name in ("schemas/scopes.json", "requirements.lock", "clusters/production.yaml"):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(PROJECT / name, folder / name)
        self.script.write_text(SCRIPT.format(root=str(folder)), encoding="utf-8")
        (folder / "apps").mkdir()
        shutil.copyfile(PROJECT / "apps" / "__init__.py", folder / "apps" / "__init__.py")
        self._write("apps/projects.py", _PROJECTS)
        apps = [f"app-{number:03}" for number in range(objects // PER_APP)]
        for app in apps:
            self._write_app(app)
        imports = [f"from apps.{_module(app)} import App as {_title(app)}" for app in apps]
        calls = [f"    {_title(app)}(app, cluster=cluster)" for app in apps]
        self._write("main.py", _MAIN.format(imports="\n".join(imports), calls="\n".join(calls)))

    def change_one_app(self) -> None:
        """Give one app the other number of replicas."""
        self.replicas = REPLICAS[self.replicas == REPLICAS[0]]
        self._write_app("app-001")

    def texts(self) -> dict[str, bytes]:
        """The files of dist/ and their content."""
        top = self.folder / "dist"
        return {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*.yaml")}

    def charts(self) -> dict[str, list[Object]]:
        """The objects of dist/ by app."""
        found: dict[str, list[Object]] = {}
        for path, text in sorted(self.texts().items()):
            (manifest,) = objects_of(text)
            folder = path.split("/")[1]
            name = manifest["metadata"]["name"] if folder in ("root", "bootstrap") else folder
            found.setdefault(name, []).append(manifest)
        return found

    def _write_app(self, app: str) -> None:
        number = int(app.removeprefix("app-"))
        # Two apps leave an object out, for the project's and the namespace's sake.
        text = _APP + (_SETTINGS if number > 1 else "")
        replicas = self.replicas if app == "app-001" else REPLICAS[0]
        filled = text.format(name=app, number=number, replicas=replicas)
        self._write(f"apps/{_module(app)}.py", filled)

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")


class PlainProject:
    """The same objects as a plain cdk8s app: a chart and a module per app."""

    def __init__(self, folder: Path, charts: dict[str, list[Object]]) -> None:
        self.folder = folder
        (folder / "charts").mkdir(parents=True)
        (folder / "charts" / "__init__.py").touch()
        for name, objects in charts.items():
            head = _PLAIN_APP.format(name=name, title=_title(name))
            text = head + "".join(_plain_object(manifest) for manifest in objects)
            (folder / "charts" / f"{_module(name)}.py").write_text(text, encoding="utf-8")
        imports = [f"from charts.{_module(name)} import {_title(name)}" for name in charts]
        calls = [f"{_title(name)}(app)" for name in charts]
        main = _PLAIN_MAIN.format(imports="\n".join(imports), calls="\n".join(calls))
        (folder / "main.py").write_text(main, encoding="utf-8")

    def objects(self) -> list[Object]:
        """The objects that its last run wrote."""
        texts = (path.read_bytes() for path in (self.folder / "dist").glob("*.yaml"))
        return [manifest for text in texts for manifest in objects_of(text)]


def objects_of(text: bytes) -> Iterator[Object]:
    """The objects in a file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    yield from yaml.load_all(text, Loader=loader)


def _plain_object(manifest: Object) -> str:
    kind, metadata = manifest["kind"], manifest["metadata"]
    fields = [f"            {name}={_literal(value, 20)}," for name, value in metadata.items()]
    patches = [
        f"            JsonPatch.add({f'/{key}'!r}, {_literal(value, 30)}),"
        for key, value in manifest.items()
        if key not in ("apiVersion", "kind", "metadata")
    ]
    lines = [
        "        thing = ApiObject(",
        "            self,",
        f"            {_id(kind, metadata)!r},",
        f"            api_version={manifest['apiVersion']!r},",
        f"            kind={kind!r},",
        "            metadata=ApiObjectMetadata(",
        *[f"    {field}" for field in fields],
        "            ),",
        "        )",
    ]
    if patches:
        lines += ["        thing.add_json_patch(", *patches, "        )"]
    return "\n".join(lines) + "\n"


def _id(kind: str, metadata: dict[str, str]) -> str:
    parts = (kind, metadata.get("namespace", ""), metadata["name"])
    return "-".join(part for part in parts if part).lower()


def _literal(value: object, indent: int) -> str:
    text = pprint.pformat(value, width=100 - indent, sort_dicts=False)
    return text.replace("\n", "\n" + " " * indent)


def _module(app: str) -> str:
    return app.replace("-", "_")


def _title(app: str) -> str:
    return app.title().replace("-", "")
