"""P04 and P08: runners of GitHub Actions, which run whatever a workflow says, are kept apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lib.checks.charts import TYPES, charts, installed_by
from lib.checks.kinds import NETWORK_POLICY
from lib.checks.network_policies import about
from lib.checks.rule import Exempt, Rule, Severity, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.checks.charts import Chart
    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Problem

_SET = "gha-runner-scale-set"
_ENTERPRISE = re.compile(r"https?://[^/]+/enterprises/")
_SOURCE = "actions/actions-runner-controller charts/gha-runner-scale-set"


def _sets(document: Document, model: Model) -> list[Chart]:
    return [chart for chart in installed_by(document, model) if chart.name == _SET]


def _apart(document: Document, model: Model) -> Iterator[Problem]:
    for chart in _sets(document, model):
        yield from _limited(chart)
        yield from _own_namespace(chart, model)
        yield from _egress(chart, model)
        yield from _controlled(chart, model)


def _limited(chart: Chart) -> Iterator[Problem]:
    values = chart.values
    most, group, url = (values.at(key) for key in ("maxRunners", "runnerGroup", "githubConfigUrl"))
    if most.value is None and chart.complete:
        yield most.problem("without maxRunners a push starts as many pods as there are jobs")
    if group.text().lower() == "default" or (not group.text() and chart.complete):
        given = group.text() or "no runner group, so the default one"
        yield group.problem(f"{given}: every repository of the organization may use these runners")
    if _ENTERPRISE.match(url.text()):
        yield url.problem("an enterprise's every organization may use these runners")


def _own_namespace(chart: Chart, model: Model) -> Iterator[Problem]:
    for other in model.derived(charts):
        if other is not chart and other.namespace == chart.namespace and chart.namespace:
            yield chart.source.problem(
                f"{other.release} is in the namespace {chart.namespace} too: jobs may reach it"
            )
    own = {chart.values.text("githubConfigSecret")}
    pulling = chart.values.each("template", "spec", "imagePullSecrets")
    own |= {each.text("name") for each in pulling}
    for document in model.in_namespace(chart.namespace) if chart.namespace else ():
        if document.type == "Secret" and document.name not in own:
            yield document.root.problem(
                f"jobs of the runners {chart.release} may read it: keep it in another namespace"
            )


def _egress(chart: Chart, model: Model) -> Iterator[Problem]:
    name = chart.values.text("runnerScaleSetName") or chart.release
    labels = {
        "actions.github.com/scale-set-name": name,
        "actions.github.com/scale-set-namespace": chart.namespace,
        "actions-ephemeral-runner": "True",
        "app.kubernetes.io/component": "runner",
        "app.kubernetes.io/part-of": _SET,
    }
    limiting = about(model, chart.namespace, labels, egress=True)
    if not limiting and chart.namespace and model.decides(NETWORK_POLICY, chart.namespace):
        yield chart.source.problem(
            f"no NetworkPolicy in {chart.namespace} limits what the runners reach"
        )


def _controlled(chart: Chart, model: Model) -> Iterator[Problem]:
    """The problem that no controller is the account that is let in."""
    account = chart.values.at("controllerServiceAccount")
    namespace, name = account.at("namespace"), account.at("name")
    controllers = [each for each in model.derived(charts) if each.name == f"{_SET}-controller"]
    homes = {each.namespace for each in controllers}
    names = {
        each.values.text("serviceAccount", "name")
        for each in controllers
        if each.namespace == namespace.text()
    }
    if model.context.complete and namespace.text() and namespace.text() not in homes:
        where = f"it is in {', '.join(sorted(homes))}" if homes else "there is none"
        yield namespace.problem(f"no controller of runners is in {namespace.text()}: {where}")
    # Without a name of its own it has one that the chart puts together.
    elif name.text() and names and "" not in names and name.text() not in names:
        yield name.problem(f"the controller's account is {', '.join(sorted(names))}")


def _unprivileged(document: Document, model: Model) -> Iterator[Problem]:
    for chart in _sets(document, model):
        mode = chart.values.at("containerMode", "type")
        if mode.text() == "dind":
            yield mode.problem("its Docker is privileged: a job can take over the node")
        for kind in ("initContainers", "containers"):
            for container in chart.values.each("template", "spec", kind):
                privileged = container.at("securityContext", "privileged")
                if privileged.value is True:
                    name = container.text("name")
                    yield privileged.problem(
                        f"{name} is privileged: a job that reaches it can take over the node"
                    )


_GOOD = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: small, namespace: argocd}
spec:
  destination: {namespace: arc-runners-small}
  source:
    repoURL: ghcr.io/actions/actions-runner-controller-charts
    chart: gha-runner-scale-set
    targetRevision: 0.14.2
    helm:
      valuesObject:
        githubConfigUrl: https://github.com/festival-example
        githubConfigSecret: github-app
        runnerGroup: small
        maxRunners: 4
        template: {spec: {containers: [{name: runner, securityContext: {privileged: false}}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: runners, namespace: arc-runners-small}
spec:
  podSelector: {matchLabels: {app.kubernetes.io/component: runner}}
  policyTypes: [Ingress, Egress]
  egress: [{ports: [{port: 443}]}]
---
apiVersion: v1
kind: Secret
metadata: {name: github-app, namespace: arc-runners-small}
"""

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="P04",
        title="Runners have a namespace, a limit, a runner group and a controller",
        severity=Severity.P0,
        reason="They run what any workflow of their repositories says. What lies beside them, and "
        "what they reach, is open to it.",
        source=_SOURCE,
        fix="Give the scale set a namespace with nothing else in it, maxRunners, a runnerGroup for "
        "private repositories, a NetworkPolicy for egress, and its controller's account.",
        exempt=Exempt.ANNOTATION,
        types=TYPES,
        subjects=documents(*TYPES),
        check=_apart,
        good=_GOOD,
        bad=_GOOD.replace("maxRunners: 4", "minRunners: 4")
        .replace("runnerGroup: small", "runnerGroup: default")
        .replace("name: github-app,", "name: registry,")
        .replace("policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]"),
    ),
    Rule(
        id="P08",
        title="No container beside a job is privileged",
        severity=Severity.P0,
        reason="Whoever can change a workflow owns the node, and from it the cluster.",
        source=f"{_SOURCE} (containerMode)",
        fix="Build images without a daemon, or keep the set to repositories whose every committer "
        "may own the node, and write the exception.",
        exempt=Exempt.ANNOTATION,
        types=TYPES,
        subjects=documents(*TYPES),
        check=_unprivileged,
        good=_GOOD,
        bad=_GOOD.replace("maxRunners: 4", "containerMode: {type: dind}").replace(
            "privileged: false", "privileged: true"
        ),
    ),
)
