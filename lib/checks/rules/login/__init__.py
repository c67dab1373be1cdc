"""L: the login loop closes: Dex, its clients, routes, certificates and names agree."""

from __future__ import annotations

from typing import Any

from lib.checks.rule import Exempt, Rule, Severity, documents
from lib.checks.rules.login import examples, loop, serving
from lib.checks.traefik_objects import INGRESS_ROUTE

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="L01",
        title="Dex is reached at the address that it calls itself",
        severity=Severity.P0,
        reason="Browsers are sent there, and every program asks there for the keys: nobody can log "
        "in.",
        source="OpenID Connect Discovery 1.0, section 4; cmd/dex/serve.go of dexidp/dex",
        fix="Route the issuer's host to Dex, or correct the issuer or the connector's redirectURI.",
        exempt=Exempt.ANNOTATION,
        subjects=loop.every_dex,
        check=loop.issuer_is_served,
        good=examples.L01_GOOD,
        bad=examples.L01_BAD,
    ),
    Rule(
        id="L02",
        title="A client's redirect address is served here, over TLS",
        severity=Severity.P0,
        reason="Dex sends people there with the code of their login; a host that nobody serves can "
        "be taken by somebody else.",
        source="RFC 9700, section 2.1; storage/storage.go of dexidp/dex",
        fix="Correct the redirect address, or route its host.",
        exempt=Exempt.ANNOTATION,
        subjects=loop.every_client,
        check=loop.redirects_lead_somewhere,
        good=examples.L02_GOOD,
        bad=examples.L02_BAD,
    ),
    Rule(
        id="L03",
        title="A program names the issuer and a client as Dex has them",
        severity=Severity.P0,
        reason="Dex answers an unknown client with an error, and a program refuses tokens of an "
        "issuer that is written otherwise by one character.",
        source="OpenID Connect Core 1.0, section 3.1.3.7",
        fix="Write the issuer and the id as Dex's configuration does, or add the client there.",
        exempt=Exempt.ANNOTATION,
        subjects=loop.every_program,
        check=loop.program_is_known,
        good=examples.L03_GOOD,
        bad=examples.L03_BAD,
    ),
    Rule(
        id="L04",
        title="Every client of Dex is used",
        severity=Severity.P2,
        reason="A client that nothing uses is a way in that nobody looks after.",
        source="a judgement",
        fix="Remove the client from Dex's staticClients, or correct the program's client id.",
        exempt=Exempt.ANNOTATION,
        subjects=loop.every_client,
        check=loop.client_is_used,
        good=examples.L04_GOOD,
        bad=examples.L04_BAD,
    ),
    Rule(
        id="L05",
        title="Dex and a client have the same secret, or both have none",
        severity=Severity.P0,
        reason="Dex answers invalid_client, after people have logged in at GitHub.",
        source="RFC 6749, section 5.2; storage/storage.go of dexidp/dex",
        fix="Take both from the same path and key in Vault; a public client has no secret.",
        exempt=Exempt.ANNOTATION,
        subjects=loop.both,
        check=loop.secrets_are_the_same,
        good=examples.L05_GOOD,
        bad=examples.L05_BAD,
    ),
    Rule(
        id="L06",
        title="A program awaits its users where Dex sends them",
        severity=Severity.P0,
        reason="Dex refuses an address that it does not have, to the letter, and one that nobody "
        "awaits is a way for a login to leave.",
        source="RFC 9700, section 2.1: redirect addresses are compared as strings",
        fix="Write the same address in both places.",
        exempt=Exempt.ANNOTATION,
        subjects=loop.both,
        check=loop.ways_back_are_the_same,
        good=examples.L06_GOOD,
        bad=examples.L06_BAD,
    ),
    Rule(
        id="L07",
        title="A routed host has a certificate, and a served certificate has hosts",
        severity=Severity.P0,
        reason="Browsers refuse the page, and programs the login behind it; a certificate for "
        "nothing is asked for again and again, or belongs to a host that was written wrong.",
        source="docs/content/https/tls.md of traefik/traefik; RFC 6125, section 6.4",
        fix="Add the host to the Certificate's dnsNames, or correct the name of one of the two.",
        exempt=Exempt.ANNOTATION,
        types=(INGRESS_ROUTE,),
        subjects=serving.routes_and_certificates,
        check=serving.has_certificate,
        good=examples.L07_GOOD,
        bad=examples.L07_BAD,
    ),
    Rule(
        id="L08",
        title="A routed host has its name in the DNS, and no other",
        severity=Severity.P1,
        reason="Without a target external-dns skips the route; a name without a route leads people "
        "to an error, or to somebody else's page.",
        source="source/traefik_proxy.go of kubernetes-sigs/external-dns v0.21",
        fix="Give the route external-dns' annotations hostname and target, for its own host.",
        exempt=Exempt.ANNOTATION,
        types=(INGRESS_ROUTE,),
        subjects=documents(INGRESS_ROUTE),
        check=serving.has_name,
        good=examples.L08_GOOD,
        bad=examples.L08_BAD,
    ),
)
