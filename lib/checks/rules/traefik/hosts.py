"""T05: a host name of ours leads to one route, and no route takes the requests of another."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from lib.checks import traefik_rule
from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.traefik_objects import GROUPS, HTTP_ROUTES, TCP_ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lib.checks.document import Document
    from lib.checks.model import Model
    from lib.checks.place import Place, Problem
    from lib.checks.traefik_rule import Matcher

_ROUTES = (*HTTP_ROUTES, *TCP_ROUTES)
_NAMES = {"Host", "HostHeader", "HostSNI"}
_PATTERNS = {"HostRegexp", "HostSNIRegexp"}


class _Claim(NamedTuple):
    """What one rule takes for itself.

    Attributes:
        route: The object.
        place: Its rule.
    """

    route: Document
    place: Place


def _one_host(route: Document, model: Model) -> Iterator[Problem]:
    claims = model.derived(_claims)
    for rule in route.each("spec", "routes"):
        match = rule.at("match")
        try:
            alternatives = _read(rule, route)
        except traefik_rule.UnreadableRuleError as error:
            yield match.problem(f"the rule cannot be read: {error}")
            continue
        if not route.root.items("spec", "parentRefs"):  # a parent's rule holds for its children
            yield from (match.problem(text) for text in _hostless(alternatives, route, model))
        others = {
            f"{claim.route.identity} in {claim.route.file.name}"
            for key in _keys(rule, route, model, alternatives)
            for claim in claims[key]
            if claim.place.pointer != match.pointer or claim.route is not route
        }
        for other in sorted(others):
            yield match.problem(f"the same requests go to {other}, with the same priority")


def _read(rule: Place, route: Document) -> frozenset[frozenset[Matcher]]:
    old = rule.text("syntax") == "v2" or route.group == GROUPS[1]
    if route.kind == "IngressRoute":
        known = traefik_rule.HTTP_V2 if old else traefik_rule.HTTP
    else:
        known = traefik_rule.TCP_V2 if old else traefik_rule.TCP
    return traefik_rule.parse(rule.text("match"), known).alternatives


def _claims(model: Model) -> Mapping[Any, list[_Claim]]:
    """What all rules of the set take, in its order."""
    found: dict[Any, list[_Claim]] = defaultdict(list)
    for route in model.of(*_ROUTES):
        if model.same(route)[0] is not route:  # the same object twice is another rule's matter
            continue
        for rule in route.each("spec", "routes"):
            try:
                alternatives = _read(rule, route)
            except traefik_rule.UnreadableRuleError:
                continue
            for key in set(_keys(rule, route, model, alternatives)):
                found[key].append(_Claim(route, rule.at("match")))
    return found


def _keys(
    rule: Place, route: Document, model: Model, alternatives: Iterable[frozenset[Matcher]]
) -> Iterator[tuple[Any, ...]]:
    """Names what a rule takes: equal for two that Traefik cannot choose between."""
    given = rule.get("priority")
    # Traefik's own order is by the length of the rule.
    priority = given if isinstance(given, int) and given else len(rule.text("match"))
    # Folders of anyone's may be alternatives, of which one is applied.
    folder = None if model.context.complete else route.file.folder_path
    parents = [
        f"parent {each.text('namespace') or route.namespace}/{each.text('name')}"
        for each in route.each("spec", "parentRefs")
    ]
    for entry in parents or _entries(route) or [""]:
        for alternative in alternatives:
            yield route.kind, folder, entry, priority, _folded(alternative)


def _entries(route: Document) -> list[str]:
    return [each.text() for each in route.each("spec", "entryPoints")]


def _folded(alternative: frozenset[Matcher]) -> frozenset[Matcher]:
    return frozenset(
        each._replace(values=tuple(value.lower() for value in each.values))
        if each.name.startswith("Host")
        else each
        for each in alternative
    )


def _hostless(
    alternatives: Iterable[frozenset[Matcher]], route: Document, model: Model
) -> Iterator[str]:
    """What is wrong with the host names of a rule; each alternative needs one of ours."""
    found: set[str] = set()
    for alternative in alternatives:
        hosts = [
            each for each in alternative if each.name in _NAMES | _PATTERNS and not each.negated
        ]
        if not hosts:
            found.add("the rule takes requests for any host name: add Host(`...`)")
        elif model.cluster is not None and not _any_name(hosts, route):
            domain = model.cluster.domain
            found.update(
                f"the host {value} is not within {domain}"
                for each in hosts
                for value in each.values
                if not _within(each.name, value, domain)
            )
    return iter(sorted(found))


def _any_name(hosts: list[Matcher], route: Document) -> bool:
    """Whether it is plain TCP, which has no host names: HostSNI(`*`) stands for all of it."""
    return not route.at("spec", "tls") and all(each.values == ("*",) for each in hosts)


def _within(matcher: str, value: str, domain: str) -> bool:
    if matcher in _PATTERNS:
        return bool(re.search(rf"(?:^\^?|\\\.|\}}\.){re.escape(re.escape(domain))}\$$", value))
    host = value.lower().rstrip(".")
    return host == domain or host.endswith(f".{domain}")


ONE_HOST: Rule[Document] = Rule(
    id="T05",
    title="A route names a host of the cluster's own domain, and no other takes the same requests",
    severity=Severity.P0,
    reason="A route without a host takes the requests of all, and of two equal routes nobody can "
    "tell which one answers: an app can take over another's visitors.",
    source="Traefik: Rules and priority; kyverno/policies disallow-empty-ingress-host; Gatekeeper "
    "uniqueingresshost",
    fix="Start the rule with Host(`...`) of a name of the cluster, and let one route have it.",
    exempt=Exempt.ANNOTATION,
    types=_ROUTES,
    subjects=documents(*_ROUTES),
    check=_one_host,
    good="""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes:
  - {kind: Rule, match: "Host(`whoami.festival.example`)", services: [{name: web, port: 80}]}
  - kind: Rule
    match: Host(`whoami.festival.example`) && PathPrefix(`/events`)
    services: [{name: events, port: 80}]
  tls: {}
""",
    bad="""\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: whoami}
spec:
  entryPoints: [websecure]
  routes: [{kind: Rule, match: "Host(`whoami.festival.example`)", services: [{name: web}]}]
  tls: {}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: same, namespace: other}
spec:
  entryPoints: [websecure]
  routes: [{kind: Rule, match: "Host(`whoami.festival.example`)", services: [{name: web}]}]
  tls: {}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: every-host, namespace: other}
spec:
  entryPoints: [websecure]
  routes: [{kind: Rule, match: "PathPrefix(`/`)", services: [{name: web}]}]
  tls: {}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: unreadable, namespace: other}
spec:
  entryPoints: [websecure]
  routes: [{kind: Rule, match: "Host(other.festival.example)", services: [{name: web}]}]
  tls: {}
""",
)
