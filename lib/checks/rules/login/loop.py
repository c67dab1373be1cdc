"""L01 to L06: Dex, its clients and the programs behind them name each other alike."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from lib.checks.hosts import Hosts
from lib.checks.nearest import did_you_mean
from lib.checks.rules.login.dex import by_id, clients, dexes, in_environment
from lib.checks.rules.login.inside import issuer_is_found_inside
from lib.checks.rules.login.programs import Program, programs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lib.checks.model import Model
    from lib.checks.place import Problem
    from lib.checks.rules.login.dex import Client, Dex

_LOCAL = {"localhost", "127.0.0.1", "::1"}
_INSIDE = (".svc", ".cluster.local", ".internal", ".local")


def every_dex(model: Model) -> tuple[Dex, ...]:
    """Subjects: every Dex."""
    return model.derived(dexes)


def every_client(model: Model) -> tuple[Client, ...]:
    """Subjects: every client of Dex."""
    return model.derived(clients)


def every_program(model: Model) -> tuple[Program, ...]:
    """Subjects: every program that logs people in."""
    return model.derived(programs)


def both(model: Model) -> Iterator[Client | Program]:
    """Subjects: the two sides of a login."""
    yield from model.derived(clients)
    yield from model.derived(programs)


# --- L01 and L02: addresses lead somewhere -------------------------------------------------------


def issuer_is_served(dex: Dex, model: Model) -> Iterator[Problem]:
    """L01."""
    if not dex.issuer:
        return
    place = dex.config.at("issuer")
    yield from (place.problem(line) for line in _address_problems(dex.issuer, model))
    routes = model.derived(Hosts).of(_host(dex.issuer))
    if routes and dex.namespace and all(r.document.namespace != dex.namespace for r in routes):
        where = ", ".join(sorted({route.document.namespace for route in routes}))
        yield place.problem(f"{dex.issuer} leads to the namespace {where}, not to {dex.namespace}")
    yield from issuer_is_found_inside(_host(dex.issuer), model)
    callback = f"{dex.issuer.rstrip('/')}/callback"
    for connector in dex.config.each("connectors"):
        redirect = connector.at("config", "redirectURI")
        if redirect.text() not in ("", callback) and "$" not in redirect.text():
            yield redirect.problem(f"Dex awaits the way back at {callback}, not {redirect.text()}")


def redirects_lead_somewhere(client: Client, model: Model) -> Iterator[Problem]:
    """L02."""
    for place in client.redirects:
        for line in _address_problems(place.text(), model):
            yield place.problem(f"client {client.id}: {line}")


def _address_problems(address: str, model: Model) -> Iterator[str]:
    parts, host = _parts(address), _host(address)
    if parts is None or parts.scheme not in {"http", "https"} or _is_inside(host) or "$" in address:
        return  # a program on somebody's own machine, or inside the cluster
    if parts.scheme == "http":
        yield f"{address} is not https: whoever listens takes over the login"
    hosts = model.derived(Hosts)
    if not hosts.of(host) and hosts.decides(host):
        yield f"no route leads to {host}{did_you_mean(host, hosts)}"


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _host(address: str) -> str:
    parts = _parts(address)
    return ((parts.hostname if parts else "") or "").lower()


def _is_inside(host: str) -> bool:
    return host in _LOCAL or "." not in host or host.endswith(_INSIDE)


# --- L03 and L04: who names whom ----------------------------------------------------------------


def program_is_known(program: Program, model: Model) -> Iterator[Problem]:
    """L03."""
    known = [dex for dex in model.derived(dexes) if dex.issuer]
    same = [dex for dex in known if dex.issuer == program.issuer]
    for id_ in program.ids if same else ():
        if (program.issuer, id_) not in model.derived(by_id) and same[0].clients:
            ids = ", ".join(client.id for client in same[0].clients)
            yield program.problem(f"{program.name} logs in as {id_!r}; Dex has: {ids}")
    near = [dex for dex in known if _is_meant(program.issuer, dex.issuer, model)]
    if near and not same:
        yield program.problem(
            f"{program.name} trusts {program.issuer}, and Dex calls itself {near[0].issuer}: "
            "the two are compared letter by letter"
        )


def _is_meant(given: str, issuer: str, model: Model) -> bool:
    """Whether an issuer's address is Dex's, written otherwise, and not another issuer's."""
    host, right = _host(given), _host(issuer)
    is_neighbour = host.partition(".")[2] == right.partition(".")[2]
    hosts = model.derived(Hosts)
    return host == right or (is_neighbour and hosts.decides(host) and not hosts.of(host))


