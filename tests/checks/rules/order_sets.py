"""Sets of objects in the folders of a dist/, for the rules about order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checks.catalogue import RULES
from lib.checks.document import File
from lib.checks.engine import judge
from lib.checks.loading import load
from lib.checks.model import Context, Model
from tests.checks.judging import TODAY

if TYPE_CHECKING:
    from lib.checks.finding import Finding

REPOSITORY = "https://git.festival.example/platform.git"
HEALTH = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
data:
  resource.customizations.health.argoproj.io_Application: return obj.status.health
  resource.customizations.health.helm.cattle.io_HelmChart: return obj.status.health
"""


def application(name: str, wave: int, *, folder: str = "", chart: str = "", more: str = "") -> str:
    """An Application of a folder of dist/one, its own unless told, or of a chart."""
    source = f"path: dist/one/{folder or name}, directory: {{recurse: true}}"
    if chart:
        source = f"chart: {chart}, targetRevision: 1.0.0"
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
  annotations: {{argocd.argoproj.io/sync-wave: "{wave}"{more}}}
spec:
  project: platform
  source: {{repoURL: {REPOSITORY}, {source}}}
  destination: {{server: https://kubernetes.default.svc, namespace: {name}}}
"""


def namespace(name: str, wave: int | None = None) -> str:
    """A Namespace."""
    note = "" if wave is None else f", annotations: {{argocd.argoproj.io/sync-wave: '{wave}'}}"
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}{note}}}\n"


def config_map(name: str, namespace_: str) -> str:
    """A ConfigMap."""
    return f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: {namespace_}}}
data: {{a: b}}
"""


def model(files: dict[str, str]) -> Model:
    """All of the cluster ``one``: path below dist/one/ -> the file's text."""
    loaded = load(File(f"dist/one/{path}", text.encode()) for path, text in sorted(files.items()))
    return Model(loaded.documents, Context(complete=True))


def found(rule: str, files: dict[str, str]) -> list[Finding]:
    """The findings of one rule."""
    report = judge([model(files)], [RULES[rule]], as_of=TODAY, catalogue=RULES)
    assert not report.crashed
    return list(report.findings)


def root(**applications: str) -> dict[str, str]:
    """The Application of Applications in bootstrap/, and what it applies."""
    files = {"bootstrap/root.yaml": application("root", 0)}
    return files | {f"root/{name}.yaml": text for name, text in applications.items()}
