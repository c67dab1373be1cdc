"""X: exceptions without reason, end or use, and declarations of what no chart brings."""

from __future__ import annotations

from tests.gate.faults.fault import ANNOTATIONS, FILE, Fault, put, text

_DOCKER = "Application argocd/arc-runners-festival-docker"
_P08 = "policy.yagura/exempt.P08"
_GOOD = "images are built with Docker, by trusted people; until=2099-11-30; ref=docs"
_EXCEPTIONS, _PROVIDED = "policy/exceptions.yaml", "policy/provided.yaml"

FAULTS = (
    Fault("an exception gives no reason", _DOCKER,
          put(*ANNOTATIONS, _P08, "legacy; until=2099-11-30; ref=docs"), "X01", "legacy"),
    Fault("an exception gives no end", _DOCKER,
          put(*ANNOTATIONS, _P08, "images are built with Docker here; ref=docs"), "X01", _P08),
    Fault("an exception gives no reference", _DOCKER,
          put(*ANNOTATIONS, _P08, "images are built with Docker here; until=2099-11-30"), "X01",
          _P08),
    Fault("an exception is for every rule", "Deployment whoami/web",
          put(*ANNOTATIONS, "policy.yagura/exempt.*", _GOOD), "X02", "exempt.*"),
    Fault("an exception is from a rule that there is not", "Deployment whoami/web",
          put(*ANNOTATIONS, "policy.yagura/exempt.W60", _GOOD), "X02", "exempt.W60"),
    Fault("an exception has ended", _DOCKER,
          put(*ANNOTATIONS, _P08, _GOOD.replace("2099", "2020")), "X03", "2020-11-30"),
    Fault("an exception in the file has ended", _EXCEPTIONS,
          text("ref: docs/systems/traefik.md", "ref: docs/systems/traefik.md\n"
               "- id: W02\n  apiVersion: v1\n  kind: Namespace\n  name: vault\n  until: "
               '"2020-11-30"\n  reason: a reason that was good once\n  ref: docs'), "X03",
          "id: W02", FILE),
    Fault("nothing needs an exception", "Deployment whoami/web",
          put(*ANNOTATIONS, "policy.yagura/exempt.W06", _GOOD), "X04", "exempt.W06"),
    Fault("a rule without exceptions is excepted from", "Secret reactions/valkey",
          put(*ANNOTATIONS, "policy.yagura/exempt.S01", _GOOD), "X05", "exempt.S01"),
    Fault("an exception stands where nobody sees it", "Namespace traefik",
          put(*ANNOTATIONS, "policy.yagura/exempt.W02", _GOOD), "X05", "exempt.W02"),
    Fault("nothing needs a declared object", _PROVIDED,
          text("  # Of values.configs.cmp: one key per plugin.\n",
               "  - apiVersion: v1\n    kind: Service\n"
               "    metadata: {name: argocd-metrics, namespace: argocd}\n"), "X06",
          "apiVersion: v1", "Service argocd/argocd-metrics"),
    Fault("a declaration is of another version than the installed one", _PROVIDED,
          text("version: 0.24.0", "version: 0.23.0"), "X07", "apiVersion: v1", "Service dex/dex"),
    Fault("a chart was raised, and its declaration was not", "HelmChart kube-system/vault",
          put("spec", "version", "0.35.0"), "X07", "apiVersion: v1", "Service vault/vault"),
)  # fmt: skip