def client_is_used(client: Client, model: Model) -> Iterator[Problem]:
    """L04."""
    hosts = model.derived(Hosts)
    served = any(hosts.of(_host(address)) for address in client.addresses)
    # In a part of a cluster, the program is here if its address is.
    if (
        client.id
        and (model.context.complete or served)
        and client.id not in model.derived(_ids_in_files)
    ):
        yield client.problem(f"nothing logs in as {client.id!r}")


_MENTION = re.compile(
    r"(?:client[_-]?id|audiences?)[\"'\s,]*(?:value[\"']?)?\s*[:=][\s\[\"'-]*([\w.-]+)",
    re.IGNORECASE,
)


def _ids_in_files(model: Model) -> frozenset[str]:
    """Whatever any file gives as a client's id, in whichever language it is written."""
    files = {each.file for each in (*model.documents, *model.node_files)}
    return frozenset(
        id_ for file in files for id_ in _MENTION.findall(file.content.decode(errors="replace"))
    )


# --- L05 and L06: secrets and ways back ---------------------------------------------------------


def secrets_are_the_same(side: Client | Program, model: Model) -> Iterator[Problem]:
    """L05."""
    if isinstance(side, Program):
        yield from _of_program(side, model)
    else:
        yield from _of_client(side, model)


def _of_program(program: Program, model: Model) -> Iterator[Problem]:
    client = _client_of(program, model)
    if client is None or program.secret is None:
        return
    secret = client.secret(model)
    if client.is_public:
        yield program.problem(f"{program.name} has a secret, and Dex knows {client.id} as public")
    elif secret is not None and secret != program.secret:
        yield program.problem(
            f"{program.name} shows Dex {program.secret.path}#{program.secret.key}, "
            f"and Dex expects {secret.path}#{secret.key}"
        )


def _of_client(client: Client, model: Model) -> Iterator[Problem]:
    given = client.text("secretEnv") or client.text("secret")
    if client.is_public:
        if given:
            yield client.problem(f"client {client.id} is public, and has a secret")
    elif not given:
        yield client.problem(f"client {client.id} is not public, and has no secret")
    elif client.variable and _knows_environment(client.dex, model):
        dex = client.dex
        if in_environment(model, dex.namespace, dex.environment, client.variable) is None:
            yield client.problem(f"no Secret gives Dex the variable {client.variable}")


def _knows_environment(dex: Dex, model: Model) -> bool:
    """Whether all that gives Dex its environment is in the set."""
    sources = [each for place in dex.environment for each in place.each("envFrom")]
    names = [each.text("secretRef", "name") for each in sources]
    return bool(names) and all(name and model.get("Secret", dex.namespace, name) for name in names)


def ways_back_are_the_same(side: Client | Program, model: Model) -> Iterator[Problem]:
    """L06."""
    if isinstance(side, Program):
        client = _client_of(side, model)
        addresses = client.addresses if client is not None else None
        for callback in side.callbacks:
            if addresses is not None and callback.text() not in addresses:
                yield callback.problem(
                    f"{side.name} awaits its users at {callback.text()}, and Dex sends nobody there"
                )
        return
    using = model.derived(_programs_of).get(id(side), [])
    if using and all(program.is_exact and program.callbacks for program in using):
        awaited = {callback.text() for program in using for callback in program.callbacks}
        for place in side.redirects:
            if place.text() not in awaited:
                yield place.problem(f"{using[0].name} awaits nobody at {place.text()}")


def _client_of(program: Program, model: Model) -> Client | None:
    first = program.ids[0] if program.ids else ""
    return model.derived(by_id).get((program.issuer, first))


def _programs_of(model: Model) -> Mapping[int, list[Program]]:
    found: dict[int, list[Program]] = defaultdict(list)
    for program in model.derived(programs):
        client = _client_of(program, model)
        if client is not None:
            found[id(client)].append(program)
    return found
