"""G16, G17, G27, G28: what is needed comes up before what needs it, and waves do what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib.checks.applications import APPLICATION
from lib.checks.charts import HELM_CHART
from lib.checks.ordering.carriers import HOOK, WAVE, WHOLE_NUMBER, carriers, rank
from lib.checks.ordering.graph import BROUGHT_FORWARD, circles, graph, told
from lib.checks.ordering.health import settings
from lib.checks.ordering.need import Unit, named
from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.order_examples import CIRCLE, HEALTH, TWO_APPLICATIONS, WAVES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.ordering.carriers import Rank
    from lib.checks.ordering.graph import Circle
    from lib.checks.place import Place, Problem


def _comes_after(document: Document, model: Model) -> Iterator[Problem]:
    found = model.derived(graph)
    for unit in (Unit(document), Unit(document, content=True)):
        for inversion in found.inversions(unit):
            yield inversion.need.place.problem(inversion.message)


def _first_in_circle(model: Model) -> Mapping[Document, list[Circle]]:
    found: dict[Document, list[Circle]] = {}
    for circle in circles(model):
        found.setdefault(circle[0][0].document, []).append(circle)
    return found


def _waits_for_itself(document: Document, model: Model) -> Iterator[Problem]:
    for circle in model.derived(_first_in_circle).get(document, ()):
        yield document.root.problem(told(circle))


def _argo_settings(model: Model) -> Iterator[Place]:
    return (each.place for each in model.derived(settings))


def _health_is_checked(place: Place, model: Model) -> Iterator[Problem]:
    here = next(each for each in model.derived(settings) if each.place is place)
    applied = model.derived(carriers).applied
    waves = {rank(each).wave for each in model.of(APPLICATION)}
    if len(waves) < 2 or not here.complete:  # noqa: PLR2004 - one wave waits for nothing
        return
    if not here.checks(APPLICATION):
        yield place.problem(
            f"no check of an Application's health: the {len(waves)} waves of Applications start "
            "together"
        )
    last = max(waves)
    early = [each for each in applied if rank(each).wave < last]
    installs = [each for each in early if any(d.type == HELM_CHART for d in applied[each])]
    if installs and not here.checks(HELM_CHART):
        yield place.problem(
            f"no check of a HelmChart's health: Application {named(installs[0])} is healthy before "
            "its charts are there, and the later waves start"
        )


def _wave_counts(document: Document, model: Model) -> Iterator[Problem]:
    place = document.at("metadata", "annotations", WAVE)
    if place:
        yield from _of_wave(document, place, model)
    way = TEMPLATES.get(document.type)
    if way:
        inside = document.at(*way).at("metadata", "annotations", WAVE)
        if inside:
            yield inside.problem("Argo CD does not look at the waves of pods: it applies none")


def _of_wave(document: Document, place: Place, model: Model) -> Iterator[Problem]:
    if not WHOLE_NUMBER.fullmatch(place.text()):
        yield place.problem(f"{place.value!r} is no whole number: Argo CD takes it for 0")
        return
    known = model.derived(carriers)
    carrier = known.keeper(document)
    if carrier is None:
        if model.context.complete and rank(document).wave != 0:
            yield place.problem("no Application applies this object, so nothing heeds its wave")
        return
    first, several = model.derived(_ranks)[carrier]
    if not several and rank(document).wave != 0 and document is known.applied[carrier][0]:
        yield place.problem(
            f"all that Application {named(carrier)} applies is in {rank(document)}: it orders "
            "nothing"
        )
    if document.type in BROUGHT_FORWARD and not document.annotations.get(HOOK):
        its_first = first.get(document.name, rank(document))
        if its_first < rank(document):
            yield place.problem(f"Argo CD applies it before its first object, in {its_first}")


def _ranks(model: Model) -> Mapping[Document, tuple[dict[str, Rank], bool]]:
    """For each Application the first rank in each namespace, and whether there are several."""
    found = {}
    for application, applied in model.derived(carriers).applied.items():
        first: dict[str, Rank] = {}
        for document in applied:
            own = rank(document)
            first[document.namespace] = min(own, first.get(document.namespace, own))
        found[application] = (first, len({rank(each) for each in applied}) > 1)
    return found


RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="G16",
        title="What is needed comes up before what needs it",
        severity=Severity.P0,
        reason="Argo CD waits until a wave is healthy before it begins the next: what waits for a "
        "later wave waits for ever. What RKE2 applies is there before Argo CD is.",
        source="gitops-engine/pkg/sync/sync_tasks.go of argoproj/argo-cd; "
        "docs/user-guide/sync-waves.md; pkg/deploy/controller.go of k3s-io/k3s",
        fix="Let the app come .after(...) the one that it needs, or move what is needed to "
        "bootstrap/; yagura order prints the stages.",
        exempt=Exempt.ANNOTATION,
        subjects=documents(),
        check=_comes_after,
        good=TWO_APPLICATIONS,
        bad=TWO_APPLICATIONS.replace('sync-wave: "0"', 'sync-wave: "2"'),
    ),
    Rule(
        id="G17",
        title="Nothing waits for itself",
        severity=Severity.P0,
        reason="None of a circle can be the first, so none of it ever comes up.",
        source="a judgement; for Applications that apply each other controller/health.go and "
        "issue 2995 of argoproj/argo-cd",
        fix="Cut the circle at one of its edges; between two Applications that apply each other, "
        'annotate one with argocd.argoproj.io/ignore-healthcheck: "true".',
        exempt=Exempt.NEVER,
        subjects=documents(),
        check=_waits_for_itself,
        good=CIRCLE.replace("ISSUER", "self-signed"),
        bad=CIRCLE.replace("ISSUER", "internal-ca"),
    ),
    Rule(
        id="G27",
        title="Argo CD checks the health of what its waves wait for",
        severity=Severity.P0,
        reason="Argo CD has no check for Applications and HelmCharts of its own: they are healthy "
        "as soon as they are applied, and the next wave begins.",
        source="docs/operator-manual/health.md of argoproj/argo-cd",
        fix="Give resource.customizations.health.<group>_<kind> in argocd-cm (apps/argocd/"
        "health.py).",
        exempt=Exempt.ANNOTATION,
        subjects=_argo_settings,
        check=_health_is_checked,
        good=HEALTH.replace("KIND", "Application"),
        bad=HEALTH.replace("KIND", "Rollout"),
    ),
    Rule(
        id="G28",
        title="A sync wave is a whole number, and orders something",
        severity=Severity.P2,
        reason="A wave that nothing heeds looks like an order, and is none.",
        source="gitops-engine/pkg/sync/syncwaves/waves.go and sync_tasks.go of argoproj/argo-cd",
        fix="Correct the annotation, put it where Argo CD looks, or remove it.",
        exempt=Exempt.ANNOTATION,
        subjects=documents(),
        check=_wave_counts,
        good=WAVES,
        bad=WAVES.replace('"-1"', '"first"'),
    ),
)
